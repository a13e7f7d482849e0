"""What the programme and the committee did in a cycle, as a progress report freezes it: counts and days, no names.

Every reader of the file reads the same, buyers that paid for the cycle included."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.advisory.enums import VisitState
from evenweave.advisory.models import DialogueScore, Visit
from evenweave.advisory.queries import scores_of
from evenweave.committees.enums import MeetingState, Sex
from evenweave.committees.models import Committee, Meeting, Member
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Side
from evenweave.organisations.models import Factory
from evenweave.programmes.queries import local_today
from evenweave.reports.facts import CommitteeFacts, Step, Words
from evenweave.training.models import Registration
from evenweave.training.queries.courses import title_of

SOURCE_LANGUAGE = "en"
HELD = (MeetingState.CLOSED, MeetingState.SIGNED)


def visits_of(cycle: Cycle, since: date, until: date, languages: Sequence[str]) -> list[Step]:
    """The visits held after one day and until another, and how the dialogue was scored meanwhile, by day."""
    held = Visit.objects.filter(cycle=cycle, state=VisitState.HELD, day_on__gt=since, day_on__lte=until)
    steps = [
        _dated(visit.day_on, languages, lambda visit=visit: _visit_words(visit))
        for visit in held.prefetch_related("works")
    ]
    for score in scores_of(cycle):
        day = local_today(cycle.programme, score.at)
        if since < day <= until:
            steps.append(_dated(day, languages, lambda score=score: _score_words(score)))
    return sorted(steps, key=lambda step: step["on"])


def _visit_words(visit: Visit) -> str:
    people = (visit.managers or 0) + (visit.workers or 0)
    items = len(visit.works.all())
    return _("%(mode)s: %(people)s, %(items)s") % {
        "mode": visit.get_mode_display(),
        "people": ngettext("one person took part", "%(count)s people took part", people) % {"count": people},
        "items": ngettext("one item of the plan worked on", "%(count)s items of the plan worked on", items)
        % {"count": items},
    }


def _score_words(score: DialogueScore) -> str:
    progress = score.get_progress_display()
    return _("Dialogue between management and workers: %(progress)s") % {"progress": progress}


def committee_of(factory: Factory, since: date, until: date, languages: Sequence[str]) -> CommitteeFacts | None:
    """Who sits in the committee on that day, by side and sex, and the meetings held; None when it has none."""
    committee = Committee.objects.filter(factory=factory, ended_on=None, formed_on__lte=until).order_by("-pk").first()
    if committee is None:
        return None
    seated = Member.objects.filter(committee=committee, joined_on__lte=until).exclude(left_on__lte=until)
    counts = Counter(seated.values_list("side", "sex"))
    met = Meeting.objects.filter(committee=committee, state__in=HELD, on__gt=since, on__lte=until).order_by("on", "pk")
    return {
        "members": [
            {"side": side.value, "role": _in_each(languages, lambda sex=sex, n=counts[side, sex]: _people_of(sex, n))}
            for side in Side for sex in Sex if counts[side, sex]
        ],
        "meetings": [
            _dated(meeting.on, languages, lambda meeting=meeting: _meeting_words(meeting)) for meeting in met
        ],
    }


def _people_of(sex: str, count: int) -> str:
    words = {
        Sex.WOMAN: ngettext("one woman", "%(count)s women", count),
        Sex.MAN: ngettext("one man", "%(count)s men", count),
        Sex.NOT_SAID: ngettext("one other member", "%(count)s other members", count),
    }
    return words[Sex(sex)] % {"count": count}


def _meeting_words(meeting: Meeting) -> str:
    quorum = _("could decide") if meeting.is_quorate else _("too few to decide")
    return _("Meeting %(number)s: %(quorum)s, %(state)s") % {
        "number": meeting.number, "quorum": quorum, "state": meeting.get_state_display(),
    }


def _dated(day: date, languages: Iterable[str], words: Callable[[], str]) -> Step:
    return {"on": day.isoformat(), "what": _in_each(languages, words), "by": ""}


def _in_each(languages: Iterable[str], words: Callable[[], str]) -> Words:
    said: Words = {}
    for language in dict.fromkeys([SOURCE_LANGUAGE, *languages]):
        with translation.override(language):
            said[language] = words()
    return said


def training_of(factory: Factory, since: date, until: date, languages: Sequence[str]) -> list[Step]:
    """The courses that people of the factory attended, by the last day of each."""
    came = Registration.objects.filter(
        factory=factory, attendances__isnull=False, session__last_on__gt=since, session__last_on__lte=until
    )
    people = came.values("session__course", "session__last_on").annotate(people=Count("pk", distinct=True))
    return [
        _dated(row["session__last_on"], languages, lambda row=row: _course_words(row["session__course"], row["people"]))
        for row in people.order_by("session__last_on", "session__course")
    ]


def _course_words(course: str, people: int) -> str:
    came = ngettext("one person took part", "%(count)s people took part", people) % {"count": people}
    return _("%(course)s: %(people)s") % {"course": title_of(course), "people": came}


def service_facts(cycle: Cycle, since: datetime, at: datetime, languages: Sequence[str]) -> dict:
    """The parts of a progress report's facts that tell of committee, visits and training; empty ones are left out."""
    first, last = (local_today(cycle.programme, moment) for moment in (since, at))
    parts = {
        "visits": visits_of(cycle, first, last, languages),
        "committee": committee_of(cycle.factory, first, last, languages),
        "training": training_of(cycle.factory, first, last, languages),
    }
    return {name: part for name, part in parts.items() if part}
