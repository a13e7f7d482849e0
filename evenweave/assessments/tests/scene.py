"""The scene of this room's tests: the cast, a cycle, the small tool, and an assessment as far as a test asks for."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from evenweave.access.enums import Shared
from evenweave.assessments.models import Assessment, AssessmentPlan
from evenweave.assessments.rules import Change
from evenweave.assessments.services import answering, planning, reviewing, submitting
from evenweave.assessments.tests.smalltool import data, small_tool
from evenweave.enrolment.models import Cycle, CycleStep
from evenweave.questionnaires.models import CompiledTool, ToolContent
from evenweave.questionnaires.rules import Tool, canonical_json, content_hash
from evenweave.toolkit import clock
from evenweave.toolkit.uuid7 import uuid7
from tests import builders
from tests.cast import Cast, introduce

PLANNED = datetime(2025, 11, 4, 2, 0, tzinfo=UTC)
ON_SITE = datetime(2025, 11, 18, 1, 30, tzinfo=UTC)  # a Tuesday, 08:30 in Phnom Penh
SUBMITTED = datetime(2025, 11, 19, 9, 0, tzinfo=UTC)
APPROVED = datetime(2025, 11, 24, 3, 0, tzinfo=UTC)  # a Monday
SECRET_DAY = date(2025, 11, 18)
WINDOW = (date(2025, 11, 10), date(2025, 11, 28))

COMPLETE = {
    ("FG-01", "answer"): 812, ("FG-02", "answer"): "no", ("CL-01", "answer"): "no", ("CL-02", "answer"): "yes",
    ("SH-01", "answer"): "no", ("SH-01", "explanation"): "Cartons stood at the east door.",
    ("SH-01", "finding"): ["1", "6", "floor 2"], ("SH-01", "seriousness"): "major",
    ("SH-01", "note"): "The guard asked us to say nothing.",
    ("SH-02", "answer"): "yes",
}


def a_small_tool(version: str = "t.1", *, in_force_from: date = date(2024, 3, 1), **more) -> CompiledTool:
    canonical = canonical_json(data(version=version, **more))
    ToolContent.objects.get_or_create(pk=content_hash(canonical), defaults={"canonical": canonical})
    return CompiledTool.objects.create(
        key="small", programme="KH", version=version, content_hash=content_hash(canonical),
        in_force_from=in_force_from,
    )


@dataclass
class Scene:
    """`assessment` is fresh from the database at every look."""

    cast: Cast
    cycle: Cycle
    tool_row: CompiledTool
    ref: str = ""

    @property
    def assessment(self) -> Assessment:
        return Assessment.objects.get(ref=self.ref)

    @property
    def plan(self) -> AssessmentPlan:
        return AssessmentPlan.objects.get(assessment__ref=self.ref)

    @property
    def tool(self) -> Tool:
        return small_tool()

    def planned(self) -> "Scene":
        with clock.at(PLANNED):
            made = planning.plan_assessment(
                cycle_ref=self.cycle.ref, window_from=WINDOW[0], window_until=WINDOW[1],
                by=self.cast.programme_manager,
            )
        self.ref = made.ref
        return self

    def assigned(self) -> "Scene":
        self.planned()
        with clock.at(PLANNED):
            planning.assign_assessment(
                ref=self.ref, day_on=SECRET_DAY, assessors=[self.cast.assessor, self.cast.second_assessor],
                reviewer=self.cast.reviewer, by=self.cast.team_leader,
            )
        return self

    def started(self) -> "Scene":
        self.assigned()
        with clock.at(ON_SITE):
            answering.start(ref=self.ref, by=self.cast.assessor)
        return self

    def answered(self, **more) -> "Scene":
        self.started()
        self.say(COMPLETE | more)
        return self

    def submitted(self) -> "Scene":
        self.answered()
        with clock.at(SUBMITTED):
            submitting.submit(ref=self.ref, by=self.cast.assessor)
        return self

    def approved(self) -> "Scene":
        self.submitted()
        with clock.at(APPROVED):
            reviewing.approve(ref=self.ref, by=self.cast.reviewer)
        return self

    def say(self, values: dict, *, by=None, based_on: tuple[UUID, ...] = ()) -> list[Change]:
        with clock.at(ON_SITE):
            changes = [a_change(*place, value, *based_on) for place, value in values.items()]
            answering.record_changes(ref=self.ref, changes=changes, by=by or self.cast.assessor)
        return changes


def a_change(question_id: str, field: str, value, *based_on: UUID, at: datetime = ON_SITE) -> Change:
    return Change(uuid7(at), question_id, field, value, frozenset(based_on), at)


def a_scene() -> Scene:
    cast = introduce()
    cycle = builders.a_cycle(cast.factory, service_model="2021")
    for order, key in enumerate(("assessment", "draft", "reply"), start=1):
        CycleStep.objects.create(cycle=cycle, key=key, order=order, owner="programme", sharing=Shared.STAFF)
    return Scene(cast, cycle, a_small_tool())


@contextmanager
def on_site():
    with clock.at(ON_SITE):
        yield
