"""Settings: what one is called by, the time zone, mail, and the ways to everything else that is only mine."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import actions as accounts
from apps.accounts import coaching
from apps.accounts.forms import CoachForm, MailWishesForm, OwnTimeForm, ProfileForm
from apps.accounts.models import OwnTime
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


@require_POST
def coach(request: HttpRequest) -> HttpResponse:
    """Switches the coach on or off."""
    user: Any = request.user
    accounts.switch_coach(by=user, on=CoachForm(request.POST).is_on())
    return saved(request)


@require_POST
def hear_again(request: HttpRequest) -> HttpResponse:
    """One of the things that were not helpful is said again."""
    user: Any = request.user
    accounts.hear_rule_again(by=user, rule=request.POST.get("rule", ""))
    return saved(request)


@require_POST
def set_own_time(request: HttpRequest) -> HttpResponse:
    """Saves the day and hour of the weekly mail, or ends it."""
    form = OwnTimeForm(request.POST)
    if not form.is_valid():
        return answer(request, own_time_form=form, status=422)
    user: Any = request.user
    if form.cleaned_data["weekday"] is None:
        accounts.end_own_time(by=user)
    else:
        actions.set_own_time(user=user, now=clock.now(), **form.cleaned_data)
    return saved(request)


@require_http_methods(["GET", "HEAD", "POST"])
def own_time(request: HttpRequest) -> HttpResponse:
    """Where the weekly mail leads: a few things for oneself. A press keeps the mail coming."""
    user: Any = request.user
    if request.method == "POST":
        accounts.keep_own_time(by=user, now=clock.now())
        messages.success(request, _("It keeps coming."))
        return see_other(request, reverse("me:own_time"))
    return render(request, "me/own_time.html", {"own_time": OwnTime.objects.filter(user=user, stopped_at=None).first()})


def saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return see_other(request, reverse("me:settings"))


def answer(request: HttpRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    """The settings page with the forms that were `given`, and fresh ones for the others."""
    user: Any = request.user
    own_time = OwnTime.objects.filter(user=user).first()
    context = {
        "profile": ProfileForm(user=user),
        "mail": MailWishesForm(user=user),
        "coach": CoachForm(user=user),
        "silenced": coaching.silenced(user),
        "own_time": own_time,
        "own_time_form": OwnTimeForm(own_time=own_time),
    } | given
    return render(request, "me/settings.html", context, status=status)
