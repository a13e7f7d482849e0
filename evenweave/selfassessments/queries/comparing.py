"""Both sides beside each other, once both have given theirs; and how near they came to the assessment after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from evenweave.access.enums import Action
from evenweave.assessments.enums import AssessmentState, Field
from evenweave.assessments.models import Assessment, Finding
from evenweave.assessments.queries import states_of as assessment_states
from evenweave.assessments.queries.sheet import facts_title
from evenweave.assessments.rules import answers_in
from evenweave.improvement.enums import Side
from evenweave.improvement.models import PlanItem
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.questionnaires.enums import FACTS
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, Tool, visible_questions
from evenweave.questionnaires.rules.answering import outcome
from evenweave.selfassessments import rules
from evenweave.selfassessments.enums import Match
from evenweave.selfassessments.models import Proposal, SelfAssessment, SideSheet
from evenweave.selfassessments.queries import both_sheets
from evenweave.selfassessments.queries.sheets import answers_of, states_of
from evenweave.selfassessments.rules import Accuracy, Compared, Weighed


@dataclass(frozen=True)
class Pair:
    """One question with both sides' answers and words, and the newest proposal."""

    compared: Compared
    words: Mapping[Side, str] = field(default_factory=dict)
    proposal: Proposal | None = None

    @property
    def question(self) -> Question:
        return self.compared.question

    @property
    def waits(self) -> bool:
        """A side has proposed an answer and the other has not agreed yet."""
        return self.proposal is not None and self.proposal.agreed_at is None

    @property
    def is_to_discuss(self) -> bool:
        """The two sides should talk about it: they differ, or the tool says it is the committee's."""
        return self.compared.match in (Match.DIFFERS, Match.ONE_SIDE) or self.question.is_for_committee


@dataclass(frozen=True)
class Comparison:
    found: SelfAssessment
    tool: Tool
    pairs: Sequence[Pair]
    titles: Mapping[str, str]

    @property
    def rows(self) -> list[Compared]:
        return [pair.compared for pair in self.pairs]

    @property
    def admitted(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.compared.is_admitted]

    def count(self, *matches: Match) -> int:
        return sum(row.match in matches for row in self.rows)

    def pair(self, question_id: str) -> Pair | None:
        return next((pair for pair in self.pairs if pair.question.id == question_id), None)


def comparison_for(person: Person, found: SelfAssessment, language: str = "en") -> Comparison:
    """Http404 before both sides have given theirs."""
    return comparison_of(found, both_sheets(person, found), language)


def comparison_of(found: SelfAssessment, sheets: Mapping[Side, SideSheet], language: str = "en") -> Comparison:
    """A fixed number of queries, however many questions."""
    tool = compiled(found.tool_id)
    states = {side: states_of(sheet) for side, sheet in sheets.items()}
    newest = newest_proposals(found)
    settled = {key: one.answer for key, one in newest.items() if one.agreed_at is not None}
    rows = rules.beside(tool, answers_of(states[Side.MANAGEMENT]), answers_of(states[Side.WORKERS]), settled)
    pairs = [
        Pair(
            row,
            {
                side: said.value for side, known in states.items()
                if (said := known.get((row.question.id, Field.EXPLANATION))) and said.value
            },
            newest.get(row.question.id),
        )
        for row in rows
    ]
    titles = {FACTS: facts_title()} | {cluster.key: cluster.title(language) for cluster in tool.clusters}
    return Comparison(found, tool, pairs, titles)


def newest_proposals(found: SelfAssessment) -> dict[str, Proposal]:
    rows = Proposal.objects.filter(self_assessment=found).select_related("by", "agreed_by").order_by("at", "pk")
    return {row.question_id: row for row in rows}


def open_items_by_root(found: SelfAssessment) -> dict[str, PlanItem]:
    """The factory's plan items by the lineage of their question."""
    items = PlanItem.objects.filter(plan__factory=found.cycle.factory_id, withdrawn_at=None).exclude(lineage_root="")
    return {item.lineage_root: item for item in items}


@dataclass(frozen=True)
class AccuracyNow:
    """How near the self-assessment came to the assessment released after it."""

    released_on: date
    total: Accuracy
    clusters: Sequence[Accuracy]
    titles: Mapping[str, str]


def assessment_after(person: Person, found: SelfAssessment) -> Assessment | None:
    """The first assessment that began after the self-assessment was handed in and whose report is released. Until its
    release nothing here tells that there is one."""
    if found.handed_in_at is None:
        return None
    day = local_today(found.cycle.programme, found.handed_in_at)
    later = Assessment.objects.permitted(person, Action.ASSESSMENT_VIEW).filter(
        factory=found.cycle.factory_id, state=AssessmentState.RELEASED, started_on__gt=day
    )
    return later.order_by("released_at", "pk").first()


def accuracy_for(person: Person, found: SelfAssessment, language: str = "en") -> AccuracyNow | None:
    """None while no later assessment is released, or the person may not read it. Findings that an amendment took back
    count as none."""
    after = assessment_after(person, found)
    if after is None:
        return None
    compared = {row.question.id: row for row in comparison_for(person, found, language).rows}
    own, then = compiled(found.tool_id), compiled(after.tool_id)
    answers = answers_in(assessment_states(after))
    withdrawn = set(
        Finding.objects.filter(assessment=after, withdrawal__isnull=False).values_list("question_id", flat=True)
    )
    rows = []
    for question in visible_questions(then, answers, after.extent):
        what = outcome(question, answers.get(question.id))
        olds = [
            compared[old.id] for root in question.roots for old in own.questions_from(root) if old.id in compared
        ]
        if what is not None and olds and question.id not in withdrawn:
            rows.append(Weighed(
                question.cluster, what,
                factory=rules.worst(outcome(old.question, old.answer) for old in olds),
                management=rules.worst(outcome(old.question, old.management) for old in olds),
                workers=rules.worst(outcome(old.question, old.workers) for old in olds),
            ))
    total, clusters = rules.accuracy(rows)
    return AccuracyNow(
        local_today(after.programme, after.released_at), total, clusters,
        {cluster.key: cluster.title(language) for cluster in then.clusters},
    )
