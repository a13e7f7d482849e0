"""The route guard: a view says which action it is, or why it is public; one that says neither is refused."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse

from evenweave.access.enums import Action
from evenweave.access.scope import may_ever


def requires[V: Callable](action: Action) -> Callable[[V], V]:
    """The view takes `action`. A person none of whose roles allows it gets 403 before anything is looked up."""

    def declare(view: V) -> V:
        view.action = action
        return view

    return declare


def public[V: Callable](*, because: str) -> Callable[[V], V]:
    """The view is open to everybody, for the given reason."""

    def declare(view: V) -> V:
        view.public_because = because
        return view

    return declare


def declared_action(view: Callable) -> Action | None:
    return getattr(view, "action", None)


def is_public(view: Callable) -> bool:
    return hasattr(view, "public_because") or _guarded_by_others(view)


def _guarded_by_others(view: Callable) -> bool:
    module = getattr(view, "__module__", "") or ""
    return any(module.startswith(prefix) for prefix in settings.GUARDED_BY_OTHERS)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back. A script that saves a part of a page must not take the sign-in page for a "saved":
    it gets 401, keeps what was typed, and leads the whole page to sign in."""
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    page = urlsplit(request.headers.get("HX-Current-URL", ""))._replace(scheme="", netloc="").geturl()
    response = HttpResponse(status=401)
    response["HX-Redirect"] = redirect_to_login(page or request.get_full_path()).url
    return response


class RouteGuard:
    """Asks every view for its declaration; runs after authentication."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if is_public(view):
            return None
        action = declared_action(view)
        if action is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__name__} declares neither an action nor @public")
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not may_ever(request.user, action):
            raise PermissionDenied
        return None
