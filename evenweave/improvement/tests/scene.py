"""A factory in its cycle with a released assessment and two tool versions, for the tests of this room.

The first tool asks EX-1 (public), EX-2, EX-3, EX-4. In the second, EX-12 takes over from EX-1 and EX-2 (merged),
EX-3A and EX-3B come from EX-3 (split; EX-3A is public), EX-4 stays and EX-5 is new."""

from datetime import UTC, date, datetime

from evenweave.access.enums import Shared
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.models import Assessment, Finding
from evenweave.assessments.tests import smalltool
from evenweave.improvement.models import PlanItem
from evenweave.improvement.services import adopt_findings
from evenweave.questionnaires.models import CompiledTool, ToolContent
from evenweave.questionnaires.rules import canonical_json, content_hash
from evenweave.toolkit.uuid7 import uuid7
from tests import builders
from tests.cast import Cast

FIRST_DAY = datetime(2026, 2, 2, 8, tzinfo=UTC)
SECOND_YEAR = datetime(2027, 2, 1, 8, tzinfo=UTC)

FIRST = {"EX-1": ["EX-1"], "EX-2": ["EX-2"], "EX-3": ["EX-3"], "EX-4": ["EX-4"]}
SECOND = {
    "EX-12": ["EX-1", "EX-2"], "EX-3A": ["EX-3"], "EX-3B": ["EX-3"], "EX-4": ["EX-4"], "EX-5": ["EX-5"],
}
PUBLIC = {"EX-1", "EX-3A"}


def a_tool(version: str, roots: dict[str, list[str]]) -> CompiledTool:
    rows = [
        smalltool._question(
            qid, "osh", "emergency-preparedness", smalltool._text(f"Is {qid} well?", f"{qid} is not well."),
            roots=origin, tags=["public"] if qid in PUBLIC else [],
        )
        for qid, origin in roots.items()
    ]
    canonical = canonical_json(smalltool.data(rows=rows, version=version))
    content = ToolContent.objects.create(pk=content_hash(canonical), canonical=canonical)
    return CompiledTool.objects.create(
        key="small", programme="KH", version=version, content_hash=content.pk,
        in_force_from=date(2024, 1, 1) if roots is FIRST else date(2026, 6, 1),
    )


def tools() -> tuple[CompiledTool, CompiledTool]:
    return a_tool("t.1", FIRST), a_tool("t.2", SECOND)


def released(cast: Cast, cycle, tool: CompiledTool) -> Assessment:
    return builders.an_assessment(
        cycle, tool=tool, planner=cast.programme_manager, state=AssessmentState.RELEASED, sharing=Shared.BUYERS
    )


def a_finding(
    assessment: Assessment, question_id: str, roots: dict[str, list[str]], at: datetime = FIRST_DAY
) -> Finding:
    return Finding.objects.create(
        assessment=assessment, factory=assessment.factory, cycle=assessment.cycle, programme="KH",
        tool=assessment.tool, question_id=question_id, lineage_root=roots[question_id][0], cluster="osh",
        point="emergency-preparedness", change_id=uuid7(), text=f"{question_id} is not well.", language="en",
        is_public=question_id in PUBLIC, made_at=at,
    )


def adopted(
    cast: Cast, assessment: Assessment, *question_ids: str, roots=None, at: datetime = FIRST_DAY
) -> list[PlanItem]:
    findings = [a_finding(assessment, qid, roots or FIRST, at) for qid in question_ids]
    return adopt_findings(assessment=assessment, findings=findings, at=at, by=cast.programme_manager)
