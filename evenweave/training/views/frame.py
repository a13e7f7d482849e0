"""What the pages of this room share."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenweave.organisations.models import Factory
from evenweave.organisations.tabs import band
from evenweave.toolkit.refusals import Refused


def take[R](form: Form, step: Callable[[], R]) -> R | None:
    """Take the step of a valid form; a refusal becomes the form's error and nothing is saved."""
    try:
        return step()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None


def form_page(
    request: HttpRequest, form: Form, title: str, sentence: str, send: str, back: str, back_title: str, *,
    factory: Factory | None = None, draft: str = "", is_bad: bool = False, template: str = "training/form.html",
) -> HttpResponse:
    """A page with one form. 422 when something in it is wrong."""
    shown = {
        "form": form, "title": title, "sentence": sentence, "send": send, "back": back, "back_title": back_title,
        "draft": draft, "is_bad": is_bad, "factory": factory, "band": band(request, factory) if factory else None,
    }
    return render(request, template, shown, status=422 if form.errors else 200)
