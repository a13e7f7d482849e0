"""The demo's people, and who may become one of them."""

import ipaddress

from django.db.models import QuerySet
from django.http import HttpRequest

from evenweave.home.models import DemoPerson
from evenweave.programmes.queries import programme_name
from evenweave.toolkit.models import Installation


def demo_people() -> QuerySet[DemoPerson]:
    return DemoPerson.objects.select_related("person")


def people_by_country(language: str) -> list[tuple[str, list[DemoPerson]]]:
    """The name of each country of the demo in a reader's language and its people, in the order of the page."""
    found: dict[str, list[DemoPerson]] = {}
    for known in demo_people():
        found.setdefault(known.programme, []).append(known)
    return [(programme_name(code, language) if code else "", people) for code, people in found.items()]


def may_enter_the_demo(request: HttpRequest) -> bool:
    """One-click sign-in exists only in a database marked as a demo, and only on loopback."""
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and not _is_forwarded(request) and is_demo()


def is_demo() -> bool:
    return Installation.objects.filter(is_demo=True).exists()


def _is_forwarded(request: HttpRequest) -> bool:
    return any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
