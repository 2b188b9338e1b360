"""Pages that belong to no noun: health, help, the CSRF answer."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from django.conf import settings


@never_cache
@require_safe
@login_not_required
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
        return bool(Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping())
    except Exception:  # whatever keeps it from answering, the answer is no
        return False


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to find help; needs no account."""
    return render(request, "core/help.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: mostly a page left open over a sign-out. What was typed comes back on the page."""
    kept = [(key, value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken" and len(value) > 40]
    return render(request, "403_csrf.html", {"kept": kept}, status=403)
