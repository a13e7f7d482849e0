"""Whether the process answers, and whether the installation is ready for people."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evenweave.access.routes import public
from evenweave.config.checks import READY, look_at


@public(because="says only that the program answers; load balancers ask it")
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@public(because="says which of four parts work, nothing of anybody; load balancers ask it")
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    checks = look_at(READY)
    is_ready = all(check.is_well for check in checks)
    parts = {check.name: check.is_well for check in checks}
    response = JsonResponse({"ready": is_ready, "checks": parts}, status=200 if is_ready else 503)
    response._has_been_logged = True  # "not yet" is an answer, not an error of ours to write down every second
    return response


urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
