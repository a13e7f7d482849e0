"""Words, icons and colours that several pages share."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evenweave.assessments.enums import AssessmentState, Lack, Mode, Position, Seriousness, TaskStatus
from evenweave.assessments.models import Assessment
from evenweave.assessments.queries import Asked, LastAnswer
from evenweave.programmes.queries import programme_zone, rules_on
from evenweave.questionnaires.enums import Answer
from evenweave.questionnaires.rules import Question, is_noncompliant
from evenweave.toolkit.components.marks import spoken
from evenweave.toolkit.parts import Knot, Tag

STATUS_FAMILIES = {
    TaskStatus.NOT_STARTED: "none",
    TaskStatus.IN_PROGRESS: "doing",
    TaskStatus.NEEDS_EVIDENCE: "waiting",
    TaskStatus.DONE: "good",
}
STATE_FAMILIES = {
    AssessmentState.PLANNED: "none",
    AssessmentState.IN_PROGRESS: "doing",
    AssessmentState.IN_REVIEW: "doing",
    AssessmentState.RETURNED: "waiting",
    AssessmentState.WITH_FACTORY: "waiting",
    AssessmentState.REPLIED: "doing",
    AssessmentState.RELEASED: "good",
}
POSITION_FAMILIES = {Position.AGREES: "good", Position.PARTLY: "waiting", Position.DISAGREES: "wrong"}


def reading_language() -> str:
    return (get_language() or "en").partition("-")[0]


def question_words(question: Question, *, is_marked: bool = True) -> SafeString:
    """The question as this page shows it: its language said, and a draft translation marked."""
    language = reading_language()
    is_draft = is_marked and question.is_draft(language)
    return spoken(question.text(language), question.language_of_text(language), is_draft)


def finding_words(text: str, question: Question, language: str) -> SafeString:
    """A finding's filled sentence in its language, marked when that is a draft translation."""
    return spoken(text, language, question.is_draft(language))


def status_tag_of(status: TaskStatus) -> Tag:
    return Tag(STATUS_FAMILIES[TaskStatus(status)], str(TaskStatus(status).label))


def state_tag_of(assessment: Assessment) -> Tag:
    state = AssessmentState(assessment.state)
    return Tag(STATE_FAMILIES[state], str(state.label))


def secret_tag() -> Tag:
    return Tag("audience", _("Hidden from factory and buyers"), "lock")


def position_tag(position: str) -> Tag:
    return Tag(POSITION_FAMILIES[Position(position)], str(Position(position).label))


def answer_words() -> dict[str, tuple[str, str]]:
    """Answer → its word and icon."""
    return {
        Answer.YES: (_("Yes"), "check"),
        Answer.NO: (_("No"), "x"),
        Answer.NOT_APPLICABLE: (_("Does not apply"), "minus"),
        Answer.UNABLE: (_("Could not check"), "circle"),
    }


def choices_for(question: Question) -> list[tuple[str, str, str]]:
    """The buttons under a question; none when it asks for a number or words."""
    known = answer_words()
    if question.is_scored:
        return [(value.value, *known[value]) for value in Answer]
    return [(value.value, *known[value]) for value in (Answer.YES, Answer.NO)] if question.answer == "yes_no" else []


def answer_word(question: Question, value: object) -> str:
    """The answer as people read it; empty when there is none."""
    if value is None:
        return ""
    if value in list(Answer) and (question.is_scored or question.answer == "yes_no"):
        return answer_words()[Answer(value)][0]
    return f"{value} {question.unit}".strip()


def answer_tag(question: Question, value: object) -> Tag | None:
    if value is None:
        return None
    if is_noncompliant(question, value):
        return Tag("wrong", answer_word(question, value))
    return Tag("none", answer_word(question, value), answer_words().get(value, ("", "check"))[1])


def last_line(last: LastAnswer | None) -> str:
    """ "Last year: No, 1 of 6 exits on floor 2 …" """
    if last is None:
        return ""
    said = answer_word(last.question, last.answer)
    if last.was_withdrawn:
        return _("Last time (%(year)s): %(said)s; the finding was taken back later.") % {
            "year": last.released_on.year, "said": said
        }
    said = f"{said}. {last.text}" if last.text else said
    return _("Last time (%(year)s): %(said)s") % {"year": last.released_on.year, "said": said}


def second_language(assessment: Assessment, question: Question) -> str:
    """The language shown beside the reader's own: one spoken in the programme, else the tool's first; "" for none."""
    spoken = rules_on(assessment.programme, assessment.cycle.starts_on).spoken_languages
    return next((one for one in (*spoken, "en") if one != reading_language() and one in question.texts), "")


def local_time(assessment: Assessment, moment: datetime | None) -> str:
    """10:43 in the programme's country."""
    return f"{moment.astimezone(programme_zone(assessment.programme)):%H:%M}" if moment is not None else ""


def local_day_time(programme: str, moment: datetime) -> str:
    local = moment.astimezone(programme_zone(programme))
    return f"{date_format(local, 'j F')}, {local:%H:%M}"


def lack_words(lacking) -> str:
    return "; ".join(str(Lack(lack).label) for lack in lacking)


def seriousness_choices() -> list[tuple[str, str, str]]:
    icons = {Seriousness.MINOR: "", Seriousness.MAJOR: "alert-triangle", Seriousness.GRAVE: "alert-octagon"}
    return [(value.value, str(value.label), icons[value]) for value in Seriousness]


def mode_and_extent(assessment: Assessment) -> str:
    return f"{Mode(assessment.mode).label} · {assessment.get_extent_display()}"


def way_of(assessment: Assessment) -> list[Knot]:
    """The states of an assessment as a path; a return is a loop that the path does not show."""
    order = [
        (AssessmentState.PLANNED, None), (AssessmentState.IN_PROGRESS, assessment.started_on),
        (AssessmentState.IN_REVIEW, assessment.submitted_at), (AssessmentState.WITH_FACTORY, assessment.approved_at),
        (AssessmentState.REPLIED, assessment.replied_at), (AssessmentState.RELEASED, assessment.released_at),
    ]
    now = AssessmentState.IN_PROGRESS if assessment.state == AssessmentState.RETURNED else assessment.state
    place = [state for state, _moment in order].index(AssessmentState(now))
    return [
        Knot(str(state.label), "past" if number < place else "now" if number == place else "to-come",
             date_format(moment, "j F") if moment and number <= place else "")
        for number, (state, moment) in enumerate(order)
    ]


def finding_title(asked: Asked) -> str:
    return _("Finding %(id)s") % {"id": asked.question.id}
