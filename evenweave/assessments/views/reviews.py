"""The quality review: findings with their evidence, comments, back to the assessors or on to the factory."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.assessments import queries
from evenweave.assessments.enums import AssessmentState
from evenweave.assessments.forms import CommentForm
from evenweave.assessments.models import Assessment
from evenweave.assessments.services import reviewing
from evenweave.assessments.views import words
from evenweave.assessments.views.findings import finding_rows
from evenweave.questionnaires.enums import Answer
from evenweave.questionnaires.queries import compiled
from evenweave.toolkit.refusals import Refused


@require_GET
@requires(Action.ASSESSMENT_REVIEW)
def assessment_review(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.assessment_for(request.user, Action.ASSESSMENT_REVIEW, ref)
    return render(request, "assessments/review.html", _review(found))


def _review(found: Assessment) -> dict:
    language = words.reading_language()
    sheet = queries.sheet(found, language)
    drafts = queries.draft_findings(found, language)
    unable = [one for one in sheet.asked.values() if one.question.is_scored and one.answer == Answer.UNABLE]
    comments = [comment for one in sheet.asked.values() for comment in one.comments] + list(sheet.general_comments)
    open_comments = sum(comment.resolved_at is None for comment in comments)
    return {
        "assessment": found, "rows": finding_rows(found, drafts, {key: one.comments for key, one in
                                                                  sheet.asked.items()}),
        "clusters": [
            {"title": cluster.title, "href": reverse("assessment_cluster", args=[found.ref, cluster.key]),
             "count": len(cluster.asked), "findings": sum(one.is_finding for one in cluster.asked)}
            for cluster in sheet.clusters
        ],
        "unable": [
            {"id": one.question.id, "text": words.question_words(one.question), "explanation": one.explanation}
            for one in unable
        ],
        "general_comments": sheet.general_comments, "open_comments": open_comments,
        "is_in_review": found.state == AssessmentState.IN_REVIEW, "tags": [words.state_tag_of(found)],
        "sentence": ngettext("%(count)s draft finding.", "%(count)s draft findings.", len(drafts))
        % {"count": len(drafts)},
    }


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_REVIEW)
def review_comment(request: HttpRequest, ref: str) -> HttpResponse:
    """A comment on the question named in the address, or on the whole."""
    found = queries.assessment_for(request.user, Action.ASSESSMENT_REVIEW, ref)
    question_id = request.POST.get("question", request.GET.get("question", ""))
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.comment(ref=ref, question_id=question_id, text=form.cleaned_data["text"], by=request.user)
            return redirect(f"{reverse('assessment_review', args=[ref])}#{question_id}")
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    tool = compiled(found.tool_id)
    text = words.question_words(tool.question(question_id)) if tool.has(question_id) else ""
    return render(
        request, "assessments/comment.html",
        {"assessment": found, "form": form, "question_id": question_id, "text": text},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_REVIEW)
def review_return(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.assessment_for(request.user, Action.ASSESSMENT_REVIEW, ref)
    if request.method == "POST":
        try:
            reviewing.return_to_assessors(ref=ref, by=request.user)
        except Refused as refused:
            return render(request, "assessments/review.html", _review(found) | {"refused": refused.message}, status=422)
        return redirect("assessment", ref)
    return redirect("assessment_review", ref)


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_REVIEW)
def review_approve(request: HttpRequest, ref: str) -> HttpResponse:
    """What goes to the factory, once more, and the button that names the act."""
    found = queries.assessment_for(request.user, Action.ASSESSMENT_REVIEW, ref)
    refused = ""
    if request.method == "POST":
        try:
            reviewing.approve(ref=ref, by=request.user)
            return redirect("assessment", ref)
        except Refused as error:
            refused = error.message
    drafts = queries.draft_findings(found, words.reading_language())
    facts = [
        (_("Factory"), found.factory.name),
        (_("Draft findings"), str(len(drafts))),
        (_("Photos that go with them"), str(sum(len(draft.photos) for draft in drafts))),
        (_("Open comments"), str(queries.open_comments(found))),
    ]
    return render(
        request, "assessments/approve.html",
        {"assessment": found, "facts": facts, "refused": refused, "act": _act(len(drafts)),
         "is_in_review": found.state == AssessmentState.IN_REVIEW},
        status=422 if refused else 200,
    )


def _act(count: int) -> str:
    return ngettext(
        "Send %(count)s draft finding to the factory", "Send %(count)s draft findings to the factory", count
    ) % {"count": count}
