"""A person's calendar feed: its address, renewed at will, and the feed itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import public, requires
from evenweave.committees import services
from evenweave.committees.queries import feed

CALENDAR = "text/calendar; charset=utf-8"


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_VIEW)
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The address is shown once, when it is made."""
    shown = {"address": "", "feed": None}
    if request.method == "POST":
        if request.POST.get("act") == "stop":
            services.stop_feed(by=request.user)
            messages.success(request, _("The address leads nowhere any more."))
            return redirect("calendar_feed")
        path = reverse("calendar_ics", args=[services.renew_feed(by=request.user)])
        shown["address"] = request.build_absolute_uri(path)
    shown["feed"] = feed.feed_of(request.user)
    return render(request, "committees/calendar_feed.html", shown)


@never_cache
@require_GET
@public(because="a calendar program cannot sign in; the address's secret is the proof, and its owner can renew it")
def calendar_ics(request: HttpRequest, token: str) -> HttpResponse:
    reader = feed.reader_of(token)
    if reader is None:
        raise Http404
    content = feed.calendar_of(reader, request.build_absolute_uri)
    answer = HttpResponse(content, content_type=CALENDAR)
    answer["Content-Disposition"] = 'inline; filename="committee.ics"'
    return answer
