"""One item: reading it, and each thing that can be done with it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action, Shared
from evenweave.access.routes import requires
from evenweave.improvement import queries, screens, services
from evenweave.improvement.enums import Lane
from evenweave.improvement.forms import (
    ActionForm,
    AnswerForm,
    CheckForm,
    DetailForm,
    DoneForm,
    EvidenceForm,
    MessageForm,
    WithdrawForm,
    detail_as_typed,
)
from evenweave.improvement.queries import ItemRead
from evenweave.improvement.queries.items import STEPS_SHOWN, action_for
from evenweave.organisations.tabs import Band, band
from evenweave.toolkit.components.marks import spoken
from evenweave.toolkit.refusals import Refused


@require_GET
@requires(Action.PLAN_VIEW)
def plan_item(request: HttpRequest, ref: str) -> HttpResponse:
    return _item_page(request, _open(request, ref), MessageForm())


def _open(request: HttpRequest, ref: str) -> ItemRead:
    one = queries.item_for(request.user, ref)
    if one is None:
        raise Http404
    return one


def _to_work(request: HttpRequest, ref: str, action: Action = Action.PLAN_EDIT) -> ItemRead:
    """The item for somebody who may take the action on it; for all others there is nothing here."""
    one = _open(request, ref)
    if not one.read.may(action):
        raise Http404
    return one


def _frame(request: HttpRequest, one: ItemRead) -> dict:
    return {
        "one": one, "item": one.item, "read": one.read, "factory": one.read.factory,
        "band": _band(request, one), "plan_title": screens.plan_title(one.read),
        "item_word": screens.item_word(one.item),
    }


def _band(request: HttpRequest, one: ItemRead) -> Band:
    """The factory's band; an item stands under its plan's tab."""
    drawn, plan = band(request, one.read.factory), one.item.plan.get_absolute_url()
    return replace(drawn, links=[replace(link, is_current=link.href == plan) for link in drawn.links])


def _item_page(request: HttpRequest, one: ItemRead, form: MessageForm) -> HttpResponse:
    read, item = one.read, one.item
    steps = queries.steps_of(read, item)
    shown = _frame(request, one) | {
        "tags": screens.item_tags(one),
        "sentence": screens.item_sentence(one),
        "knots": screens.knots(one, steps),
        "found": screens.found_rows(one),
        "actions": screens.action_rows(one),
        "photos": screens.photos(one),
        "agreement": screens.agreement_of(item),
        "parties": screens.parties(one, steps),
        "disagreements": screens.disagreements(one),
        "checks": screens.check_rows(one),
        "facts": screens.facts(one),
        "readers": screens.readers(one),
        "steps": screens.step_lines(read, steps[:STEPS_SHOWN]),
        "older_steps": screens.step_lines(read, steps[STEPS_SHOWN:]),
        "moves": screens.move_buttons(one),
        "lacks": screens.lack_words(one),
        "has_answered": bool(one.answering_side and getattr(item, one.answering_side.value) != "not_yet"),
        "message_form": form,
        "messages_said": screens.messages_of(read, queries.thread_of(read, item)),
        "thread_readers": screens.thread_sentence(one.buyers, is_shared=item.sharing >= Shared.BUYERS),
        "may_write": read.may(Action.THREAD_WRITE),
        "may_withdraw": read.may(Action.PLAN_EDIT) and item.source == "self_found" and one.may_work,
        "today": read.today.isoformat(),
    }
    return render(request, "improvement/plan_item.html", shown)


def _take[R](form: Form, step: Callable[[], R]) -> R | None:
    """Take the step of a valid form; a refusal becomes the form's error and nothing is saved."""
    try:
        return step()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_EDIT)
def plan_item_edit(request: HttpRequest, ref: str) -> HttpResponse:
    one = _to_work(request, ref)
    theirs = None
    if request.method == "POST":
        form = DetailForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.edit_item(
                    ref=ref, immediate_action=data["immediate_action"], whys=form.whys(),
                    root_cause=data["root_cause"], revision=data["revision"], by=request.user,
                )
            except services.EditConflict as conflict:
                # What was typed stays in the form, on top of what is saved: sending it once more keeps it.
                theirs = conflict.theirs
                typed = request.POST.copy()
                typed["revision"] = str(theirs.revision)
                form = DetailForm(typed)
                form.add_error(None, conflict.message)
            except Refused as refused:
                form.add_error(refused.field, refused.message)
            else:
                messages.success(request, _("Saved."))
                return redirect(one.item)
    else:
        form = DetailForm(initial=detail_as_typed(one.detail) if one.detail else {"revision": 1})
    shown = _frame(request, one) | {"form": form, "theirs": theirs}
    return render(request, "improvement/plan_item_edit.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_EDIT)
def plan_action_add(request: HttpRequest, ref: str) -> HttpResponse:
    one = _to_work(request, ref)
    side = one.read.ties.side
    form = ActionForm(request.POST or None, initial={"owner_side": side} if side else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if _take(form, partial(services.add_action, ref=ref, by=request.user, **data)):
            messages.success(request, _("The action is in the plan."))
            return redirect(one.item)
    shown = _frame(request, one) | {
        "form": form, "form_title": _("Add an action"), "draft": "plan-action", "send": _("Add the action"),
        "form_sentence": _("Either side may propose; the item is the plan's once both agree."),
    }
    return render(request, "improvement/plan_item_form.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_EDIT)
def plan_action_done(request: HttpRequest, ref: str) -> HttpResponse:
    action = action_for(request.user, ref)
    if action is None:
        raise Http404
    one = _to_work(request, action.item.ref)
    form = DoneForm(request.POST or None, today=one.read.today)
    if request.method == "POST" and form.is_valid():
        done_on = form.cleaned_data["done_on"]
        if _take(form, partial(services.finish_action, action_ref=ref, done_on=done_on, by=request.user)):
            return redirect(one.item)
    shown = _frame(request, one) | {
        "form": form, "form_title": _("Note an action as done"), "form_sentence": action.text, "send": _("Done"),
    }
    return render(request, "improvement/plan_item_form.html", shown)


@require_POST
@requires(Action.PLAN_EDIT)
def plan_item_move(request: HttpRequest, ref: str) -> HttpResponse:
    one = _to_work(request, ref)
    to = request.POST.get("to", "")
    if to not in Lane.values:
        raise Http404
    try:
        item = services.move_item(ref=ref, status=screens.STATUS_OF_LANE[Lane(to)], by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        words = {"number": item.number, "state": item.get_status_display()}
        messages.success(request, _("Item %(number)s: %(state)s.") % words)
    return redirect(_back(request) or one.item)


def _back(request: HttpRequest) -> str:
    """The page of ours that the person came from; "" when it is not known."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return came_from if ours else ""


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_AGREE)
def plan_item_answer(request: HttpRequest, ref: str) -> HttpResponse:
    one = _to_work(request, ref, Action.PLAN_AGREE)
    form = AnswerForm(request.POST or None, initial={"position": request.GET.get("position", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if _take(form, partial(services.answer_agreement, ref=ref, by=request.user, **data)):
            messages.success(request, _("Your side's answer is noted."))
            return redirect(one.item)
    shown = _frame(request, one) | {
        "form": form, "form_title": _("Your side's answer"), "form_sentence": _title(one),
        "send": pgettext("act", "Answer"),
        "draft": "plan-answer",
    }
    return render(request, "improvement/plan_item_form.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_VERIFY)
def plan_item_check(request: HttpRequest, ref: str) -> HttpResponse:
    one = _to_work(request, ref, Action.PLAN_VERIFY)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        accepted = data["decision"] == "accepted"
        step = partial(
            services.decide_check, ref=ref, is_accepted=accepted, reason=data["reason"], by=request.user
        )
        if _take(form, step):
            messages.success(request, _("Verified.") if accepted else _("The item is back with the factory."))
            return redirect(one.item)
    shown = _frame(request, one) | {
        "form": form, "form_title": _("Check this item"), "form_sentence": _title(one), "send": _("Decide"),
        "draft": "plan-check",
    }
    return render(request, "improvement/plan_item_form.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_EDIT)
def plan_evidence_add(request: HttpRequest, ref: str) -> HttpResponse:
    one = _to_work(request, ref)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        step = partial(
            services.add_evidence, ref=ref, file=data["file"], note=data["note"],
            is_before=data["moment"] == "before", by=request.user,
        )
        if _take(form, step):
            messages.success(request, _("The photo is kept."))
            return redirect(one.item)
    shown = _frame(request, one) | {
        "form": form, "form_title": _("Add evidence"), "send": _("Send the photo"), "has_file": True,
        "form_sentence": _("Show no face and no name of a worker."), "draft": "plan-evidence",
    }
    return render(request, "improvement/plan_item_form.html", shown)


@require_POST
@requires(Action.THREAD_WRITE)
def plan_item_message(request: HttpRequest, ref: str) -> HttpResponse:
    one = _to_work(request, ref, Action.THREAD_WRITE)
    form = MessageForm(request.POST)
    if form.is_valid():
        step = partial(
            services.write_message, plan_ref=one.item.plan.ref, item_ref=ref, text=form.cleaned_data["text"],
            by=request.user,
        )
        if _take(form, step):
            return redirect(f"{one.item.get_absolute_url()}#talk")
    return _item_page(request, one, form)


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_EDIT)
def plan_item_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    one = _to_work(request, ref)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _take(form, partial(services.withdraw_item, ref=ref, reason=reason, by=request.user)):
            messages.success(request, _("The item left the plan. It stays readable with its reason."))
            return redirect(one.item)
    shown = _frame(request, one) | {
        "form": form, "form_title": _("Take the item out of the plan"), "form_sentence": _title(one),
        "send": _("Take it out"), "is_bad": True,
    }
    return render(request, "improvement/plan_item_form.html", shown)


def _title(one: ItemRead) -> SafeString:
    return spoken(one.item.title, one.item.language)
