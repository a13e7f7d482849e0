"""Inviting people, joining, one's own account."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import public, requires
from evenweave.people import queries, services
from evenweave.people.forms import AccountForm, InviteForm, JoinForm
from evenweave.toolkit.refusals import Refused

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
@requires(Action.PERSON_INVITE)
def person_invite(request: HttpRequest) -> HttpResponse:
    offers = queries.offers_for(request.user)
    form = InviteForm(request.POST or None, offers={key: offer.label for key, offer in offers.items()})
    link = ""
    if form.is_valid():
        _invitation, path = services.invite_by_mail(
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            offer=offers[form.cleaned_data["offer"]],
            by=request.user,
        )
        link = request.build_absolute_uri(path)
    return render(request, "people/person_invite.html", {"form": form, "link": link})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@public(because="the invited person has no account yet; the link's secret is the proof")
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = services.open_invitation(token=token)
    if invitation is None:
        return render(request, "people/invitation_closed.html", status=410)
    form = JoinForm(request.POST or None, invitation=invitation, initial={"language": translation.get_language()})
    if form.is_valid():
        try:
            person = services.accept_invitation(token=token, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            login(request, person, backend=BACKEND)
            return redirect("desk")
    return render(request, "people/invitation_accept.html", {"form": form, "invitation": invitation})


@require_http_methods(["GET", "POST"])
@requires(Action.DESK_VIEW)
def account(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        translation.activate(request.user.reads_in)
        messages.success(request, _("Saved."))
        return redirect("account")
    return render(request, "people/account.html", {"form": form})
