"""A factory with both sides, the small tool, and a self-assessment as far as a test asks for.

Management is asked six questions (FG-01, FG-02, CL-01, CL-02, SH-01, SH-02; SH-03 where FG-02 says there is a
dormitory), the workers five of them: FG-01 is a figure of the office. SH-02 is one to discuss together."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.assessments.services.ledger import Said
from evenweave.assessments.tests import smalltool
from evenweave.assessments.tests.scene import a_small_tool
from evenweave.enrolment.models import Cycle, CycleStep
from evenweave.organisations.models import Factory, FactoryContact
from evenweave.people.models import Person
from evenweave.selfassessments import services
from evenweave.selfassessments.models import SelfAssessment, SideAnswer
from evenweave.selfassessments.queries import PROFILE_FIELDS
from evenweave.toolkit import clock
from evenweave.toolkit.uuid7 import uuid7
from tests import builders
from tests.cast import Cast

OPENED = datetime(2025, 11, 6, 2, 0, tzinfo=UTC)
HANDED_IN = datetime(2025, 11, 12, 2, 0, tzinfo=UTC)

# What each side says. They agree that drills are not held and that ages are not checked, and differ on the exits.
MANAGEMENT = {"FG-01": 812, "FG-02": "no", "CL-01": "no", "CL-02": "no", "SH-01": "yes", "SH-02": "no"}
WORKERS = {"FG-02": "no", "CL-01": "no", "CL-02": "no", "SH-01": "no", "SH-02": "no"}
SECRET_WORDS = "The east door was chained on Monday."


def rows() -> list[dict]:
    questions = smalltool.questions()
    for row in questions:
        if row["id"] == "SH-02":
            row["tags"] = ["committee"]
    return questions


@dataclass
class Scene:
    cast: Cast
    cycle: Cycle
    colleague: Person
    ref: str = ""

    @property
    def found(self) -> SelfAssessment:
        return SelfAssessment.objects.select_related("cycle__factory").get(ref=self.ref)

    def opened(self) -> "Scene":
        with clock.at(OPENED):
            self.ref = services.open_self_assessment(factory_ref=self.cast.factory.ref, by=self.cast.manager).ref
            services.begin(ref=self.ref, by=self.cast.manager)
            services.begin(ref=self.ref, by=self.cast.worker)
        return self

    def say(self, by: Person, answers: dict, words: dict | None = None) -> None:
        with clock.at(OPENED):
            for question_id, value in answers.items():
                said = {"answer": fresh(value)}
                if words and question_id in words:
                    said["explanation"] = fresh(words[question_id])
                services.answer(ref=self.ref, question_id=question_id, said=said, by=by)

    def given_by_workers(self) -> "Scene":
        self.say(self.cast.worker, WORKERS, {"SH-01": SECRET_WORDS})
        with clock.at(OPENED):
            services.give(ref=self.ref, by=self.cast.worker)
        return self

    def given_by_management(self) -> "Scene":
        self.say(self.cast.manager, MANAGEMENT)
        with clock.at(OPENED):
            services.give(ref=self.ref, by=self.cast.manager)
        return self

    def compared(self) -> "Scene":
        return self.opened().given_by_workers().given_by_management()

    def with_profile(self) -> "Scene":
        a_whole_profile(self.cast.factory)
        return self

    def handed_in(self) -> "Scene":
        self.compared().with_profile()
        with clock.at(HANDED_IN):
            services.hand_in(ref=self.ref, by=self.cast.manager)
        return self

    def answer_of(self, side: str, question_id: str, name: str = "answer") -> SideAnswer:
        return SideAnswer.objects.get(
            sheet__self_assessment__ref=self.ref, sheet__side=side, question_id=question_id, field=name
        )


def a_whole_profile(factory: Factory) -> None:
    """Everything a profile needs; what is known already stays."""
    numbers = {"workers_total": 812, "workers_female": 650, "workers_male": 162, "year_operations_began": 2009}
    for name in PROFILE_FIELDS:
        if getattr(factory, name) in (None, ""):
            setattr(factory, name, numbers.get(name, "gate@example.org" if name == "email" else "Known"))
    factory.save()
    FactoryContact.objects.create(factory=factory, name="Sok")


def fresh(value) -> Said:
    """What a form says that showed an empty field."""
    return Said(uuid7(), value, frozenset())


def a_scene(cast: Cast) -> Scene:
    cycle = builders.a_cycle(cast.factory, service_model="2021")
    CycleStep.objects.create(
        cycle=cycle, key="self_assessment", order=1, owner="factory", due_on=date(2025, 12, 1), sharing=20
    )
    a_small_tool(rows=rows())
    colleague = builders.a_person("Pich Rotha")
    Standing.objects.create(
        holder=colleague, role=Role.MANAGEMENT_REPRESENTATIVE, factory=cast.factory, starts_at=builders.LONG_AGO
    )
    return Scene(cast, cycle, colleague)
