"""Every page is for signed-in people unless its view says otherwise, and shows hours in the person's own zone."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangosLoginRequired
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode

# Pages that a signed-in person without a name may open before the welcome page asked for one.
BEFORE_A_NAME = frozenset({"welcome", "account_logout"})


class LoginRequiredMiddleware(DjangosLoginRequired):
    """Sends who is not signed in to the sign-in page, and who has no name yet to the welcome page.

    A request by a script gets 401 with a fragment instead of a redirect, so that what was typed stays on the page.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated:
            return self.welcome_first(request, view_func)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def welcome_first(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse | None:
        match = request.resolver_match
        page = match.view_name if match else ""
        is_public = not getattr(view_func, "login_required", True) and page != "home"
        if request.user.name or is_public or page in BEFORE_A_NAME:  # type: ignore[union-attr]
            return None
        address = resolve_url("welcome")
        if request.method == "GET" and page != "home":
            address += "?" + urlencode({"next": request.get_full_path()})
        return redirect(address)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return render(request, "_ui/signed_out.html", status=401)
        return super().handle_no_permission(request, view_func)


class TimeZoneMiddleware:
    """Dates and hours on the page are in the zone of the person who reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.zone):
            return self.get_response(request)
