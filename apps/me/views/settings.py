"""Settings: what one is called by, the time zone, mail, and the ways to everything else that is only mine."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.forms import MailWishesForm, ProfileForm
from apps.core import clock
from apps.core.http import see_other
from apps.me import actions


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    return answer(request)


@require_POST
def profile(request: HttpRequest) -> HttpResponse:
    """Saves the name and the time zone."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return answer(request, profile=form, status=422)
    actions.save_profile(user=request.user, now=clock.now(), **form.cleaned_data)  # type: ignore[arg-type]
    return saved(request)


@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Saves the mail wishes."""
    form = MailWishesForm(request.POST)
    if not form.is_valid():
        return answer(request, mail=form, status=422)
    actions.save_mail_wishes(user=request.user, now=clock.now(), **form.cleaned_data)  # type: ignore[arg-type]
    return saved(request)


def saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return see_other(request, reverse("me:settings"))


def answer(request: HttpRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    """The settings page with the forms that were `given`, and fresh ones for the others."""
    user: Any = request.user
    context = {"profile": ProfileForm(user=user), "mail": MailWishesForm(user=user)} | given
    return render(request, "me/settings.html", context, status=status)
