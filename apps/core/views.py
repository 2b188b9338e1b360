"""Pages that belong to no noun: health, help, soup, and what is said when something could not be done."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout
from redis import Redis

from apps.core.kept import kept_page
from apps.core.middleware import unavailable


@never_cache
@require_safe
@login_not_required
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the web process, the database and the broker answer; 503 and the names of those that do not."""
    down = [name for name, answers in (("database", database_answers), ("broker", broker_answers)) if not answers()]
    return JsonResponse({"ok": not down, "down": down}, status=503 if down else 200)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever keeps it from answering, the answer is no
        return False
    return True


def broker_answers() -> bool:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as broker:
            return bool(broker.ping())
    except Exception:  # whatever keeps it from answering, the answer is no
        return False


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to find help; needs no account."""
    return render(request, "core/help.html")


@login_not_required
@require_safe
def soup(request: HttpRequest) -> HttpResponse:
    """The neutral page behind “Leave this page”: a recipe, with nothing of Halfway on it."""
    return render(request, "core/soup.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: mostly a page left open over a sign-in. What was typed comes back on the page (403)."""
    if request.headers.get("HX-Request"):
        response = render(request, "_ui/old_page.html", status=403)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML show:window:top"
        return response
    return kept_page(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for more than a page can send, 400 for everything else that cannot be read."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database is away. That can come to light in a middleware, which ends here."""
    if isinstance(sys.exception(), OperationalError | PoolTimeout):
        return unavailable(request)
    return HttpResponse(render_to_string("500.html"), status=500)
