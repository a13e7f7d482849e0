"""The scene of this room's tests: an assessment with its replies in, and what comes after its release."""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from evenweave.assessments.enums import Position
from evenweave.assessments.models import Assessment
from evenweave.assessments.services import replying
from evenweave.assessments.tests.scene import APPROVED, Scene, a_small_tool
from evenweave.reports.models import Report
from evenweave.reports.services.releasing import release_report
from evenweave.toolkit import clock
from tests import builders
from tests.cast import Cast, introduce

REPLIED = APPROVED + timedelta(days=2)
RELEASED = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)  # 10:00 in Phnom Penh
RELEASED_ON = date(2025, 12, 1)
NOTE = "The guard asked us to say nothing."  # a private note of the assessors in the scene's answers


@dataclass
class Released:
    scene: Scene
    report: Report

    @property
    def cast(self) -> Cast:
        return self.scene.cast

    @property
    def facts(self) -> dict:
        return json.loads(self.report.facts)

    @property
    def assessment(self) -> Assessment:
        return self.scene.assessment


def a_replied_scene() -> Scene:
    """Mekong Stitch's first assessment: finding SH-01, answered by the factory; Nordlys has paid for the cycle."""
    return replied(an_empty_scene())


def replied(scene: Scene) -> Scene:
    scene.approved()
    with clock.at(REPLIED):
        replying.reply(
            ref=scene.ref, question_id="SH-01", position=Position.PARTLY, text="The cartons were moved at noon.",
            language="en", by=scene.cast.manager,
        )
        replying.close_replies(ref=scene.ref, by=scene.cast.manager)
    return scene


def an_empty_scene(*, number: int = 1, **tool) -> Scene:
    """A cycle with its tool (`tool`: rows of questions, see a_small_tool); nothing assessed yet."""
    cast = introduce()
    cycle = builders.a_cycle(cast.factory, number, service_model="2021")
    builders.consented(cast.nordlys, cast.factory)
    builders.paid(cast.nordlys, cycle)
    builders.consented(cast.costa, cast.factory)
    return Scene(cast, cycle, a_small_tool(**tool))


def a_released_scene() -> Released:
    return released_from(a_replied_scene())


def released_from(scene: Scene) -> Released:
    with clock.at(RELEASED):
        report = release_report(assessment_ref=scene.ref, by=scene.cast.programme_manager)
    return Released(scene, report)


@contextmanager
def after_release(days: int = 0):
    with clock.at(RELEASED + timedelta(days=days)):
        yield
