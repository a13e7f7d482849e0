"""The list of assessments, one assessment's tasks, one cluster's questions, checking before submission."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.assessments import queries
from evenweave.assessments.enums import AssessmentState, Lack, TaskStatus
from evenweave.assessments.forms import SubmitForm
from evenweave.assessments.models import Assessment
from evenweave.assessments.queries import ClusterSheet, Sheet
from evenweave.assessments.rules import takes_answers
from evenweave.assessments.services import answering, submitting
from evenweave.assessments.views import words
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.parts import Choice, Mark, Task
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns

PAGE_SIZE = 50
MARKS = {
    TaskStatus.DONE: "full", TaskStatus.IN_PROGRESS: "half", TaskStatus.NEEDS_EVIDENCE: "hatched",
    TaskStatus.NOT_STARTED: "empty",
}


@require_GET
@requires(Action.ASSESSMENT_VIEW)
def assessment_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.assessments_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    plans = queries.plans_of(request.user, list(page))
    heads = [Column("factory", _("Factory")), Column("cycle", _("Cycle"), is_number=True), Column("state", _("State"))]
    if plans:
        heads.append(Column("day", _("Day on site")))
    rows = [
        {"assessment": one, "tag": words.state_tag_of(one), "day": _day_of(plans.get(one.pk))} for one in page
    ]
    return render(request, "assessments/assessment_list.html", {
        "page": page, "rows": rows, "columns": columns(request, *heads), "shows_days": bool(plans),
        "may_plan": queries.may_plan(request.user),
    })


def _day_of(plan) -> str:
    if plan is None:
        return ""
    if plan.day_on is not None:
        return date_format(plan.day_on)
    return _("between %(first)s and %(last)s") % {
        "first": date_format(plan.window_from), "last": date_format(plan.window_until)
    }


@require_GET
@requires(Action.ASSESSMENT_VIEW)
def assessment(request: HttpRequest, ref: str) -> HttpResponse:
    """Staff see the tasks; the factory and its coach, how far the assessment is and what waits for them."""
    found = queries.assessment_for(request.user, Action.ASSESSMENT_VIEW, ref)
    plan = queries.plan_of(request.user, found)
    if plan is None:
        return render(request, "assessments/assessment_factory.html", {
            "assessment": found, "tag": words.state_tag_of(found), "way": words.way_of(found)[3:],
        })
    return render(request, "assessments/assessment.html", _overview(request, found, plan))


def _overview(request: HttpRequest, found: Assessment, plan) -> dict:
    sheet = queries.sheet(found, words.reading_language())
    answers_now = takes_answers(found.state) and queries.may_on(request.user, Action.ASSESSMENT_ANSWER, found)
    first_open = next((one.question_id for one in sheet.missing), "")
    return {
        "assessment": found, "sheet": sheet, "way": words.way_of(found),
        "facts": _visit(found, plan, sheet),
        "tags": [words.state_tag_of(found), words.secret_tag()] if found.sharing < 20 else [words.state_tag_of(found)],
        "sentence": _progress(sheet),
        "tasks": [_task(found, sheet, cluster, may_take=answers_now) for cluster in sheet.clusters],
        "legend": [Mark(MARKS[status], 1, str(status.label)) for status in TaskStatus],
        "attention": _attention(found, sheet) if found.state != AssessmentState.PLANNED else [],
        "may_answer": answers_now, "first_open": first_open,
        "may_start": found.state == AssessmentState.PLANNED
        and queries.may_on(request.user, Action.ASSESSMENT_ANSWER, found),
        "may_assign": found.state == AssessmentState.PLANNED
        and queries.may_on(request.user, Action.ASSESSMENT_ASSIGN, found),
        "may_review": found.state == AssessmentState.IN_REVIEW
        and queries.may_on(request.user, Action.ASSESSMENT_REVIEW, found),
    }


def _visit(found: Assessment, plan, sheet: Sheet) -> list[tuple[str, str]]:
    reviewer = queries.reviewer_of(found)
    return [
        (_("Day"), _day_of(plan)), (_("How"), words.mode_and_extent(found)),
        (_("Assessors"), ", ".join(person.name for person in sheet.assessors) or _("Not chosen yet")),
        (_("Reviewer"), reviewer.name if reviewer is not None else _("Not chosen yet")),
    ]


def _progress(sheet: Sheet) -> str:
    return _("%(answered)s of %(all)s questions answered. %(people)s, %(clusters)s.") % {
        "answered": sheet.answered, "all": len(sheet.asked),
        "people": ngettext("%(count)s person", "%(count)s people", len(sheet.assessors))
        % {"count": len(sheet.assessors)},
        "clusters": ngettext("%(count)s cluster", "%(count)s clusters", len(sheet.clusters))
        % {"count": len(sheet.clusters)},
    }


def _task(found: Assessment, sheet: Sheet, cluster: ClusterSheet, *, may_take: bool) -> Task:
    marks = [Mark(MARKS[point.status], 1) for point in cluster.points]
    points = ngettext("%(count)s point", "%(count)s points", len(marks)) % {"count": len(marks)}
    return Task(
        title=cluster.title, href=reverse("assessment_cluster", args=[found.ref, cluster.key]),
        tag=words.status_tag_of(cluster.status), marks=marks,
        sum=_("%(points)s · %(answered)s of %(all)s answered") % {
            "points": points, "answered": cluster.answered, "all": len(cluster.asked)
        },
        owners=[
            Choice(person.name, person.ref, is_on=cluster.owner == person) for person in sheet.assessors
        ] if may_take else [],
        owner_action=reverse("assessment_take_cluster", args=[found.ref, cluster.key]),
    )


def _attention(found: Assessment, sheet: Sheet) -> list[tuple[str, str, str]]:
    """What somebody looked at and left open: conflicts, missing explanations and blanks, open comments."""
    titles = {cluster.key: cluster.title for cluster in sheet.clusters}
    with_case = queries.questions_with_a_case(found)
    rows = []
    for one in sheet.asked.values():
        reasons = [str(Lack(lack).label) for lack in one.lacks if lack is not Lack.ANSWER]
        if any(comment.resolved_at is None for comment in one.comments):
            reasons.append(_("the reviewer has a comment"))
        if one.is_finding and one.question.is_zero_tolerance and one.question.id not in with_case:
            reasons.append(_("no zero-tolerance case is open"))
        if reasons:
            text = format_html("{} {}", words.question_words(one.question), "; ".join(reasons))
            rows.append((text, _question_url(found, one.question.id), titles[one.question.cluster]))
    return rows


def _question_url(found: Assessment, question_id: str) -> str:
    return reverse("question", args=[found.ref, question_id])


@require_GET
@requires(Action.ASSESSMENT_VIEW)
def assessment_cluster(request: HttpRequest, ref: str, cluster: str) -> HttpResponse:
    """The questions of one cluster with their answers: for everybody who works on the assessment."""
    found = queries.assessment_for(request.user, Action.ASSESSMENT_VIEW, ref)
    if queries.plan_of(request.user, found) is None:
        raise Http404
    sheet = queries.sheet(found, words.reading_language())
    here = next((one for one in sheet.clusters if one.key == cluster), None)
    if here is None:
        raise Http404
    language = words.reading_language()
    points = {key: point.title(language) for key, point in sheet.tool.points.items()}
    groups: dict[str, list[dict]] = {}
    for one in here.asked:
        groups.setdefault(points.get(one.question.point, ""), []).append({
            "asked": one, "text": words.question_words(one.question),
            "tag": words.answer_tag(one.question, one.answer),
            "finding": words.finding_words(one.finding_text(language), one.question, one.finding_language(language))
            if one.is_finding else "",
            "lacks": words.lack_words(lack for lack in one.lacks if lack is not Lack.ANSWER),
            "open_comments": sum(comment.resolved_at is None for comment in one.comments),
        })
    return render(request, "assessments/cluster.html", {
        "assessment": found, "cluster": here, "groups": groups.items(),
        "tags": [words.status_tag_of(here.status)],
        "may_answer": queries.may_on(request.user, Action.ASSESSMENT_ANSWER, found),
        "may_comment": found.state == AssessmentState.IN_REVIEW
        and queries.may_on(request.user, Action.ASSESSMENT_REVIEW, found),
    })


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_ANSWER)
def assessment_take_cluster(request: HttpRequest, ref: str, cluster: str) -> HttpResponse:
    if request.method == "POST":
        try:
            answering.take_cluster(
                ref=ref, cluster=cluster, owner_ref=request.POST.get("owner") or None, by=request.user
            )
        except Refused as refused:
            return _refusal(request, ref, refused)
    return redirect("assessment", ref)


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_ANSWER)
def assessment_start(request: HttpRequest, ref: str) -> HttpResponse:
    if request.method == "POST":
        try:
            answering.start(ref=ref, by=request.user)
        except Refused as refused:
            return _refusal(request, ref, refused)
    return redirect("assessment", ref)


def _refusal(request: HttpRequest, ref: str, refused: Refused) -> HttpResponse:
    found = queries.assessment_for(request.user, Action.ASSESSMENT_VIEW, ref)
    given = _overview(request, found, queries.plan_of(request.user, found)) | {"refused": refused.message}
    return render(request, "assessments/assessment.html", given, status=422)


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_SUBMIT)
def assessment_check(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything once more, with what is missing as links; then submit."""
    found = queries.assessment_for(request.user, Action.ASSESSMENT_SUBMIT, ref)
    last_day = found.ended_on or local_today(found.programme, clock.now())
    form = SubmitForm(request.POST if request.method == "POST" else None, initial={"last_day_on": last_day})
    if request.method == "POST" and form.is_valid():
        try:
            submitting.submit(ref=ref, by=request.user, last_day_on=form.cleaned_data["last_day_on"])
            return redirect("assessment", ref)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return render(request, "assessments/check.html", _check(found, form), status=422 if form.errors else 200)


def _check(found: Assessment, form: SubmitForm) -> dict:
    language = words.reading_language()
    sheet = queries.sheet(found, language)
    titles = {cluster.key: cluster.title for cluster in sheet.clusters}
    missing = []
    for cluster in sheet.clusters:
        for one in cluster.asked:
            if one.lacks:
                missing.append((
                    format_html("{} {}", words.question_words(one.question), words.lack_words(one.lacks)),
                    _question_url(found, one.question.id), titles[one.question.cluster],
                ))
    facts = [
        (cluster.title, _("%(answered)s of %(all)s answered, %(findings)s") % {
            "answered": cluster.answered, "all": len(cluster.asked),
            "findings": ngettext("%(count)s finding", "%(count)s findings", count) % {"count": count},
        })
        for cluster in sheet.clusters
        for count in [sum(one.is_finding for one in cluster.asked)]
    ]
    return {
        "assessment": found, "sheet": sheet, "missing": missing, "facts": facts, "form": form,
        "may_submit": takes_answers(found.state) and not missing,
        "sentence": ngettext("One thing is missing.", "%(count)s things are missing.", len(missing))
        % {"count": len(missing)} if missing else _("Nothing is missing."),
    }
