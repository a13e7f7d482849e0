"""The list of notices, opening one, stopping the digest."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import public, requires
from evenweave.notifications.queries import entries, notices_of
from evenweave.notifications.services import mute_digest, read_notice, record_of


@require_GET
@requires(Action.NOTICE_VIEW)
def notice_list(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/notice_list.html", {"entries": entries(notices_of(request.user)[:100])})


@require_GET
@requires(Action.NOTICE_VIEW)
def notice_open(request: HttpRequest, ref: str) -> HttpResponse:
    notice = read_notice(ref=ref, by=request.user)
    record = record_of(notice) if notice is not None else None
    if record is None:
        raise Http404
    return redirect(record.get_absolute_url())


@csrf_exempt  # one click in a mail program carries no cookie; the signed link is the proof
@require_http_methods(["GET", "POST"])
@public(because="a reader stops the weekly mail by the signed link in it, signed in or not")
def digest_mute(request: HttpRequest, signed_ref: str) -> HttpResponse:
    if request.method == "POST":
        try:
            mute_digest(signed_ref=signed_ref)
        except BadSignature as fault:
            raise Http404 from fault
        return render(request, "notifications/digest_muted.html")
    return render(request, "notifications/digest_mute.html", {"signed_ref": signed_ref})
