"""Whether a file is genuine: a public page that knows the code and says nothing of whose report it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from evenweave.access.routes import public
from evenweave.reports import rules, screens
from evenweave.reports.queries import reading
from evenweave.toolkit.parts import Fact
from evenweave.training.models import Certificate
from evenweave.training.queries.courses import title_of
from evenweave.training.queries.holding import certificate_by_code, files_of_certificates


@require_GET
@public(because="whoever holds a printed report may check it; the page asks for its code and names no factory")
def verify_start(request: HttpRequest) -> HttpResponse:
    code = rules.plain_code(request.GET.get("code", ""))
    if code:
        return redirect("verify", code=code[:40])
    return render(request, "reports/verify_start.html")


@require_GET
@public(because="the code is random and printed on the report; the page names no factory and no finding")
def verify(request: HttpRequest, code: str) -> HttpResponse:
    plain = rules.plain_code(code)
    found = reading.verified(plain)
    if found is None and (certificate := certificate_by_code(plain)) is not None:
        return _certificate(request, certificate)
    if found is None:
        return render(request, "reports/verify_unknown.html", {"code": rules.grouped(plain[:40])}, status=404)
    shown = {
        "found": found,
        "code": rules.grouped(plain),
        "made_on": screens.day(found.made_on),
        "newer_on": screens.day(found.newer_on),
        "files": [
            {"label": _label(one), "sha256": one.stored.sha256, "parts": _parts(one.stored.sha256)}
            for one in found.files
        ],
    }
    return render(request, "reports/verify.html", shown)


def _certificate(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """A training's certificate: which course and when, and whether a file is the one that was made; never whose."""
    session = certificate.registration.session
    stored = files_of_certificates([certificate]).get(certificate.pk)
    facts = [
        Fact(_("Course"), title_of(session.course)), Fact(_("Held until"), screens.day(session.last_on)),
        Fact(_("Issued"), screens.day(certificate.issued_on)),
    ]
    shown = {
        "code": rules.grouped(certificate.code), "facts": facts, "sha256": stored.sha256 if stored else "",
        "parts": _parts(stored.sha256) if stored else [],
    }
    return render(request, "reports/verify_certificate.html", shown)


def _label(one) -> str:
    return f"{one.get_kind_display()}, {screens.language_name(one.language)}"


def _parts(sha256: str) -> list[str]:
    """Pieces between which a narrow page may break the line."""
    return [sha256[place : place + 8] for place in range(0, len(sha256), 8)]
