"""Pages around signing in that are ours: the welcome page and the way out."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import actions, mail_links
from apps.accounts.forms import WelcomeForm
from apps.accounts.models import User
from apps.core import clock
from apps.core.http import see_other


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first thing after the code: what to call somebody, and where their hours are."""
    user = cast(User, request.user)  # the middleware lets nobody else in
    if user.name and request.method != "POST":
        return redirect("home")
    form = WelcomeForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        actions.update_profile(by=user, now=clock.now(), **form.cleaned_data)
        return see_other(request, after_welcome(request))
    context = {"form": form, "next": asked_for(request)}
    return render(request, "accounts/welcome.html", context, status=422 if request.method == "POST" else 200)


def after_welcome(request: HttpRequest) -> str:
    """Where somebody wanted to go before the page asked; else the first question of all."""
    return asked_for(request) or reverse("plans:first")


def asked_for(request: HttpRequest) -> str:
    """The local address in `next`, or nothing. Home is no wish: it is where everybody lands."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_local and wanted != reverse("home") else ""


@csrf_exempt  # RFC 8058: mail programs press it without a session or a token of ours; the sealed link is the key
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Ends one kind of mail. A GET only shows the button; every link that is no longer one gets the same page."""
    found = mail_links.read_stop(token, clock.now().date())
    if found is None:
        return link_ended(request)
    if request.method == "POST":
        user, wish = found
        actions.stop_mail(user=user, wish=wish, now=clock.now())
    return render(request, "accounts/stop_mail.html", {"done": request.method == "POST"})


def link_ended(request: HttpRequest) -> HttpResponse:
    """The same page for every link from a mail that is old, foreign or altered."""
    return render(request, "accounts/mail_link_ended.html", status=404)


@never_cache
@login_not_required
@require_GET
def exit_page(request: HttpRequest) -> HttpResponse:
    """One tap: signed out, what the browser kept is cleared, and a page about soup. A plain link, so a GET.

    A browser that only fetches ahead is refused, or it would sign people out while they read.
    """
    if "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", ""):
        return HttpResponse(status=503)
    logout(request)
    request.signed_out = True  # type: ignore[attr-defined]
    return redirect("soup")


@require_POST
def try_mail_again(request: HttpRequest) -> HttpResponse:
    """One press after an address was refused: the next mail is tried again."""
    actions.try_mail_again(by=cast(User, request.user), now=clock.now())
    messages.success(request, _("The next mail goes to your address again."))
    return see_other(request, reverse("me:settings"))
