"""Merging a factory with its duplicate: find, compare, check, merge; and splitting what was merged in error."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.exchange import queries, services
from evenweave.exchange.forms import TwinForm
from evenweave.exchange.screens import held_side_by_side, merge_facts, side_by_side, split_facts
from evenweave.organisations.tabs import band
from evenweave.toolkit.refusals import Refused


@require_GET
@requires(Action.FACTORY_MERGE)
def merge_find(request: HttpRequest, ref: str) -> HttpResponse:
    """The records that may be the same factory."""
    factory = queries.factory_to_merge(request.user, ref)
    form = TwinForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "")
    shown = {
        "factory": factory, "band": band(request, factory), "form": form, "words": words,
        "twins": queries.twins_of(request.user, factory, words),
        "heads": [_("Factory"), _("Place"), _("Address"), _("Likeness")],
        "merges": queries.merged_into(request.user, factory), "merge_heads": [_("Factory"), _("Merged"), _("By")],
    }
    return render(request, "exchange/merge_find.html", shown)


@require_GET
@requires(Action.FACTORY_MERGE)
def merge_compare(request: HttpRequest, ref: str, other: str) -> HttpResponse:
    """Two records side by side, to choose which one stays."""
    first, second = queries.factory_to_merge(request.user, ref), queries.factory_to_merge(request.user, other)
    held = held_side_by_side(queries.holdings_of(first), queries.holdings_of(second))
    shown = {
        "factory": first, "other": second, "band": band(request, first),
        "rows": side_by_side(first, second) + held, "heads": [_("Field"), first.name, second.name],
    }
    return render(request, "exchange/merge_compare.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.FACTORY_MERGE)
def merge_check(request: HttpRequest, ref: str, other: str) -> HttpResponse:
    """What will happen when `ref` stays and `other` leads to it, once more before it is done."""
    survivor, duplicate = queries.factory_to_merge(request.user, ref), queries.factory_to_merge(request.user, other)
    refused = ""
    if request.method == "POST":
        try:
            services.merge_factories(survivor_ref=ref, duplicate_ref=other, by=request.user)
        except Refused as problem:
            refused = problem.message
        else:
            messages.success(request, _("%(name)s is one record now.") % {"name": survivor.name})
            return redirect(survivor)
    held, taken = queries.holdings_of(duplicate), services.missing_in(survivor, duplicate)
    shown = {
        "factory": survivor, "other": duplicate, "band": band(request, survivor), "refused": refused,
        "facts": merge_facts(survivor, duplicate, held, taken),
    }
    return render(request, "exchange/merge_check.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.FACTORY_MERGE)
def split_check(request: HttpRequest, ref: str, other: str) -> HttpResponse:
    """What goes back when `other` is split from `ref` again, and what stays, before it is done."""
    merge = queries.merge_of(request.user, ref, other)
    refused = ""
    if request.method == "POST":
        try:
            factory = services.split_factories(survivor_ref=ref, duplicate_ref=other, by=request.user)
        except Refused as problem:
            refused = problem.message
        else:
            messages.success(request, _("%(name)s is a record of its own again.") % {"name": factory.name})
            return redirect(factory)
    shown = {
        "factory": merge.survivor, "other": merge.duplicate, "band": band(request, merge.survivor),
        "refused": refused, "facts": split_facts(merge, services.parting_of(merge)),
    }
    return render(request, "exchange/split_check.html", shown)
