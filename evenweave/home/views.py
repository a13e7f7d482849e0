"""The desk, the log, stored files, and the demo's door."""

from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import public, requires
from evenweave.home.queries import demo as demos
from evenweave.home.queries import desk as desks
from evenweave.home.queries import files, log
from evenweave.toolkit.files import open_stored
from evenweave.toolkit.tables import Column, columns

PAGE_SIZE = 50
INLINE = {"image/jpeg", "image/png", "image/webp"}


@require_GET
@public(because="nobody finds the way in here; who is signed in finds their desk")
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html", {"may_enter_demo": demos.may_enter_the_demo(request)})
    return redirect("desk")


@require_GET
@requires(Action.DESK_VIEW)
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "home/desk.html", {"desk": desks.desk_of(request.user)})


@require_GET
@requires(Action.LOG_VIEW)
def log_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(log.steps_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "home/log_list.html", {"page": page, "steps": log.in_words(page, request.user)})


@require_GET
@requires(Action.FILE_VIEW)
def file(request: HttpRequest, ref: str) -> HttpResponse:
    stored = files.file_for(request.user, ref)
    if stored is None:
        raise Http404
    response = FileResponse(
        open_stored(stored),
        content_type=stored.content_type,
        filename=stored.name,
        as_attachment=stored.content_type not in INLINE,
    )
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
@public(because="the demo's people are invented; the page exists only in a demo database on loopback")
def demo(request: HttpRequest) -> HttpResponse:
    if not demos.may_enter_the_demo(request):
        raise Http404
    heads = columns(request, Column("name", _("Who")), Column("try_this", _("Look at")), Column("enter", _("Enter")))
    countries = demos.people_by_country(get_language() or "en")
    return render(request, "home/demo.html", {"countries": countries, "columns": heads})


@csrf_exempt  # whoever reaches the demo's door may become anybody in it anyway: a script needs no page first
@require_POST
@public(because="one-click sign-in exists only in a demo database on loopback")
def demo_sign_in(request: HttpRequest, key: str) -> HttpResponse:
    if not demos.may_enter_the_demo(request):
        raise Http404
    known = get_object_or_404(demos.demo_people(), key=key)
    login(request, known.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("desk")
