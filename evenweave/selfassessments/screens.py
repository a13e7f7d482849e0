"""What the pages of self-assessments say: records as the components' parts."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evenweave.assessments.enums import TaskStatus
from evenweave.improvement.enums import Side
from evenweave.organisations.models import Factory
from evenweave.programmes.queries import programme_zone, rules_on
from evenweave.questionnaires.enums import Answer
from evenweave.questionnaires.rules import Question, is_noncompliant
from evenweave.selfassessments.enums import Match, SelfState
from evenweave.selfassessments.models import SelfAssessment
from evenweave.selfassessments.queries.comparing import AccuracyNow, Comparison, Pair
from evenweave.selfassessments.queries.sheets import Cluster, LastTime, Line
from evenweave.selfassessments.rules import Accuracy, share_of
from evenweave.selfassessments.workbook import answer_word, answer_words
from evenweave.toolkit.parts import Fact, Knot, Mark, Tag, Task

ICONS = {Answer.YES: "check", Answer.NO: "x", Answer.NOT_APPLICABLE: "minus", Answer.UNABLE: "circle"}
STATE_FAMILIES = {SelfState.OPEN: "doing", SelfState.COMPARED: "waiting", SelfState.HANDED_IN: "good"}
STATUS_FAMILIES = {
    TaskStatus.NOT_STARTED: "none", TaskStatus.IN_PROGRESS: "doing", TaskStatus.NEEDS_EVIDENCE: "waiting",
    TaskStatus.DONE: "good",
}
MATCH_FAMILIES = {
    Match.SAME: "none", Match.DIFFERS: "waiting", Match.SETTLED: "good", Match.ONE_SIDE: "waiting",
    Match.NOBODY: "none",
}


def reading_language() -> str:
    return (get_language() or "en").partition("-")[0]


def self_reported() -> Tag:
    """Stands wherever a self-assessment appears."""
    return Tag("audience", _("Self-reported"), "pencil")


def state_tag(found: SelfAssessment) -> Tag:
    return Tag(STATE_FAMILIES[SelfState(found.state)], found.get_state_display())


def status_tag(status: TaskStatus) -> Tag:
    word = _("Two answers differ") if status is TaskStatus.NEEDS_EVIDENCE else str(status.label)
    return Tag(STATUS_FAMILIES[status], word)


def match_tag(match: Match) -> Tag:
    return Tag(MATCH_FAMILIES[match], str(match.label))


def choices_for(question: Question) -> list[tuple[str, str, str]]:
    """The buttons under a question; none when it asks for a number or words."""
    known = answer_words()
    if question.is_scored:
        return [(value.value, known[value], ICONS[value]) for value in Answer]
    return [(value.value, known[value], ICONS[value]) for value in (Answer.YES, Answer.NO)] \
        if question.answer == "yes_no" else []


def answer_tag(question: Question, value: object) -> Tag | None:
    if value is None:
        return None
    word = answer_word(question, value)
    if is_noncompliant(question, value):
        return Tag("wrong", word)
    return Tag("none", word, ICONS.get(value, "check") if isinstance(value, str) else "check")


def answer_or_none(question: Question, value: object) -> Tag:
    return answer_tag(question, value) or Tag("none", _("No answer"), "minus")


def last_line(last: LastTime | None) -> str:
    if last is None:
        return ""
    return _("Your self-assessment last time: %(said)s") % {"said": answer_word(last.question, last.answer)}


def second_language(found: SelfAssessment, question: Question) -> str:
    """The language shown beside the reader's own: one spoken in the programme, else the tool's first; "" for none."""
    spoken = rules_on(found.cycle.programme, found.cycle.starts_on).spoken_languages
    return next((one for one in (*spoken, "en") if one != reading_language() and one in question.texts), "")


def local_time(found: SelfAssessment, moment: datetime | None) -> str:
    return f"{moment.astimezone(programme_zone(found.cycle.programme)):%H:%M}" if moment is not None else ""


def local_day_time(found: SelfAssessment, moment: datetime) -> str:
    local = moment.astimezone(programme_zone(found.cycle.programme))
    return f"{date_format(local, 'j F')}, {local:%H:%M}"


def task_of(found: SelfAssessment, cluster: Cluster) -> Task:
    changed = sum(line.is_changed for line in cluster.lines)
    words = _("%(answered)s of %(all)s answered") % {"answered": cluster.answered, "all": len(cluster.lines)}
    if changed:
        words += " · " + ngettext(
            "%(count)s other than last time", "%(count)s other than last time", changed
        ) % {"count": changed}
    return Task(
        title=cluster.title, href=reverse("self_cluster", args=[found.ref, cluster.key]),
        tag=status_tag(cluster.status), sum=words,
        marks=[mark for mark in (
            Mark("full", cluster.answered), Mark("empty", len(cluster.lines) - cluster.answered)
        ) if mark.count],
    )


def side_rows(given: dict[Side, bool]) -> list[tuple[str, str, str, Tag]]:
    """Rows for `parties`: whether each side has given its answers, and nothing more."""
    return [
        (place, str(side.label), "",
         Tag("good", _("Given")) if given[side] else Tag("none", _("Not given yet")))
        for place, side in (("a", Side.MANAGEMENT), ("b", Side.WORKERS))
    ]


def way_of(found: SelfAssessment) -> list[Knot]:
    order = [
        (SelfState.OPEN, found.opened_at), (SelfState.COMPARED, found.compared_at),
        (SelfState.HANDED_IN, found.handed_in_at),
    ]
    place = [state for state, _at in order].index(SelfState(found.state))
    return [
        Knot(str(state.label), "past" if number < place else "now" if number == place else "to-come",
             date_format(moment, "j F") if moment else "")
        for number, (state, moment) in enumerate(order)
    ]


def line_row(line: Line, language: str) -> dict:
    return {
        "line": line, "text": line.question.text(language), "tag": answer_tag(line.question, line.answer),
        "last": last_line(line.last) if line.is_changed else "",
    }


def pair_row(pair: Pair, language: str) -> dict:
    """One question with both sides beside each other."""
    question, row = pair.question, pair.compared
    return {
        "id": question.id, "text": question.text(language), "match": match_tag(row.match),
        "is_for_committee": question.is_for_committee, "waits": pair.waits,
        "parties": [
            ("a", str(Side.MANAGEMENT.label), pair.words.get(Side.MANAGEMENT, ""),
             answer_or_none(question, row.management)),
            ("b", str(Side.WORKERS.label), pair.words.get(Side.WORKERS, ""), answer_or_none(question, row.workers))
            if row.is_asked_of_workers else ("b", str(Side.WORKERS.label), _("Asked of management alone"), None),
        ],
        "settled": answer_tag(question, row.settled) if row.match is Match.SETTLED else None,
        "agreed_words": pair.proposal.text if row.match is Match.SETTLED and pair.proposal else "",
    }


def comparison_sentence(comparison: Comparison) -> str:
    return _(
        "Of %(all)s questions both sides say the same to %(same)s, they differ on %(differs)s, and agreed "
        "afterwards on %(settled)s."
    ) % {
        "all": len(comparison.pairs), "same": comparison.count(Match.SAME),
        "differs": comparison.count(Match.DIFFERS), "settled": comparison.count(Match.SETTLED),
    }


def profile_rows(lacks: Sequence[tuple[str, str]], factory: Factory, *, may_edit: bool) -> list[tuple[str, str, str]]:
    """What the profile lacks, each with the way there, for who may correct it."""
    names = {"sectors": _("sectors"), "contacts": _("a contact")}
    url = reverse("factory_correct", args=[factory.ref]) if may_edit else factory.get_absolute_url()
    anchors = {"contacts": "contact_1_name"}
    return [
        (
            _("Missing: %(field)s") % {"field": names.get(field) or name},
            f"{url}#id_{anchors.get(field, field)}" if may_edit else url, _("Profile"),
        )
        for field, name in lacks
    ]


def percent(share: Fraction | None) -> str:
    return "" if share is None else _("%(number)s %%") % {"number": round(share * 100)}


def part_words(part: int, whole: int) -> str:
    """ "3 of 4", or with enough cases "12 of 20 (60 %)"; "–" of nothing."""
    if not whole:
        return "–"
    words = _("%(part)s of %(whole)s") % {"part": part, "whole": whole}
    share = share_of(part, whole)
    return f"{words} ({percent(share)})" if share is not None else words


def accuracy_sentence(now: AccuracyNow) -> str:
    total = now.total
    if not total.found:
        return _(
            "The assessment released on %(day)s found nothing non-compliant among the questions that both ask."
        ) % {"day": date_format(now.released_on)}
    return _(
        "Of %(found)s issues that the assessment released on %(day)s found, the factory had named %(admitted)s."
    ) % {"found": total.found, "day": date_format(now.released_on), "admitted": total.admitted}


def accuracy_labels() -> list[str]:
    return [
        _("Cluster"), _("Found, and admitted by both sides"), _("by management"), _("by workers"),
        _("Same answer, of those compared"),
    ]


def accuracy_row(title: str, row: Accuracy) -> tuple[str, ...]:
    return (
        title, part_words(row.admitted, row.found), part_words(row.by_management, row.found),
        part_words(row.by_workers, row.found), part_words(row.same, row.compared),
    )


def facts_of(found: SelfAssessment, label: str) -> list[Fact]:
    return [
        Fact(_("Cycle"), str(found.cycle.number)), Fact(_("Opened"), date_format(found.opened_at)),
        Fact(_("Questionnaire"), label),
    ]
