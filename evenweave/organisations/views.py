"""The list of factories, a factory's overview, and the forms that change its profile."""

import json

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.organisations import queries, services
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.forms import FactoryFilter, FactoryForm, ReasonForm, flat
from evenweave.organisations.models import Factory
from evenweave.organisations.rules import merged_edits
from evenweave.organisations.screens import confidential_facts, identity_facts, locked_reason, readers, rows_of
from evenweave.organisations.tabs import actions_of, band, links_of_list
from evenweave.toolkit.paging import page_of, said
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns


@require_GET
@requires(Action.FACTORY_VIEW)
def factory_list(request: HttpRequest) -> HttpResponse:
    ties, seen = queries.ties_of(request.user), queries.seen_by(request.user)
    filters = _filters(request, ties, seen)
    wanted = filters.wanted()
    made = [
        Column("name", _("Factory"), is_sortable=True),
        Column("place", _("Place"), is_sortable=True),
        Column("sectors", _("Sectors")),
        Column("os_id", _("OS ID")),
    ]
    if not wanted.status:
        made.append(Column("status", _("Status")))
    heads = columns(request, *made, default="name")
    found = queries.factories_for(request.user, wanted, heads.sort, ties, seen)
    page = page_of(request, found.only(*queries.LISTED).prefetch_related(queries.open_sectors()))
    rows = rows_of(page.object_list, queries.consented_since(request.user, page.object_list, ties))
    shown = {
        "filters": filters, "heads": heads, "page": page, "rows": rows, "said": said(page),
        "sentence": _sentence(page.paginator), "actions": links_of_list(ties),
        "may_register": bool(ties.programmes(Action.FACTORY_REGISTER)),
    }
    return render(request, "organisations/factory_list.html", shown)


def _filters(request: HttpRequest, ties: queries.Ties, seen: QuerySet[Factory]) -> FactoryFilter:
    programmes = ties.programmes(Action.FACTORY_VIEW)
    chosen = request.GET.get("programme", "")
    one = programmes[0] if len(programmes) == 1 else chosen if chosen in programmes else ""
    regions = queries.regions_for(request.user, one, ties, seen) if one else []
    return FactoryFilter(request.GET, programmes=programmes, regions=regions)


def _sentence(paginator) -> str:
    counted = number_format(paginator.count, force_grouping=True)
    if paginator.is_more:
        return _("More than %(count)s factories. Filter them to see the rest.") % {"count": counted}
    count = paginator.count
    return ngettext("%(count)s factory.", "%(count)s factories.", count) % {"count": counted}


@require_GET
@requires(Action.FACTORY_VIEW)
def factory_page(request: HttpRequest, ref: str) -> HttpResponse:
    factory = queries.factory_for(request.user, ref)
    if factory is None:
        raise Http404
    if factory.status == FactoryStatus.MERGED:
        return _to_survivor(request, factory)
    profile = queries.profile_for(request.user, factory)
    is_listed = factory.status not in queries.UNLISTED
    may_edit = is_listed and queries.may(request.user, Action.FACTORY_EDIT, factory)
    may_close = is_listed and queries.may(request.user, Action.FACTORY_CLOSE, factory)
    agreed_at = queries.consented_since(request.user, [factory]).get(factory.pk)
    shown = {
        "factory": factory, "band": band(request, factory), "identity": identity_facts(factory),
        "profile": profile, "confidential": confidential_facts(factory, profile) if profile else [],
        "readers": readers() if profile else [], "may_edit": may_edit, "may_close": may_close,
        "locked": locked_reason(agreed_at) if agreed_at else "",
        "is_active": factory.status == FactoryStatus.ACTIVE, "is_closed": factory.status == FactoryStatus.CLOSED,
        "actions": actions_of(request.user, factory),
    }
    return render(request, "organisations/factory_page.html", shown)


def _to_survivor(request: HttpRequest, factory: Factory) -> HttpResponse:
    """Whoever may see the surviving record is led there; for all others there is nothing here."""
    survivor = queries.factory_for(request.user, factory.merged_into.ref)
    if survivor is None:
        raise Http404
    return redirect(survivor)


@require_http_methods(["GET", "POST"])
@requires(Action.FACTORY_REGISTER)
def factory_register(request: HttpRequest) -> HttpResponse:
    programmes = queries.programmes_for(request.user, Action.FACTORY_REGISTER)
    form = FactoryForm(request.POST or None, country=programmes[0], programmes=programmes)
    if request.method == "POST" and form.is_valid():
        try:
            factory = services.register_factory(data=form.profile(), by=request.user)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": factory.name})
            return redirect(factory)
    return render(request, "organisations/factory_register.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(Action.FACTORY_EDIT)
def factory_correct(request: HttpRequest, ref: str) -> HttpResponse:
    factory = _to_change(request, ref, Action.FACTORY_EDIT)
    overlaps: list[tuple[str, str, str]] = []
    is_changed_meanwhile = False
    if request.method == "POST":
        form = FactoryForm(request.POST, country=factory.country)
        if form.is_valid():
            try:
                services.correct_factory(
                    ref=ref, data=form.profile(), by=request.user, revision=form.cleaned_data["revision"]
                )
            except services.ChangedMeanwhile as changed:
                form, overlaps = _both_versions(form, changed, factory)
                is_changed_meanwhile = True
            except Refused as refused:
                form.add_error(refused.field, refused.message)
            else:
                messages.success(request, _("The profile is corrected."))
                return redirect(factory)
    else:
        form = _opened(factory, flat(services.profile_of(factory)), factory.revision)
    shown = {
        "factory": factory, "band": band(request, factory), "form": form, "overlaps": overlaps,
        "is_changed_meanwhile": is_changed_meanwhile,
        "heads": [_("Field"), _("As you typed it"), _("As it is saved now")],
        "other": queries.last_correction(factory) if is_changed_meanwhile else None,
    }
    return render(request, "organisations/factory_correct.html", shown)


def _opened(factory: Factory, fields: dict, revision: int, was: dict | None = None) -> FactoryForm:
    """The form as it is opened on what is saved (`was`), showing `fields`."""
    hidden = {"revision": revision, "was": json.dumps(was or fields, ensure_ascii=False)}
    return FactoryForm(country=factory.country, initial=fields | hidden)


def _both_versions(
    typed: FactoryForm, changed: services.ChangedMeanwhile, factory: Factory
) -> tuple[FactoryForm, list[tuple[str, str, str]]]:
    """The form again, with what this person typed and what the other saved where this person typed nothing, and
    the fields that both changed: (label, as typed, as saved)."""
    mine, now = flat(typed.profile()), flat(changed.profile)
    fields, both = merged_edits(typed.started_from(), mine, now)
    overlaps = [(typed[name].label, _in_words(mine[name]), _in_words(now[name])) for name in both]
    return _opened(factory, fields, changed.revision, was=now), overlaps


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(value) if isinstance(value, list) else str(value) or "–"


@require_http_methods(["GET", "POST"])
@requires(Action.FACTORY_CLOSE)
def factory_close(request: HttpRequest, ref: str) -> HttpResponse:
    """Closes an active factory, reopens a closed one; both with a reason."""
    factory = _to_change(request, ref, Action.FACTORY_CLOSE)
    act = services.close_factory if factory.status == FactoryStatus.ACTIVE else services.reopen_factory
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(ref=ref, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            return redirect(factory)
    shown = {
        "factory": factory, "band": band(request, factory), "form": form,
        "is_active": factory.status == FactoryStatus.ACTIVE,
    }
    return render(request, "organisations/factory_close.html", shown)


def _to_change(request: HttpRequest, ref: str, action: Action) -> Factory:
    factory = queries.factory_for(request.user, ref, action)
    if factory is None or factory.status in queries.UNLISTED:
        raise Http404
    return factory
