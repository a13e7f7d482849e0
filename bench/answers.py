"""Saving one answer among few and many assessments, and opening an assessment with few and many questions.

Both are asked for as a browser asks: through the whole stack of middleware, permission, view and template."""

import os
import statistics
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime

from bench.registry import TIMES, Row, benchmark, median, milliseconds

SIZES = (50, 500, 5000)
QUESTIONS, FEW = 280, 28
ANSWERS_OF_OTHERS = QUESTIONS // 4
SAVES = 40
ANSWER = "question_id, field, heads, value, is_conflict, changed_at, changed_by_id"
CHANGE = "question_id, field, value, author_id, device, made_at, received_at"
MOMENT = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)


@benchmark("save one answer")
def save_one_answer() -> Iterator[Row]:
    """The p50 of one save, each on disk before the answer. Limit: one row written in a transaction of its own."""
    site = _Site(QUESTIONS)
    figures: dict[int, float] = {}
    for size in SIZES:
        site.fill_up_to(size)
        figures[size] = median(site.p50_of_saves, TIMES)
        yield Row("save one answer, p50", f"{size} assessments", figures[size], "ms", bar=15, limit=site.bare_write())
    least, most = figures[SIZES[0]], figures[SIZES[-1]]
    yield Row(
        "save one answer, growth", f"{SIZES[0]} to {SIZES[-1]} assessments", most / least, "times", bar=1.3,
        is_within=most / least <= 1.3 or most - least <= 1,
    )


@benchmark("open an assessment")
def open_an_assessment() -> Iterator[Row]:
    """The page of tasks and the page of one question, everything answered."""
    counts: dict[tuple[str, int], int] = {}
    for questions in (FEW, QUESTIONS):
        site = _Site(questions)
        for page, url in site.pages().items():
            site.open(url)
            taken = median(lambda url=url, site=site: milliseconds(lambda: site.open(url)), TIMES)
            counts[page, questions] = site.queries(url)
            yield Row(f"open {page}", f"{questions} questions", taken, "ms", bar=120)
    for page in site.pages():
        few = counts[page, FEW]
        yield Row(f"open {page}, queries", f"{QUESTIONS} questions", counts[page, QUESTIONS], "queries", bar=few,
                  limit=few)


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenweave.config.settings")
    django.setup()


class _Site:
    """A factory under assessment, an assessor who is signed in, and as many other assessments as wanted."""

    def __init__(self, questions: int) -> None:
        _set_up()
        from django.test import Client

        from evenweave.assessments.tests.scene import a_small_tool
        from evenweave.assessments.tests.smalltool import many
        from tests import builders

        self.tool = a_small_tool(f"bench.{questions}", rows=many(questions), in_force_from=date(2024, 1, 1))
        self.ids = [row["id"] for row in many(questions)]
        self.planner = builders.a_person("Planner", uuid.uuid4().hex)
        self.assessor = builders.a_person("Assessor", uuid.uuid4().hex)
        self.assessment = self._an_assessment()
        self._answer_everything()
        self.client = Client(SERVER_NAME="localhost", headers={"HX-Request": "true"})
        self.client.force_login(self.assessor)
        self.turn = 0

    def _an_assessment(self):
        from tests import builders

        cycle = builders.a_cycle(builders.a_factory(f"Factory {uuid.uuid4().hex[:8]}"), service_model="2021")
        return builders.an_assessment(
            cycle, tool=self.tool, planner=self.planner, assessors=(self.assessor,), state="in_progress"
        )

    def _answer_everything(self) -> None:
        from evenweave.assessments.rules import Change
        from evenweave.assessments.services.answering import record_changes
        from evenweave.toolkit.uuid7 import uuid7

        changes = [Change(uuid7(MOMENT), one, "answer", "yes", frozenset(), MOMENT) for one in self.ids]
        record_changes(ref=self.assessment.ref, changes=changes, by=self.assessor)

    def fill_up_to(self, size: int) -> None:
        """Other factories under assessment with a quarter of their answers, made in a few statements."""
        from django.db import connection, transaction

        from evenweave.assessments.models import Assessment

        first = Assessment.objects.order_by("-pk").values_list("pk", flat=True)[0]
        made_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
        with transaction.atomic(), connection.cursor() as cursor:
            self._others(size - Assessment.objects.count())
            for table, columns, values in (
                ("currentanswer", ANSWER, ANSWER), ("answerchange", f"id, {CHANGE}", f"{made_id}, {CHANGE}")
            ):
                # Names of our own tables and columns, nothing from outside.
                cursor.execute(
                    f"INSERT INTO assessments_{table} (assessment_id, {columns})"
                    f" SELECT other.pk, {values} FROM assessments_{table} said,"
                    " (SELECT id AS pk FROM assessments_assessment WHERE id > %s) other"
                    " WHERE said.assessment_id = %s AND said.question_id <= %s",
                    [first, self.assessment.pk, self.ids[ANSWERS_OF_OTHERS - 1]],
                )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # filling up is not what is measured

    def _others(self, count: int) -> None:
        from evenweave.assessments.models import Assessment
        from evenweave.enrolment.models import Cycle
        from evenweave.organisations.models import Factory

        factories = Factory.objects.bulk_create(
            Factory(name=f"Factory {number}", programme="KH", country="KH", is_invented=True) for number in range(count)
        )
        cycles = Cycle.objects.bulk_create(
            Cycle(factory=factory, programme="KH", number=1, sector="apparel", package="assessment_and_advisory",
                  service_model="2021", starts_on=date(2025, 11, 3), ends_on=date(2026, 11, 2))
            for factory in factories
        )
        Assessment.objects.bulk_create(
            Assessment(factory=cycle.factory, cycle=cycle, programme="KH", tool=self.tool, state="in_progress")
            for cycle in cycles
        )

    def p50_of_saves(self) -> float:
        return statistics.median(milliseconds(self._save) for _ in range(SAVES))

    def _save(self) -> None:
        """The next answer of the next question, on top of what is there: one field of one form."""
        from django.urls import reverse

        self.turn += 1
        question_id = self.ids[self.turn % len(self.ids)]
        answer = ("yes", "not_applicable")[self.turn // len(self.ids) % 2 == 0]
        response = self.client.post(
            reverse("question", args=[self.assessment.ref, question_id]),
            {"answer": answer, "base_answer": self._head(question_id), "id_answer": str(uuid.uuid4())},
        )
        if response.status_code != 200:
            raise RuntimeError(f"the save answered {response.status_code}")
        self.heads[question_id] = response.content.decode().partition('name="base_answer" value="')[2][:36]

    def _head(self, question_id: str) -> str:
        if not hasattr(self, "heads"):
            from evenweave.assessments.models import CurrentAnswer

            rows = CurrentAnswer.objects.filter(assessment=self.assessment, field="answer")
            self.heads = {one: heads[0] for one, heads in rows.values_list("question_id", "heads")}
        return self.heads[question_id]

    def bare_write(self) -> float:
        """One row in a transaction of its own, on disk."""
        from evenweave.activity.models import ChainHead

        return statistics.median(
            milliseconds(lambda: ChainHead.objects.create(chain=uuid.uuid4().hex, hash="0")) for _ in range(SAVES)
        )

    def pages(self) -> dict[str, str]:
        from django.urls import reverse

        return {
            "the tasks of an assessment": reverse("assessment", args=[self.assessment.ref]),
            "one question": reverse("question", args=[self.assessment.ref, self.ids[-1]]),
        }

    def open(self, url: str) -> None:
        if self.client.get(url).status_code != 200:
            raise RuntimeError(f"{url} could not be opened")

    def queries(self, url: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            self.open(url)
        return len(queries)
