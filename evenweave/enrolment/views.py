"""Pages of cycles, sharing, credits and invoices."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.enrolment import queries, screens, services
from evenweave.enrolment.forms import (
    ConsentForm,
    CreditsForm,
    CycleForm,
    PaidForm,
    ProposalForm,
    RevokeForm,
    SpendForm,
)
from evenweave.organisations.tabs import band
from evenweave.programmes.queries import programme_name, proposed_file, whole_file
from evenweave.toolkit.parts import Fact, Knot
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns


def _refused(form, refusal: Refused) -> None:
    """Put a refusal where it belongs on the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


@require_http_methods(["GET", "POST"])
@requires(Action.CYCLE_OPEN)
def cycle_open(request: HttpRequest, ref: str) -> HttpResponse:
    factory = get_object_or_404(queries.factories_to_enter(request.user), ref=ref)
    form = CycleForm(
        request.POST or None, staff=queries.staff_of(factory.programme), sectors=queries.sectors_of(factory)
    )
    if form.is_valid():
        try:
            cycle = services.open_cycle(factory_ref=ref, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("Cycle %(number)s is open.") % {"number": cycle.number})
            return redirect(cycle)
    return render(
        request, "enrolment/cycle_open.html", {"form": form, "factory": factory, "band": band(request, factory)}
    )


@require_GET
@requires(Action.CYCLE_VIEW)
def cycle_list(request: HttpRequest, ref: str) -> HttpResponse:
    cycles = list(queries.cycles_for(request.user).filter(factory__ref=ref))
    factory = cycles[0].factory if cycles else get_object_or_404(queries.factories_with_cycles(request.user), ref=ref)
    shown = {
        "factory": factory,
        "cycles": cycles,
        "band": band(request, factory),
        "may_open": queries.factories_to_enter(request.user).filter(ref=ref).exists(),
    }
    return render(request, "enrolment/cycle_list.html", shown)


@require_GET
@requires(Action.CYCLE_VIEW)
def cycle_page(request: HttpRequest, ref: str) -> HttpResponse:
    cycle = get_object_or_404(queries.cycles_for(request.user), ref=ref)
    steps = queries.steps_for(request.user, cycle)
    facts = [
        Fact(_("Package"), cycle.get_package_display()),
        Fact(_("Sector"), cycle.get_sector_display()),
        Fact(_("From"), date_format(cycle.starts_on)),
        Fact(_("Until"), date_format(cycle.ends_on)),
        Fact(_("Coaches"), ", ".join(person.name for person in queries.coaches_of(cycle.factory)) or _("None yet")),
    ]
    shown = {
        "cycle": cycle,
        "facts": facts,
        "knots": [_knot(line) for line in steps],
        "invoices": queries.invoices_for(request.user).filter(cycle=cycle),
        "band": band(request, cycle.factory),
    }
    return render(request, "enrolment/cycle_page.html", shown)


def _knot(line: queries.StepLine) -> Knot:
    if line.done_on:
        return Knot(line.title, "past", _("done %(day)s") % {"day": date_format(line.done_on)})
    due = _("due %(day)s") % {"day": date_format(line.due_on)} if line.due_on else ""
    return Knot(line.title, "to-come", " · ".join(part for part in (due, str(line.owner.label)) if part))


@require_http_methods(["GET", "POST"])
@requires(Action.CONSENT_VIEW)
def sharing(request: HttpRequest, ref: str) -> HttpResponse:
    """The consent ledger of a factory, and its manager's form to add a line."""
    factory = get_object_or_404(queries.factories_of_ledger(request.user), ref=ref)
    may_decide = queries.may_decide_sharing(request.user, factory)
    if request.method == "POST" and not may_decide:
        raise Http404
    form = ConsentForm(request.POST or None, buyers=queries.buyers_without_consent(factory)) if may_decide else None
    if form is not None and form.is_valid():
        try:
            consent = services.give_consent(factory_ref=ref, buyer_ref=form.cleaned_data["buyer"], by=request.user)
        except Refused as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("%(buyer)s may now read what it pays for.") % {"buyer": consent.buyer.name})
            return redirect("sharing", ref)
    consents = list(queries.consents_for(request.user, factory))
    shown = {
        "factory": factory,
        "band": band(request, factory),
        "form": form,
        "may_decide": may_decide,
        "standing": [consent for consent in consents if consent.revoked_at is None],
        "ended": [consent for consent in consents if consent.revoked_at is not None],
        "heads": columns(
            request, Column("buyer", _("Buyer")), Column("since", _("Since")), Column("act", _("Withdraw"))
        ),
        "ended_heads": columns(
            request,
            Column("buyer", _("Buyer")),
            Column("since", _("From")),
            Column("until", _("Until")),
            Column("reason", _("Reason")),
        ),
    }
    return render(request, "enrolment/sharing.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.CONSENT_GIVE)
def consent_revoke(request: HttpRequest, ref: str, buyer_ref: str) -> HttpResponse:
    factory = get_object_or_404(queries.factories_to_share(request.user), ref=ref)
    consent = get_object_or_404(queries.consents_for(request.user, factory), buyer__ref=buyer_ref, revoked_at=None)
    form = RevokeForm(request.POST or None)
    if form.is_valid():
        services.revoke_consent(
            factory_ref=ref, buyer_ref=buyer_ref, reason=form.cleaned_data["reason"], by=request.user
        )
        messages.success(
            request, _("%(buyer)s reads nothing of your factory any more.") % {"buyer": consent.buyer.name}
        )
        return redirect("sharing", ref)
    shown = {"factory": factory, "consent": consent, "form": form, "band": band(request, factory)}
    return render(request, "enrolment/consent_revoke.html", shown)


@require_GET
@requires(Action.CREDIT_VIEW)
def credit_list(request: HttpRequest) -> HttpResponse:
    """Every buyer whose credits the person may see; a buyer's officer sees their own."""
    buyers = list(queries.buyers_of(request.user))
    if len(buyers) == 1:
        return redirect("buyer_credits", buyers[0].ref)
    heads = columns(request, Column("buyer", _("Buyer")), Column("kind", _("Kind")))
    return render(request, "enrolment/credit_list.html", {"buyers": buyers, "heads": heads})


@require_GET
@requires(Action.CREDIT_VIEW)
def buyer_credits(request: HttpRequest, ref: str) -> HttpResponse:
    buyer = get_object_or_404(queries.buyers_of(request.user), ref=ref)
    return _buyer_page(request, buyer)


def _buyer_page(request: HttpRequest, buyer, *, buying: CreditsForm | None = None, spending: SpendForm | None = None):
    may_buy = queries.may_buy(request.user, buyer)
    cycles = queries.cycles_to_pay(buyer)
    purchases = queries.purchases_of(request.user, buyer)
    shown = {
        "buyer": buyer,
        "may_buy": may_buy,
        "cycles": cycles,
        "left": sum(held.left for held in purchases),
        "purchases": purchases,
        "spent": queries.spent_by(request.user, buyer),
        "tiers": queries.tiers_for(queries.programme_of(buyer)),
        "buying": buying or _credits_form(buyer),
        "spending": spending or SpendForm(cycles=cycles),
        "heads": columns(
            request,
            Column("bought", _("Bought")),
            Column("quantity", _("Credits"), is_number=True),
            Column("price", _("Each"), is_number=True),
            Column("left", _("Left"), is_number=True),
            Column("invoice", _("Invoice")),
        ),
    }
    return render(request, "enrolment/buyer_credits.html", shown)


def _credits_form(buyer, data=None) -> CreditsForm:
    proposed = queries.programme_of(buyer)
    return CreditsForm(data, programmes=queries.programmes_selling_credits(), proposed=proposed)


@require_POST
@requires(Action.CREDIT_BUY)
def credits_buy(request: HttpRequest, ref: str) -> HttpResponse:
    buyer = get_object_or_404(queries.buyers_to_buy_for(request.user), ref=ref)
    form = _credits_form(buyer, request.POST)
    if form.is_valid():
        try:
            purchase = services.buy_credits(buyer_ref=ref, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("The invoice is made. The credits count once it is paid."))
            return redirect(purchase.invoice)
    return _buyer_page(request, buyer, buying=form)


@require_POST
@requires(Action.CREDIT_BUY)
def credit_spend(request: HttpRequest, ref: str) -> HttpResponse:
    buyer = get_object_or_404(queries.buyers_to_buy_for(request.user), ref=ref)
    form = SpendForm(request.POST, cycles=queries.cycles_to_pay(buyer))
    if form.is_valid():
        try:
            spent = services.spend_credit(buyer_ref=ref, cycle_ref=form.cleaned_data["cycle"], by=request.user)
        except Refused as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("%(cycle)s is open to you.") % {"cycle": spent.cycle})
            return redirect("buyer_credits", ref)
    return _buyer_page(request, buyer, spending=form)


@require_GET
@requires(Action.INVOICE_VIEW)
def invoice_list(request: HttpRequest) -> HttpResponse:
    heads = columns(
        request,
        Column("number", _("Invoice")),
        Column("payer", _("For")),
        Column("issued", _("Issued")),
        Column("due", _("Due")),
        Column("total", _("Amount"), is_number=True),
        Column("state", _("State")),
    )
    return render(
        request, "enrolment/invoice_list.html", {"invoices": queries.invoices_for(request.user)[:200], "heads": heads}
    )


@require_http_methods(["GET", "POST"])
@requires(Action.INVOICE_VIEW)
def invoice_page(request: HttpRequest, ref: str) -> HttpResponse:
    """An invoice for its payer and its issuer; the issuer notes here that it was paid."""
    invoice = get_object_or_404(queries.invoices_for(request.user), ref=ref)
    may_settle = queries.may_settle(request.user, invoice)
    if request.method == "POST" and not may_settle:
        raise Http404
    form = PaidForm(request.POST or None) if may_settle and not invoice.paid_on else None
    if form is not None and form.is_valid():
        try:
            services.settle_invoice(invoice_ref=ref, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("Noted as paid."))
            return redirect("invoice_page", ref)
    return render(request, "enrolment/invoice_page.html", {"invoice": invoice, "form": form})


MOST_SHOWN = 200


@require_http_methods(["GET", "POST"])
@requires(Action.RULES_COMPARE)
def rule_changes(request: HttpRequest, code: str) -> HttpResponse:
    """The running cycles that the rules in force break against those each was enrolled under or, with a file, the
    cycles that it would break. Nothing is kept of the file."""
    if not queries.may_compare(request.user, code):
        raise Http404
    form = ProposalForm(request.POST or None, request.FILES or None) if request.method == "POST" else ProposalForm()
    faults: list[str] = []
    data = whole_file(code)
    if form.is_valid():
        data, faults = proposed_file(code, form.cleaned_data["file"])
    found = [] if faults or form.errors else queries.broken_cycles(
        code, data, among=queries.cycles_to_compare(request.user)
    )
    shown = {
        "form": form, "faults": faults, "is_proposal": form.is_bound, "code": code,
        "name": programme_name(code, get_language() or "en"), "count": len(found),
        "lines": screens.broken_lines(found[:MOST_SHOWN]),
        "columns": [_("Factory"), _("Cycle"), _("Since"), _("What would break")],
    }
    return render(request, "enrolment/rule_changes.html", shown, status=422 if faults or form.errors else 200)
