"""“Remind me again”, from the mail: without signing in, and nothing changes before the button is pressed."""

from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.accounts.views import link_ended
from apps.checkins import actions, queries
from apps.checkins.forms import SnoozeForm
from apps.checkins.mail_links import read_later
from apps.core import clock
from apps.core.errors import RuleBroken


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: HttpRequest, token: str) -> HttpResponse:
    """The days to choose from; what was chosen. One calm page for every link that has nothing to put off any more."""
    found = read_later(token)
    now = clock.now()
    days = queries.snoozes(*found, now) if found else ()
    if found is None or not days:
        return link_ended(request)
    form = SnoozeForm(request.POST if request.method == "POST" else None, days=days)
    if form.is_bound and form.is_valid():
        check_in, seat = found
        with suppress(RuleBroken):
            until = actions.snooze(check_in=check_in, seat=seat, days=form.cleaned_data["days"], now=now)
            return render(request, "checkins/snooze.html", {"until": until})
        return link_ended(request)
    status = 422 if form.is_bound else 200
    return render(request, "checkins/snooze.html", {"form": form}, status=status)
