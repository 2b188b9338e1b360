"""The coach beside a field while somebody writes, and “not helpful”. Nothing of the text is kept."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts import actions, coaching
from apps.accounts.models import User
from apps.core.http import see_other


@require_POST
def notes(request: HttpRequest) -> HttpResponse:
    """What there is to say about `text`, read as `reading`. `around` are the form's other words; a commitment comes
    with the fields beside it, and `unfinished` while somebody is still at its line."""
    given = request.POST
    reading = given.get("reading", "")
    if reading not in coaching.READINGS:
        return HttpResponse(status=422)
    user = cast(User, request.user)
    if not user.coach:
        return render(request, "coach/_notes.html", {"notes": [], "asked": True})
    said = coaching.notes(
        given.get("text", ""),
        reading,
        silenced=coaching.silenced_by(user),
        beside=given.dict(),
        around=given.get("around", ""),
        finished="unfinished" not in given,
    )
    return render(request, "coach/_notes.html", {"notes": said, "asked": True})


@require_POST
def not_helpful(request: HttpRequest) -> HttpResponse:
    """The coach does not say this again to whoever presses it."""
    actions.silence_rule(by=cast(User, request.user), rule=request.POST.get("rule", ""))
    if request.headers.get("HX-Request"):
        return render(request, "coach/_silenced.html")
    return see_other(request, reverse("me:settings") + "#coach")
