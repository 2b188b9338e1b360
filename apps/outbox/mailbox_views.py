"""Pages of the local mailbox: every mail that the sink received, as text, as HTML and raw."""

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.outbox import mailbox
from apps.outbox.mailbox import Received


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    return render(request, "outbox/mailbox.html", {"mails": mailbox.newest(folder())})


@login_not_required
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its text, and its HTML in a frame of its own."""
    return render(request, "outbox/mail.html", {"mail": found(name)})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]  # its stub knows only views without arguments
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": ["data:"],
        "script-src": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-top-navigation-by-user-activation"],
    }
)
def html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part as a mail program would show it: its own styles, nothing else, links open in the whole window."""
    return HttpResponse(found(name).html.replace("<head>", '<head><base target="_top">', 1))


@login_not_required
@require_safe
def raw(request: HttpRequest, name: str) -> HttpResponse:
    """The mail as it came over the wire."""
    return HttpResponse(found(name).raw, content_type="text/plain; charset=utf-8")


def folder() -> Path:
    if not settings.DEV_MAILBOX:
        raise Http404
    return Path(settings.DEV_MAILBOX)


def found(name: str) -> Received:
    received = mailbox.find(folder(), name)
    if received is None:
        raise Http404
    return received
