"""After both sides have given theirs: what they agree on, and handing in."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from evenweave.access.enums import Action
from evenweave.activity.services import label_of, step
from evenweave.activity.steps import Step
from evenweave.assessments.enums import Field
from evenweave.assessments.rules import Value, blanks_in
from evenweave.assessments.services.recording import checked_value
from evenweave.enrolment.services import finish_step
from evenweave.improvement.enums import ItemOrigin, Side
from evenweave.improvement.services import Admitted, adopt_admitted
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.questionnaires.enums import Answer
from evenweave.questionnaires.rules import is_answered
from evenweave.selfassessments import rules
from evenweave.selfassessments.enums import Match, SelfState
from evenweave.selfassessments.models import Proposal, SelfAssessment
from evenweave.selfassessments.queries import STEP_KEY, demands_of, profile_lacks, side_of, today_of
from evenweave.selfassessments.queries.comparing import Comparison, Pair, comparison_for
from evenweave.selfassessments.services.opening import record
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

MOST_LETTERS = 4000


class Incomplete(Refused):
    """It cannot be handed in yet: `answers` more are needed from both sides, `profile` fields are empty."""

    def __init__(self, answers: int, profile: list[tuple[str, str]]) -> None:
        super().__init__(_("The self-assessment is not complete yet. What is missing stands below."))
        self.answers, self.profile = answers, profile


def propose(*, ref: str, question_id: str, answer: Value, text: str, by: Person) -> Proposal:
    """The person's side proposes an answer as the whole factory's. Proposing what the other side has proposed agrees
    to it; anything else waits for the other side. What the sides said before stays beside it."""
    with step() as log:
        found, side = _compared(ref, by)
        pair = _pair(comparison_for(by, found), question_id)
        value = checked_value(pair.question, Field.ANSWER, answer)
        if not is_answered(pair.question, value):
            raise Refused(_("Choose the answer you propose."), field="answer")
        if len(text) > MOST_LETTERS:
            raise Refused(_("The text is longer than %(count)s letters. Shorten it.") % {"count": MOST_LETTERS},
                          field="text")
        if pair.waits and pair.proposal.side != side and str(pair.proposal.answer) == str(value):
            return _agreed(log, found, pair.proposal, by)
        made = Proposal.objects.create(
            self_assessment=found, question_id=question_id, answer=value, text=text.strip(), language=by.language,
            side=side, by=by,
        )
        notify("self_assessment.proposed", about=found, except_for=by)
    return made


def agree(*, ref: str, question_id: str, by: Person) -> Proposal:
    """The other side agrees with the newest proposal: from now on it is the factory's answer."""
    with step() as log:
        found, side = _compared(ref, by)
        pair = _pair(comparison_for(by, found), question_id)
        if not pair.waits:
            raise Refused(_("Nothing is proposed here that waits for an answer."))
        if pair.proposal.side == side:
            raise Refused(_("Your own side proposed this. The other side has to agree."))
        return _agreed(log, found, pair.proposal, by)


def _agreed(log, found: SelfAssessment, proposal: Proposal, by: Person) -> Proposal:
    proposal.agreed_by, proposal.agreed_at = by, clock.now()
    proposal.save(update_fields=["agreed_by", "agreed_at"])
    record(log, Step.SELF_ASSESSMENT_SETTLED, found, by, question=proposal.question_id)
    return proposal


def _compared(ref: str, by: Person) -> tuple[SelfAssessment, Side]:
    found = SelfAssessment.objects.select_related("cycle__factory").one_for(by, Action.SELF_ASSESSMENT_ANSWER, ref=ref)
    side = side_of(by, found.cycle.factory)
    if side is None:
        raise Refused(_("You stand on neither side of this factory, so you cannot speak for one."))
    if found.state == SelfState.OPEN:
        raise Refused(_("Both sides give their answers first."))
    if found.state == SelfState.HANDED_IN:
        raise Refused(_("The self-assessment was handed in and stays as it is."))
    return found, side


def _pair(comparison: Comparison, question_id: str) -> Pair:
    pair = comparison.pair(question_id)
    if pair is None:
        raise Refused(_("This self-assessment does not ask %(id)s.") % {"id": question_id})
    return pair


def lacking(found: SelfAssessment, comparison: Comparison) -> tuple[int, list[tuple[str, str]]]:
    """How many answers of both sides are missing, and which fields of the profile, by the cycle's service model."""
    demands = demands_of(found.cycle)
    answered = sum(row.is_answered for row in comparison.rows)
    answers = rules.still_needed(len(comparison.rows), answered, demands.answered_share)
    return answers, profile_lacks(found.cycle.factory) if demands.needs_whole_profile else []


def hand_in(*, ref: str, by: Person) -> SelfAssessment:
    """The factory's own word, complete. The coach and the programme are told, the cycle's step is done, and what both
    sides admit enters the plan as found by the factory, each issue once. Raises Incomplete."""
    with step() as log:
        found, _side = _compared(ref, by)
        comparison = comparison_for(by, found, by.language)
        answers, profile = lacking(found, comparison)
        if answers or profile:
            raise Incomplete(answers, profile)
        found.state, found.handed_in_by, found.handed_in_at = SelfState.HANDED_IN, by, clock.now()
        found.save(update_fields=["state", "handed_in_by", "handed_in_at"])
        items = adopt_admitted(
            factory_ref=found.cycle.factory.ref, tool=found.tool, origin=ItemOrigin.SELF_ASSESSMENT,
            origin_label=label_of(found), by=by,
            admitted=[Admitted(pair.question.id, title_of(pair, by.language)) for pair in comparison.admitted],
        )
        finish_step(cycle=found.cycle, step_key=STEP_KEY, on=today_of(found))
        record(
            log, Step.SELF_ASSESSMENT_HANDED_IN, found, by, items=[item.ref for item in items],
            open_differences=comparison.count(Match.DIFFERS),
        )
        notify("self_assessment.handed_in", about=found, except_for=by)
    return found


def title_of(pair: Pair, language: str) -> str:
    """What the plan calls an admitted issue: the finding's sentence, or, where that has blanks that only an assessor
    fills, the question with the factory's answer."""
    sentence = pair.question.finding(language)
    if sentence and not blanks_in(sentence):
        return sentence
    with override(language):
        said = _("Yes") if pair.compared.answer == Answer.YES else _("No")
    return f"{pair.question.text(language)} {said}."
