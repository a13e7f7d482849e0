"""What the pages of visits say: records as the components' parts."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evenweave.advisory.enums import Cause, Clash, DialogueProgress, VisitState
from evenweave.advisory.models import DialogueScore, Visit, VisitWord, VisitWork
from evenweave.advisory.queries import Planned, Planner
from evenweave.enrolment.models import Cycle
from evenweave.improvement.enums import Side
from evenweave.programmes.rules import Count
from evenweave.toolkit.charts import fishbone, unit_bars
from evenweave.toolkit.days import short_day
from evenweave.toolkit.parts import Fact, Photo, Tag

RIGHT_TO_LEFT = {"ar"}
STATE_FAMILIES = {
    VisitState.PLANNED: ("none", "calendar"), VisitState.HELD: ("good", ""), VisitState.CANCELLED: ("wrong", ""),
}
SCORE_FAMILIES = {DialogueProgress.ON_TRACK: "good", DialogueProgress.MODERATE: "doing", DialogueProgress.NONE: "wrong"}


def state_tag(visit: Visit) -> Tag:
    family, icon = STATE_FAMILIES[VisitState(visit.state)]
    return Tag(family, visit.get_state_display(), icon)


def score_tag(score: DialogueScore) -> Tag:
    return Tag(SCORE_FAMILIES[DialogueProgress(score.progress)], score.get_progress_display())


def clash_words(clashes: Iterable[Clash]) -> str:
    return ", ".join(str(clash.label) for clash in clashes)


def count_words(count: Count | None) -> str:
    """How many visits the service model asks for: "6 to 10", "8", or that it names no number."""
    if count is None or count.at_least is None:
        return _("The service model names no number.")
    if count.at_most and count.at_most != count.at_least:
        return _("%(least)s to %(most)s in this cycle") % {"least": count.at_least, "most": count.at_most}
    return ngettext("%(count)s in this cycle", "%(count)s in this cycle", count.at_least) % {"count": count.at_least}


def year_sentence(visits: list[Visit], count: Count | None) -> str:
    """"3 of 6 visits are held, 2 more are planned." """
    held = sum(visit.state == VisitState.HELD for visit in visits)
    planned = sum(visit.state == VisitState.PLANNED for visit in visits)
    if count is None or count.at_least is None:
        return _("%(held)s visits are held, %(planned)s are planned.") % {"held": held, "planned": planned}
    return _("%(held)s of %(asked)s visits are held, %(planned)s are planned.") % {
        "held": held, "asked": count.at_least, "planned": planned,
    }


def visit_facts(visit: Visit) -> list[Fact]:
    facts = [
        Fact(_("Day"), date_format(visit.day_on)), Fact(_("Coach"), visit.coach.name),
        Fact(_("How"), visit.get_mode_display()),
    ]
    if visit.state == VisitState.HELD:
        facts += [
            Fact(_("Who took part"), _("%(managers)s managers, %(workers)s workers; %(women)s women among them") % {
                "managers": visit.managers, "workers": visit.workers, "women": visit.women,
            }, note=visit.who),
            Fact(_("Logged"), date_format(visit.logged_at)),
        ]
    return facts


def work_drawing(work: VisitWork) -> dict | None:
    """The fishbone of a work with its sentence and its table; None when nothing was drawn."""
    if not work.fishbone:
        return None
    bones = [(str(cause.label), work.fishbone[cause.value]) for cause in Cause if cause.value in work.fishbone]
    causes = sum(len(texts) for _name, texts in bones)
    sentence = ngettext("One cause was found.", "%(count)s causes were found.", causes) % {"count": causes}
    return {
        "sentence": sentence,
        "svg": fishbone(work.item.title, bones, sentence, rtl=(get_language() or "en") in RIGHT_TO_LEFT),
        "rows": [(name, "; ".join(texts)) for name, texts in bones],
    }


def words_of_sides(words: dict[str, VisitWord]) -> list[tuple[str, str, str, Tag | None]]:
    """Rows for `parties`: management, then workers."""
    rows = []
    for place, side in (("a", Side.MANAGEMENT), ("b", Side.WORKERS)):
        word = words.get(side)
        if word is None:
            rows.append((place, str(side.label), _("has not answered yet"), None))
            continue
        tag = Tag("good", _("As agreed")) if word.is_as_agreed else Tag("wrong", _("Agreed something else"))
        small = f"{word.by.name}, {short_day(word.at.date())}"
        rows.append((place, str(side.label), small, tag))
    return rows


def photos_of(visit: Visit, stored: dict) -> list[Photo]:
    return [
        Photo(src=reverse("file", args=[file.ref]), alt=photo.caption, caption=photo.caption,
              href=reverse("file", args=[file.ref]))
        for photo in visit.photos.all()
        for file in stored.get(photo.pk, [])
    ]


def load_chart(planner: Planner) -> dict | None:
    """The month's visits by coach: the drawing, its sentence, its table."""
    if not planner.loads:
        return None
    total = sum(load.total for load in planner.loads)
    heaviest = max(planner.loads, key=lambda load: load.total)
    sentence = ngettext(
        "One visit in this month.", "%(count)s visits in this month; most are %(name)s's, with %(most)s.", total
    ) % {"count": total, "name": heaviest.coach.name, "most": heaviest.total}
    names = [load.coach.name for load in planner.loads]
    return {
        "sentence": sentence,
        "svg": unit_bars([(name.split()[-1], load.total) for name, load in zip(names, planner.loads, strict=True)],
                         sentence, width=max(318, 90 * len(names))),
        "labels": [_("Coach"), *[date_format(day, "j M") for day in planner.mondays], _("All")],
        "rows": [
            (load.coach.name, *[load.weeks.get(day, 0) for day in planner.mondays], load.total)
            for load in planner.loads
        ],
    }


def planned_tag(row: Planned) -> Tag:
    return Tag("waiting", clash_words(row.clashes)) if row.clashes else state_tag(row.visit)


def cycle_title(cycle: Cycle) -> str:
    return _("Visits of cycle %(number)s") % {"number": cycle.number}
