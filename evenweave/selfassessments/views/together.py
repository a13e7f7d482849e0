"""Both sides beside each other, once both have given theirs; what they agree on; handing in; how near it came."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.improvement.rules import item_for
from evenweave.organisations.queries import may
from evenweave.selfassessments import queries, screens, services
from evenweave.selfassessments.enums import Match, SelfState
from evenweave.selfassessments.forms import ProposalForm
from evenweave.selfassessments.models import SelfAssessment
from evenweave.selfassessments.queries.comparing import (
    Comparison,
    Pair,
    accuracy_for,
    comparison_for,
    open_items_by_root,
)
from evenweave.selfassessments.services.together import Incomplete, lacking, title_of
from evenweave.selfassessments.views.overview import frame
from evenweave.toolkit.parts import Link
from evenweave.toolkit.refusals import Refused

DISCUSS, WAITING, ADMITTED, EVERYTHING = "discuss", "waiting", "admitted", "all"


@require_GET
@requires(Action.SELF_ASSESSMENT_VIEW)
def self_together(request: HttpRequest, ref: str) -> HttpResponse:
    found, comparison = _compared(request, ref, Action.SELF_ASSESSMENT_VIEW)
    ways = {
        DISCUSS: (_("To discuss"), [pair for pair in comparison.pairs if pair.is_to_discuss]),
        WAITING: (_("Proposed"), [pair for pair in comparison.pairs if pair.waits]),
        ADMITTED: (_("Not met"), comparison.admitted), EVERYTHING: (_("All"), list(comparison.pairs)),
    }
    show = request.GET.get("show", DISCUSS)
    show = show if show in ways else DISCUSS
    language = screens.reading_language()
    groups: dict[str, list[dict]] = {}
    for pair in ways[show][1]:
        groups.setdefault(comparison.titles[pair.question.cluster], []).append(screens.pair_row(pair, language))
    here = reverse("self_together", args=[ref])
    return render(request, "selfassessments/together.html", frame(request, found) | {
        "sentence": screens.comparison_sentence(comparison), "groups": list(groups.items()),
        "chips": [
            Link(title, f"{here}?show={key}", is_current=key == show, count=len(pairs))
            for key, (title, pairs) in ways.items()
        ],
    })


def _compared(request: HttpRequest, ref: str, action: Action) -> tuple[SelfAssessment, Comparison]:
    """Http404 before both sides have given theirs."""
    found = queries.one_for(request.user, action, ref)
    return found, comparison_for(request.user, found, screens.reading_language())


@require_http_methods(["GET", "POST"])
@requires(Action.SELF_ASSESSMENT_VIEW)
def self_pair(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    """One question: both sides, and an answer that one proposes for the whole factory."""
    found, comparison = _compared(request, ref, Action.SELF_ASSESSMENT_VIEW)
    pair = comparison.pair(question_id)
    if pair is None:
        raise Http404
    if request.method == "GET":
        return _pair_page(request, found, comparison, pair, ProposalForm(question=pair.question))
    if not queries.may_on(request.user, Action.SELF_ASSESSMENT_ANSWER, found):
        raise Http404
    form = ProposalForm(request.POST, question=pair.question)
    if form.is_valid():
        try:
            services.propose(ref=ref, question_id=question_id, by=request.user, **form.cleaned_data)
            return redirect("self_pair", ref, question_id)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return _pair_page(request, found, comparison, pair, form, status=422)


def _pair_page(
    request: HttpRequest, found: SelfAssessment, comparison: Comparison, pair: Pair, form: ProposalForm,
    refused: str = "", status: int = 200,
) -> HttpResponse:
    language = screens.reading_language()
    side = queries.side_of(request.user, found.cycle.factory)
    can_settle = found.state == SelfState.COMPARED and side is not None
    item = item_for(pair.question.roots, open_items_by_root(found))
    return render(request, "selfassessments/pair.html", frame(request, found) | {
        "row": screens.pair_row(pair, language), "pair": pair, "form": form if can_settle else None,
        "refused": refused, "cluster": comparison.titles[pair.question.cluster],
        "proposed": screens.answer_tag(pair.question, pair.proposal.answer) if pair.proposal else None,
        "may_agree": can_settle and pair.waits and pair.proposal.side != side, "item": item,
    }, status=status)


@require_POST
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_agree(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    found, comparison = _compared(request, ref, Action.SELF_ASSESSMENT_ANSWER)
    pair = comparison.pair(question_id)
    if pair is None:
        raise Http404
    try:
        services.agree(ref=ref, question_id=question_id, by=request.user)
    except Refused as refused:
        form = ProposalForm(question=pair.question)
        return _pair_page(request, found, comparison, pair, form, refused.message, status=422)
    return redirect("self_pair", ref, question_id)


@require_http_methods(["GET", "POST"])
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_hand_in(request: HttpRequest, ref: str) -> HttpResponse:
    """What is missing as links, what will stand in the plan; then hand in."""
    found, comparison = _compared(request, ref, Action.SELF_ASSESSMENT_ANSWER)
    refused = ""
    if request.method == "POST":
        try:
            services.hand_in(ref=ref, by=request.user)
            messages.success(request, _("The self-assessment is handed in."))
            return redirect("self_assessment", ref)
        except Incomplete as incomplete:
            refused = incomplete.message
        except Refused as no:
            refused = no.message
    return render(
        request, "selfassessments/hand_in.html",
        frame(request, found) | _before_handing_in(request, found, comparison) | {"refused": refused},
        status=422 if refused else 200,
    )


def _before_handing_in(request: HttpRequest, found: SelfAssessment, comparison: Comparison) -> dict:
    language = screens.reading_language()
    answers, profile = lacking(found, comparison)
    open_answers = [
        (pair.question.text(language), reverse("self_pair", args=[found.ref, pair.question.id]),
         comparison.titles[pair.question.cluster])
        for pair in comparison.pairs if not pair.compared.is_answered
    ]
    items = open_items_by_root(found)
    return {
        "is_ready": not answers and not profile and found.state == SelfState.COMPARED,
        "answers_words": ngettext(
            "One more answer of both sides is needed.", "%(count)s more answers of both sides are needed.", answers
        ) % {"count": answers} if answers else "",
        "open_answers": open_answers if answers else [],
        "profile": screens.profile_rows(
            profile, found.cycle.factory, may_edit=may(request.user, Action.FACTORY_EDIT, found.cycle.factory)
        ),
        "differs": comparison.count(Match.DIFFERS),
        "admitted": [
            (title_of(pair, language), item_for(pair.question.roots, items)) for pair in comparison.admitted
        ],
    }


@require_GET
@requires(Action.SELF_ASSESSMENT_VIEW)
def self_accuracy(request: HttpRequest, ref: str) -> HttpResponse:
    """Http404 while no later assessment is released: whether there will be one stays unknown."""
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_VIEW, ref)
    now = accuracy_for(request.user, found, screens.reading_language())
    if now is None:
        raise Http404
    rows = [screens.accuracy_row(now.titles.get(row.cluster, row.cluster), row) for row in now.clusters]
    return render(request, "selfassessments/accuracy.html", frame(request, found) | {
        "sentence": screens.accuracy_sentence(now), "labels": screens.accuracy_labels(),
        "rows": [*rows, screens.accuracy_row(_("All clusters"), now.total)], "compared": now.total.compared,
    })
