"""Who trained whom, and what the programme's staff are accredited for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.enrolment.queries import staff_of
from evenweave.organisations.queries import programmes_for
from evenweave.people.queries import accreditations_for
from evenweave.programmes.queries import programme_names
from evenweave.toolkit import clock
from evenweave.toolkit.tables import Column, columns
from evenweave.training import screens, services
from evenweave.training.forms import AccreditForm, PassedForm, WithdrawForm
from evenweave.training.queries.trainers import own_trainers, tree_for
from evenweave.training.views.frame import form_page, take


@require_GET
@requires(Action.TRAINING_PEOPLE)
def trainer_tree(request: HttpRequest) -> HttpResponse:
    """The programme's trainers, the factories' own trainers, and how many workers they have reached."""
    may_note = set(own_trainers(request.user, Action.TRAINING_REGISTER).values_list("pk", flat=True))
    heads = columns(
        request, Column("name", _("Trainer")), Column("factory", _("Factory")), Column("days", _("Days"), True),
        Column("women", _("Women"), True), Column("men", _("Men"), True), Column("act", _("Act")),
    )
    shown = {"branches": tree_for(request.user), "heads": heads, "may_note": may_note}
    return render(request, "training/trainers.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.TRAINING_REGISTER)
def trainer_passed(request: HttpRequest, ref: str) -> HttpResponse:
    one = get_object_or_404(own_trainers(request.user, Action.TRAINING_REGISTER), ref=ref)
    form = PassedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.note_passed_on(certificate_ref=ref, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Saved."))
        return redirect("trainer_tree")
    return form_page(
        request, form, _("Note a training by %(name)s") % {"name": one.registration.name},
        _("How many workers were trained on a day; no names."), _("Save"), reverse("trainer_tree"),
        _("Who trained whom"), factory=one.registration.factory,
    )


@require_GET
@requires(Action.ACCREDITATION_VIEW)
def accreditation_list(request: HttpRequest) -> HttpResponse:
    today = clock.now().date()
    heads = columns(
        request, Column("name", _("Name")), Column("as", _("As")), Column("programme", _("Programme")),
        Column("until", _("Until")), Column("state", _("State")), Column("act", _("Act")),
    )
    may_give = set(accreditations_for(request.user, Action.ACCREDITATION_GIVE).values_list("pk", flat=True))
    shown = {
        "heads": heads,
        "rows": [
            (one, screens.accreditation_tag(one, today), one.pk in may_give and one.withdrawn_on is None)
            for one in accreditations_for(request.user).order_by("person__name", "-until_on")
        ],
        "may_give": bool(programmes_for(request.user, Action.ACCREDITATION_GIVE)),
    }
    return render(request, "training/accreditations.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.ACCREDITATION_GIVE)
def accreditation_give(request: HttpRequest) -> HttpResponse:
    names = programme_names(get_language() or "en")
    mine = {code: names[code] for code in programmes_for(request.user, Action.ACCREDITATION_GIVE) if code in names}
    staff = {person.ref: person.name for code in mine for person in staff_of(code)}
    form = AccreditForm(request.POST if request.method == "POST" else None, programmes=mine, staff=staff)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        if take(form, lambda: services.accredit(person_ref=data.pop("person"), by=request.user, **data)):
            messages.success(request, _("Saved."))
            return redirect("accreditation_list")
    return form_page(
        request, form, _("Accredit somebody of the staff"),
        _("Who is accredited once and lets it run out is not given the task any more."), _("Save"),
        reverse("accreditation_list"), _("Accreditations"),
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ACCREDITATION_GIVE)
def accreditation_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    one = get_object_or_404(accreditations_for(request.user, Action.ACCREDITATION_GIVE), ref=ref)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(form, lambda: services.withdraw_accreditation(
        ref=ref, reason=form.cleaned_data["reason"], by=request.user
    )):
        messages.success(request, _("Withdrawn."))
        return redirect("accreditation_list")
    return form_page(
        request, form, _("Withdraw the accreditation of %(name)s") % {"name": one.person.name},
        _("It holds no more from today on. Tasks given before stay given."), _("Withdraw it"),
        reverse("accreditation_list"), _("Accreditations"), is_bad=True,
    )
