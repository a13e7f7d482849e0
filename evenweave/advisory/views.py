"""Pages of visits: the planner, a cycle's visits, one visit and what is done with it."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.advisory import queries, screens, services
from evenweave.advisory.enums import VisitState
from evenweave.advisory.forms import (
    CancelForm,
    CausesForm,
    CoachForm,
    DayForm,
    LogForm,
    MoveForm,
    PhotoForm,
    PlannerFilter,
    ScoreForm,
    WordForm,
)
from evenweave.advisory.models import Visit
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.queries import coaches_of
from evenweave.organisations.tabs import band
from evenweave.toolkit import clock
from evenweave.toolkit.files import files_of_many
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns


def _take[R](form: Form, step: Callable[[], R]) -> R | None:
    """Take the step of a valid form; a refusal becomes the form's error and nothing is saved."""
    try:
        return step()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None


# The planner


@require_GET
@requires(Action.VISIT_VIEW)
def visit_list(request: HttpRequest) -> HttpResponse:
    """A month of visits, with what speaks against a day and each coach's load."""
    today = clock.now().date()
    coaches = queries.coaches_seen_by(request.user)
    months = [(f"{day:%Y-%m}", date_format(day, "F Y")) for day in queries.months_for(request.user, today)]
    filters = PlannerFilter(request.GET or {"month": f"{today:%Y-%m}"}, months=months, coaches=coaches)
    month = filters.chosen_month(today.replace(day=1))
    planner = queries.planner_for(request.user, month, coach_ref=filters.cleaned_data.get("coach", ""))
    heads = columns(
        request, Column("day", _("Day")), Column("factory", _("Factory")), Column("coach", _("Coach")),
        Column("place", _("Place")), Column("state", _("State")), default="day",
    )
    shown = {
        "filters": filters, "planner": planner, "heads": heads, "chart": screens.load_chart(planner),
        "rows": [(row.visit, screens.planned_tag(row)) for row in planner.rows],
        "sentence": _("%(month)s: %(visits)s") % {
            "month": date_format(month, "F Y"),
            "visits": ngettext("one visit", "%(count)s visits", len(planner.rows)) % {"count": len(planner.rows)},
        },
    }
    return render(request, "advisory/visit_list.html", shown)


# A cycle's visits


def _cycle(request: HttpRequest, ref: str, action: Action) -> Cycle:
    return get_object_or_404(queries.cycles_for(request.user, action), ref=ref)


@require_GET
@requires(Action.VISIT_VIEW)
def cycle_visits(request: HttpRequest, ref: str) -> HttpResponse:
    return _cycle_page(request, _cycle(request, ref, Action.VISIT_VIEW))


def _cycle_page(request: HttpRequest, cycle: Cycle, form: CoachForm | None = None) -> HttpResponse:
    visits = list(queries.visits_for(request.user).filter(cycle=cycle))
    count = queries.count_for(cycle)
    may_plan = queries.may(request.user, Action.VISIT_PLAN, cycle)
    scores, is_short = queries.scores_of(cycle), queries.lacks_visits(visits, count)
    heads = columns(
        request, Column("day", _("Day")), Column("coach", _("Coach")), Column("how", _("How")),
        Column("state", _("State")), default="day",
    )
    shown = {
        "cycle": cycle, "factory": cycle.factory, "band": band(request, cycle.factory), "heads": heads,
        "rows": [(visit, screens.state_tag(visit)) for visit in visits],
        "title": screens.cycle_title(cycle), "sentence": screens.year_sentence(visits, count),
        "posture": queries.posture_in(cycle).label, "asked": screens.count_words(count),
        "scores": [(score, screens.score_tag(score)) for score in scores],
        "others": [one for one in queries.cycles_for(request.user).filter(factory=cycle.factory) if one != cycle],
        "hand_overs": queries.hand_overs(cycle) if may_plan else [],
        "may_plan": may_plan, "may_score": queries.may(request.user, Action.VISIT_LOG, cycle),
        "form": (form or CoachForm(coaches=coaches_of(cycle.factory))) if may_plan and is_short else None,
    }
    return render(request, "advisory/cycle_visits.html", shown, status=422 if form and form.errors else 200)


@require_POST
@requires(Action.VISIT_PLAN)
def visits_lay_out(request: HttpRequest, ref: str) -> HttpResponse:
    cycle = _cycle(request, ref, Action.VISIT_PLAN)
    form = CoachForm(request.POST, coaches=coaches_of(cycle.factory))
    if form.is_valid():
        coach = form.cleaned_data["coach"]
        made = _take(form, lambda: services.lay_out_visits(cycle_ref=ref, coach_ref=coach, by=request.user))
        if made:
            messages.success(request, ngettext("One visit is planned.", "%(count)s visits are planned.", len(made))
                             % {"count": len(made)})
            return redirect("cycle_visits", ref)
    return _cycle_page(request, cycle, form)


@require_http_methods(["GET", "POST"])
@requires(Action.VISIT_PLAN)
def visit_plan(request: HttpRequest, ref: str) -> HttpResponse:
    cycle = _cycle(request, ref, Action.VISIT_PLAN)
    form = DayForm(request.POST or None, coaches=coaches_of(cycle.factory))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        visit = _take(form, lambda: services.plan_visit(
            cycle_ref=ref, day_on=data["day_on"], coach_ref=data["coach"], mode=data["mode"], by=request.user
        ))
        if visit:
            _say_clashes(request, visit)
            return redirect("cycle_visits", ref)
    return _form_page(request, cycle, form, _("Plan a visit"), _("The factory and the coach are told at once."),
                      _("Plan it"), draft="visit-plan")


def _say_clashes(request: HttpRequest, visit: Visit) -> None:
    """The day stands; what speaks against it is said, so that it can be moved."""
    clashes = queries.clashes_of_coach(request.user, visit.day_on, visit.cycle, visit.coach, but=visit)
    day = date_format(visit.day_on)
    if clashes:
        messages.warning(request, _("Planned for %(day)s. Mind: %(clashes)s.") % {
            "day": day, "clashes": screens.clash_words(clashes),
        })
    else:
        messages.success(request, _("Planned for %(day)s.") % {"day": day})


def _form_page(
    request: HttpRequest, cycle: Cycle, form: Form, title: str, sentence: str, send: str, *, draft: str = "",
    back: str = "", has_file: bool = False, is_bad: bool = False,
) -> HttpResponse:
    shown = {
        "cycle": cycle, "factory": cycle.factory, "band": band(request, cycle.factory), "form": form, "title": title,
        "sentence": sentence, "send": send, "draft": draft, "has_file": has_file, "is_bad": is_bad,
        "cycle_title": screens.cycle_title(cycle), "back": back,
    }
    return render(request, "advisory/visit_form.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.VISIT_LOG)
def dialogue_score(request: HttpRequest, ref: str) -> HttpResponse:
    cycle = _cycle(request, ref, Action.VISIT_LOG)
    form = ScoreForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        score = _take(form, lambda: services.score_dialogue(cycle_ref=ref, by=request.user, **form.cleaned_data))
        if score:
            messages.success(request, _("Saved. The factory reads it."))
            return redirect("cycle_visits", ref)
    return _form_page(request, cycle, form, _("Score the dialogue"), _("How far management and workers have come in "
                      "talking to each other in this cycle. The newest score counts."), _("Save"), draft="visit-score")


# One visit


def _visit(request: HttpRequest, ref: str, action: Action) -> Visit:
    return get_object_or_404(queries.visits_for(request.user, action), ref=ref)


@require_GET
@requires(Action.VISIT_VIEW)
def visit(request: HttpRequest, ref: str) -> HttpResponse:
    return _visit_page(request, _visit(request, ref, Action.VISIT_VIEW))


def _visit_page(request: HttpRequest, one: Visit, form: WordForm | None = None) -> HttpResponse:
    side, said = queries.side_to_answer(request.user, one), queries.newest_words(one)
    may_log = queries.visits_for(request.user, Action.VISIT_LOG).filter(pk=one.pk).exists()
    works = one.works.select_related("item__detail", "next_step").order_by("pk")
    photos = list(one.photos.all())
    shown = {
        "visit": one, "cycle": one.cycle, "factory": one.cycle.factory, "band": band(request, one.cycle.factory),
        "cycle_title": screens.cycle_title(one.cycle), "tags": [screens.state_tag(one)],
        "facts": screens.visit_facts(one),
        "works": [(work, screens.work_drawing(work)) for work in works],
        "photos": screens.photos_of(one, files_of_many(photos)) if photos else [],
        "parties": screens.words_of_sides(said) if one.state == VisitState.HELD else [],
        "said": [word for word in said.values() if word.text],
        "side": side, "form": form or (WordForm() if side else None),
        "may_log": may_log, "is_planned": one.state == VisitState.PLANNED, "is_held": one.state == VisitState.HELD,
        "may_plan": one.state == VisitState.PLANNED and queries.may(request.user, Action.VISIT_PLAN, one.cycle),
    }
    return render(request, "advisory/visit.html", shown, status=422 if form and form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.VISIT_PLAN)
def visit_move(request: HttpRequest, ref: str) -> HttpResponse:
    one = _visit(request, ref, Action.VISIT_PLAN)
    form = MoveForm(request.POST or None, coaches=coaches_of(one.cycle.factory),
                    initial={"day_on": one.day_on, "coach": one.coach.ref})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        moved = _take(form, lambda: services.move_visit(
            ref=ref, day_on=data["day_on"], coach_ref=data["coach"], by=request.user
        ))
        if moved:
            _say_clashes(request, moved)
            return redirect(one)
    return _form_page(request, one.cycle, form, _("Move the visit"), _("The factory and the coach are told."),
                      _("Move it"), back=one.get_absolute_url())


@require_http_methods(["GET", "POST"])
@requires(Action.VISIT_PLAN)
def visit_cancel(request: HttpRequest, ref: str) -> HttpResponse:
    one = _visit(request, ref, Action.VISIT_PLAN)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _take(form, lambda: services.cancel_visit(ref=ref, reason=reason, by=request.user)):
            messages.success(request, _("The visit is cancelled."))
            return redirect(one)
    return _form_page(request, one.cycle, form, _("Cancel the visit"), _("It stays in the list as cancelled."),
                      _("Cancel the visit"), back=one.get_absolute_url(), is_bad=True)


@require_http_methods(["GET", "POST"])
@requires(Action.VISIT_LOG)
def visit_log(request: HttpRequest, ref: str) -> HttpResponse:
    one = _visit(request, ref, Action.VISIT_LOG)
    if one.state != VisitState.PLANNED:
        return redirect(one)
    first = min(one.day_on, queries.today_of(one.cycle))
    form = LogForm(request.POST if request.method == "POST" else None,
                   items=queries.open_items_of(request.user, one.cycle.factory),
                   initial={"held_on": first, "mode": one.mode})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        logged = _take(form, lambda: services.log_visit(
            ref=ref, held_on=data["held_on"], mode=data["mode"], took_part=form.took_part(), works=form.works(),
            note=data["note"], by=request.user,
        ))
        if logged:
            messages.success(request, _("The visit is logged. Both sides are asked whether it is what was agreed."))
            return redirect(one)
    shown = {"visit": one, "factory": one.cycle.factory, "band": band(request, one.cycle.factory), "form": form,
             "cycle": one.cycle, "cycle_title": screens.cycle_title(one.cycle)}
    return render(request, "advisory/visit_log.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.VISIT_LOG)
def visit_causes(request: HttpRequest, ref: str) -> HttpResponse:
    """The fishbone of one thing that a visit worked on; its five whys stand in the plan."""
    work = get_object_or_404(queries.works_for(request.user, Action.VISIT_LOG), ref=ref)
    form = CausesForm(request.POST if request.method == "POST" else None, drawn=work.fishbone)
    if request.method == "POST" and form.is_valid():
        services.draw_causes(ref=ref, fishbone=form.cleaned_data, by=request.user)
        messages.success(request, _("Drawn."))
        return redirect(work.visit)
    return _form_page(request, work.visit.cycle, form, _("Draw the causes"), work.item.title, _("Draw"),
                      draft="visit-causes", back=work.visit.get_absolute_url())


@require_http_methods(["GET", "POST"])
@requires(Action.VISIT_LOG)
def visit_photo_add(request: HttpRequest, ref: str) -> HttpResponse:
    one = _visit(request, ref, Action.VISIT_LOG)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        added = _take(form, lambda: services.add_visit_photo(
            ref=ref, file=data["file"], caption=data["caption"], by=request.user
        ))
        if added:
            messages.success(request, _("Added."))
            return redirect(one)
    return _form_page(request, one.cycle, form, _("Add a photo"), _("Whoever may read the visit sees it."), _("Add it"),
                      back=one.get_absolute_url(), has_file=True)


@require_POST
@requires(Action.VISIT_ANSWER)
def visit_answer(request: HttpRequest, ref: str) -> HttpResponse:
    one = _visit(request, ref, Action.VISIT_ANSWER)
    form = WordForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        word = _take(form, lambda: services.answer_visit(
            ref=ref, is_as_agreed=data["is_as_agreed"] == "yes", text=data["text"], by=request.user
        ))
        if word:
            messages.success(request, _("Saved."))
            return redirect(one)
    return _visit_page(request, one, form)
