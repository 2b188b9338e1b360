"""Two promises of every answer: it fails calmly, and a private page is kept nowhere."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from psycopg_pool import PoolTimeout

log = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]


class CalmFailureMiddleware:
    """With the database away every page says so in one sentence (503), and asks to come back.

    Views are caught here; a failure inside of a middleware becomes handler500, which answers the same.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | PoolTimeout):
            log.error("The database did not answer.", exc_info=exception)
            return unavailable(request)
        return None


def unavailable(request: HttpRequest) -> HttpResponse:
    """What is said while the database is away. Leaving the page works all the same."""
    if request.path == reverse("exit"):
        away: HttpResponse = HttpResponseRedirect(reverse("soup"))
        away.delete_cookie(settings.SESSION_COOKIE_NAME)
        return away
    if request.path == reverse("healthz"):
        return JsonResponse({"ok": False, "down": ["database"]}, status=503)
    template = "_ui/unavailable.html" if request.headers.get("HX-Request") else "503.html"
    response = HttpResponse(render_to_string(template), status=503)
    response["Retry-After"] = "30"
    response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML show:window:top"
    return response


class PrivatePagesMiddleware:
    """A page made for a signed-in person is stored by no cache and no browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
