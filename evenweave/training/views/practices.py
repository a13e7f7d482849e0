"""The library of good practice, and how a text comes into it and goes out of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import factory_for
from evenweave.toolkit.paging import page_of
from evenweave.training import screens, services
from evenweave.training.enums import CourseKind
from evenweave.training.forms import ConfirmForm, ConsentForm, LibraryForm, PracticeForm
from evenweave.training.models import Practice
from evenweave.training.queries.courses import courses, said
from evenweave.training.queries.seminars import (
    Told,
    consent_of,
    drafts_for,
    library,
    may,
    practices_to,
    told,
)
from evenweave.training.views.frame import form_page, take


def _subjects() -> list[tuple[str, str]]:
    return [(course.key, said(course.title)) for course in courses() if course.kind != CourseKind.CUSTOM]


@require_GET
@requires(Action.SEMINAR_VIEW)
def practice_list(request: HttpRequest) -> HttpResponse:
    filters = LibraryForm(request.GET, courses=_subjects())
    data = filters.cleaned_data if filters.is_valid() else {}
    found = library(request.user, data.get("words", ""), data.get("course", ""))
    page = page_of(request, found)
    shown = {"filters": filters, "page": page, "rows": told(page.object_list), "is_filtered": any(data.values())}
    return render(request, "training/practice_list.html", shown)


@require_GET
@requires(Action.SEMINAR_VIEW)
def practice(request: HttpRequest, ref: str) -> HttpResponse:
    """The text: from the library for everybody, before and after for those who work on it."""
    own = drafts_for(request.user).filter(ref=ref).first()
    one = library(request.user).filter(ref=ref).first() or own
    if one is None:
        raise Http404
    is_ours = own is not None
    consent = consent_of(one) if is_ours else None
    shown = {
        "one": Told(one, one.factory.name if is_ours or one.is_named else ""),
        "tag": screens.practice_tag(one, consent) if is_ours else None, "consent": consent,
        "subject": screens.subject_words(one),
        "may_edit": is_ours and consent is None,
        "may_consent": consent is None and may(request.user, Action.PRACTICE_CONSENT, one),
        "may_withdraw": consent is not None and may(request.user, Action.PRACTICE_CONSENT, one),
        "may_publish": consent is not None and one.published_at is None
        and may(request.user, Action.PRACTICE_PUBLISH, one),
    }
    return render(request, "training/practice.html", shown)


def _practice(request: HttpRequest, ref: str, action: Action) -> Practice:
    return get_object_or_404(practices_to(request.user, action), ref=ref)


@require_http_methods(["GET", "POST"])
@requires(Action.PRACTICE_WRITE)
def practice_write(request: HttpRequest, ref: str) -> HttpResponse:
    factory: Factory | None = factory_for(request.user, ref, Action.PRACTICE_WRITE)
    if factory is None:
        raise Http404
    form = PracticeForm(request.POST if request.method == "POST" else None, courses=_subjects())
    if request.method == "POST" and form.is_valid():
        made = take(form, lambda: services.write_practice(factory_ref=ref, by=request.user, **form.cleaned_data))
        if made:
            messages.success(request, _("Saved. Others read it once the factory's manager has consented and the "
                                        "programme has published it."))
            return redirect(made)
    return form_page(
        request, form, _("Write down a good practice"), _("What worked here, so that others can do it."), _("Save"),
        reverse("factory_training", args=[ref]), _("Training"), factory=factory, draft="practice-write",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.PRACTICE_WRITE)
def practice_edit(request: HttpRequest, ref: str) -> HttpResponse:
    one = _practice(request, ref, Action.PRACTICE_WRITE)
    form = PracticeForm(
        request.POST if request.method == "POST" else None, courses=_subjects(),
        initial={name: getattr(one, name) for name in ("title", "problem", "done", "result", "course")},
    )
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.edit_practice(ref=ref, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Saved."))
        return redirect(one)
    return form_page(
        request, form, _("Change the text"), _("Only while no consent stands."), _("Save"), one.get_absolute_url(),
        one.title, factory=one.factory, draft="practice-edit",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.PRACTICE_CONSENT)
def practice_consent(request: HttpRequest, ref: str) -> HttpResponse:
    one = _practice(request, ref, Action.PRACTICE_CONSENT)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(form, lambda: services.consent_to_practice(
        ref=ref, is_named=form.cleaned_data["is_named"] == "yes", by=request.user
    )):
        messages.success(request, _("Thank you. The programme publishes it."))
        return redirect(one)
    return form_page(
        request, form, _("Let others read “%(title)s”?") % {"title": one.title},
        _("Factories, buyers and staff of all programmes read it in the library. You can withdraw at any time; then "
          "nobody reads it any more."),
        _("Give consent"), one.get_absolute_url(), one.title, factory=one.factory,
    )


@require_http_methods(["GET", "POST"])
@requires(Action.PRACTICE_CONSENT)
def practice_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    one = _practice(request, ref, Action.PRACTICE_CONSENT)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.withdraw_practice(ref=ref, by=request.user)
    ):
        messages.success(request, _("Withdrawn. Nobody reads it in the library any more."))
        return redirect(one)
    return form_page(
        request, form, _("Withdraw consent"), _("It leaves the library at once. The text stays with you."),
        _("Withdraw consent"), one.get_absolute_url(), one.title, factory=one.factory, is_bad=True,
    )


@require_http_methods(["GET", "POST"])
@requires(Action.PRACTICE_PUBLISH)
def practice_publish(request: HttpRequest, ref: str) -> HttpResponse:
    one = _practice(request, ref, Action.PRACTICE_PUBLISH)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.publish_practice(ref=ref, by=request.user)
    ):
        messages.success(request, _("Published."))
        return redirect(one)
    return form_page(
        request, form, _("Publish “%(title)s”") % {"title": one.title},
        _("Everybody who learns here reads it, in all programmes, as long as the factory's consent stands."),
        _("Publish it"), one.get_absolute_url(), one.title, factory=one.factory,
    )
