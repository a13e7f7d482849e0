"""Drafts kept on the device: the server says which one it has saved.

A form with `{% keep_draft "key" %}` sends `ew-draft`. When its answer is a redirect that does not lead to
sign-in,
the step was taken: a short cookie names the draft and the page's script forgets it. Anything else (errors
in the
form, an expired sign-in, an error of ours, no network) leaves the draft where it is.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.text import slugify

COOKIE = "ew_saved"
SECONDS = 300


class SavedDrafts:
    """Middleware: names the draft that a redirect has answered."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if request.method == "POST" and response.status_code in (302, 303):
            self._name_saved(request, response)
        return response

    def _name_saved(self, request: HttpRequest, response: HttpResponse) -> None:
        draft = slugify(request.POST.get("ew-draft", ""))
        if not draft or response["Location"].startswith(resolve_url(settings.LOGIN_URL)):
            return
        response.set_cookie(COOKIE, draft, max_age=SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
