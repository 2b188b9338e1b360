"""Settings: what one is called by, the time zone, mail, and the ways to everything else that is only mine."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe


def forms() -> Any:
    from apps.accounts import forms as accounts

    return accounts


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    return answer(request)


@require_POST
def profile(request: HttpRequest) -> HttpResponse:
    """Saves the name and the time zone."""
    form = forms().ProfileForm(request.POST, instance=request.user)
    if not form.is_valid():
        return answer(request, profile=form, status=422)
    return answer(request)


@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Saves the mail wishes."""
    form = forms().MailForm(request.POST, instance=request.user)
    if not form.is_valid():
        return answer(request, mail=form, status=422)
    return answer(request)


def answer(request: HttpRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    """The settings page with the forms that were `given`, and fresh ones for the others."""
    context = {
        "profile": forms().ProfileForm(instance=request.user),
        "mail": forms().MailForm(instance=request.user),
    }
    return render(request, "me/settings.html", context | given, status=status)
