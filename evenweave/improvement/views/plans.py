"""The plan of a factory: board, list, dates; adding an item; sharing; talking about the whole."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action, Shared
from evenweave.access.routes import requires
from evenweave.improvement import queries, screens, services
from evenweave.improvement.enums import Lane
from evenweave.improvement.forms import MessageForm, PlanFilter, SelfFoundForm
from evenweave.improvement.queries import PlanRead, Wanted
from evenweave.improvement.queries.wording import tool_to_ask
from evenweave.organisations.tabs import band
from evenweave.toolkit.paging import page_of, said
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns

VIEWS = ("board", "list", "dates")
ONLY = ("mine", "late", "public")


@require_GET
@requires(Action.PLAN_VIEW)
def plan_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, queries.plans_for(request.user))
    if page.paginator.count == 1 and not request.GET:
        return redirect(page.object_list[0])
    heads = columns(
        request,
        Column("factory", _("Factory")),
        Column("place", _("Place")),
        Column("open", _("Open items"), is_number=True),
        Column("waiting", _("Waiting for check"), is_number=True),
    )
    count = page.paginator.count
    sentence = ngettext("%(count)s plan.", "%(count)s plans.", count) % {"count": count}
    loads = queries.loads_of(request.user, list(page.object_list))
    rows = [(plan, loads.get(plan.pk, queries.Load())) for plan in page]
    shown = {"page": page, "rows": rows, "said": said(page), "heads": heads, "sentence": sentence}
    return render(request, "improvement/plan_list.html", shown)


@require_GET
@requires(Action.PLAN_VIEW)
def plan(request: HttpRequest, factory_ref: str) -> HttpResponse:
    read = _open(request, factory_ref)
    if read.factory.merged_into is not None:
        return redirect("plan", read.factory.merged_into.ref)
    view = _one_of(request.GET.get("view"), VIEWS) or "board"
    wanted = Wanted(
        only=_one_of(request.GET.get("only"), ONLY),
        lane=_one_of(request.GET.get("lane"), Lane.values),
        cluster=request.GET.get("cluster", ""),
    )
    every, counts = queries.items_for(read)
    rows = [row for row in every if wanted.asks_for(row)]
    clusters = sorted({(row.item.cluster, row.cluster) for row in every if row.item.cluster}, key=lambda pair: pair[1])
    shown = _frame(request, read) | {
        "sentence": screens.plan_sentence(counts),
        "counts": counts,
        "marks": screens.plan_marks(counts),
        "view": view,
        "view_links": screens.view_links(request.GET, view),
        "filter_links": screens.filter_links(
            request.GET, counts, wanted.only, has_own=_can_be_waited_for(read), has_days=read.sees_details
        ),
        "filter": PlanFilter(request.GET, clusters=clusters),
        "is_filtered": bool(wanted.lane or wanted.cluster),
        "rows": rows,
        "may_add": read.may(Action.PLAN_EDIT),
        "may_share": _may_share(read),
        "locks": _locks(read),
    }
    template = {"board": "plan_board", "list": "plan_table", "dates": "plan_dates"}[view]
    return render(request, f"improvement/{template}.html", shown | _shown_as(view, rows, read, request))


def _shown_as(view: str, rows: list, read: PlanRead, request: HttpRequest) -> dict:
    if view == "board":
        return {"lanes": screens.lanes(rows, read, request.GET)}
    if view == "dates":
        return {"months": screens.by_month(rows, read)}
    heads = columns(
        request,
        Column("title", _("Item")),
        Column("state", _("State")),
        Column("agreement", _("Agreement")),
        Column("owner", _("Who")),
        Column("due", pgettext("day", "By")),
    )
    return {"heads": heads, "lines": [{"row": row, "card": screens.card(row, read), "tag": screens.lane_tag(row)}
                                      for row in rows]}


def _one_of(value: str | None, known) -> str:
    return value if value in known else ""


def _open(request: HttpRequest, factory_ref: str) -> PlanRead:
    read = queries.plan_for(request.user, factory_ref)
    if read is None:
        raise Http404
    return read


def _frame(request: HttpRequest, read: PlanRead) -> dict:
    return {
        "read": read, "factory": read.factory, "band": band(request, read.factory), "title": screens.plan_title(read),
    }


def _can_be_waited_for(read: PlanRead) -> bool:
    return read.may(Action.PLAN_EDIT) or read.may(Action.PLAN_VERIFY)


def _may_share(read: PlanRead) -> bool:
    return bool(read.plan and read.plan.details_sharing < Shared.BUYERS and read.may(Action.PROGRESS_WRITE))


def _locks(read: PlanRead) -> str:
    """What this reader does not see, and why."""
    if read.sees_details:
        return ""
    return _(
        "The factory has not shared causes, actions and proof yet. It does so with its first progress report, "
        "or before; from then on you read them here as they are."
    )


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_EDIT)
def plan_item_add(request: HttpRequest, factory_ref: str) -> HttpResponse:
    read = _open(request, factory_ref)
    if not read.may(Action.PLAN_EDIT):
        raise Http404
    form = SelfFoundForm(request.POST or None, tool=tool_to_ask(read.factory), language=request.user.language)
    if request.method == "POST" and form.is_valid():
        try:
            item = services.add_self_found(
                factory_ref=factory_ref, title=form.cleaned_data["title"], question_id=form.cleaned_data["question"],
                by=request.user,
            )
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("Item %(number)s is in the plan.") % {"number": item.number})
            return redirect(item)
    return render(request, "improvement/plan_item_add.html", _frame(request, read) | {"form": form})


@require_http_methods(["GET", "POST"])
@requires(Action.PROGRESS_WRITE)
def plan_share(request: HttpRequest, factory_ref: str) -> HttpResponse:
    read = _open(request, factory_ref)
    if read.plan is None or not read.may(Action.PROGRESS_WRITE):
        raise Http404
    if request.method == "POST":
        services.share_details(plan_ref=read.plan.ref, by=request.user)
        messages.success(request, _("Buyers that read an item now read its causes, actions and proof too."))
        return redirect(read.plan)
    if read.plan.details_sharing >= Shared.BUYERS:
        return redirect(read.plan)
    shown = _frame(request, read) | {"buyers": queries.readers_of_thread(read)}
    return render(request, "improvement/plan_share.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.THREAD_VIEW)
def plan_talk(request: HttpRequest, factory_ref: str) -> HttpResponse:
    read = _open(request, factory_ref)
    if read.plan is None or not read.may(Action.THREAD_VIEW):
        raise Http404
    form = MessageForm(request.POST or None)
    if request.method == "POST":
        if not read.may(Action.THREAD_WRITE):
            raise Http404
        if form.is_valid():
            try:
                services.write_message(plan_ref=read.plan.ref, text=form.cleaned_data["text"], by=request.user)
            except Refused as refused:
                form.add_error(refused.field, refused.message)
            else:
                return redirect("plan_talk", factory_ref)
    shown = _frame(request, read) | {
        "form": form,
        "messages_said": screens.messages_of(read, queries.thread_of(read)),
        "readers": screens.thread_sentence(queries.readers_of_thread(read)),
        "may_write": read.may(Action.THREAD_WRITE),
    }
    return render(request, "improvement/plan_talk.html", shown)
