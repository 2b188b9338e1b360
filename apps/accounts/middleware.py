"""Every page is for signed-in people unless its view says otherwise, and shows hours in the person's own zone."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangosLoginRequired
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone

from apps.accounts import actions, review
from apps.accounts.models import User
from apps.core.http import see_other
from apps.core.kept import kept_page

# Pages for signed-in people that also somebody without a name may open before the welcome page asked for one.
BEFORE_A_NAME = frozenset({"welcome"})


class LoginRequiredMiddleware(DjangosLoginRequired):
    """Sends who is not signed in to the sign-in page, and who has no name yet to the welcome page.

    What somebody typed is never lost to a session that has ended: a script's request gets 401 and a fragment that
    offers to sign in beside the page, and a plain form gets 401 and a page that holds the text.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        page = request.resolver_match.view_name if request.resolver_match else ""
        is_public = not getattr(view_func, "login_required", True)
        if is_public and page != "home":
            return None
        if not request.user.is_authenticated:
            return None if is_public else self.sign_in_first(request, view_func)
        if request.user.name or page in BEFORE_A_NAME:
            return None
        return self.welcome_first(request, page)

    def welcome_first(self, request: HttpRequest, page: str) -> HttpResponse:
        """Asks for the name, then leads to the page that somebody was on or wanted to see."""
        here = urlsplit(request.headers.get("Referer", ""))
        came_from = here.path if here.netloc == request.get_host() else ""
        wanted = request.get_full_path() if request.method == "GET" else came_from
        address = resolve_url("welcome")
        if wanted and page != "home":
            address += "?" + urlencode({"next": wanted})
        return see_other(request, address)

    def sign_in_first(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            response = render(request, "_ui/signed_out.html", status=401)
            # Into the page's notices and not over the form, which still holds what was typed.
            response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML show:window:top"
            return response
        if request.method == "POST":
            return kept_page(request, "core/kept_signed_out.html", status=401)
        return self.handle_no_permission(request, view_func)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """After a sign-out the browser drops what it kept of the pages."""
        if getattr(request, "signed_out", False):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class TimeZoneMiddleware:
    """Dates and hours on the page are in the zone of the person who reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.zone):
            return self.get_response(request)


class NotHelpfulMiddleware:
    """Silences the coach's rules that were ticked as not helpful, whatever the form that brings the ticks is sent for.

    Without scripts a tick stands in the person's own form: it counts also where that is only kept, or comes back with a
    mistake in it. After the check of the form's token, and for people who are signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> None:
        if request.method == "POST" and isinstance(request.user, User):
            for rule in request.POST.getlist(review.NOT_HELPFUL):
                actions.silence_rule(by=request.user, rule=rule)
