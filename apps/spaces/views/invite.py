"""Inviting: the page of somebody who is alone in their space."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.core import clock
from apps.core.errors import RuleBroken
from apps.core.http import see_other
from apps.core.links import absolute
from apps.spaces import actions, letters, queries, rules
from apps.spaces.decorators import needs_seat
from apps.spaces.forms import MailInvitationForm
from apps.spaces.models import Invitation


@require_safe
@needs_seat
def page(request: HttpRequest) -> HttpResponse:
    """The two ways to invite, or the invitation that is open."""
    return answer(request, MailInvitationForm())


@require_POST
@needs_seat
def by_mail(request: HttpRequest) -> HttpResponse:
    """Sends an invitation to one address."""
    form = MailInvitationForm(request.POST)
    if not form.is_valid():
        return answer(request, form, status=422)
    try:
        actions.invite_by_mail(by=request.seat, now=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
    except RuleBroken as broken:
        form.add_error("address", broken.message)
        return answer(request, form, status=422)
    return see_other(request, reverse("spaces:invite"))


@require_POST
@needs_seat
def by_link(request: HttpRequest) -> HttpResponse:
    """Makes a link and shows it, this once: it is kept nowhere, so the answer is the page itself."""
    try:
        invitation, token = actions.invite_by_link(by=request.seat, now=clock.now())  # type: ignore[attr-defined]
    except RuleBroken as broken:
        return answer(request, MailInvitationForm(), said=broken.message, status=422)
    link = absolute(reverse("spaces:arrive", args=[token]))
    response = render(request, "spaces/link.html", {"link": link, "ends_at": queries.ends_at(invitation)})
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@needs_seat
def revoke(request: HttpRequest) -> HttpResponse:
    """Takes the open invitation back."""
    actions.revoke(by=request.seat, now=clock.now())  # type: ignore[attr-defined]
    return see_other(request, reverse("spaces:invite"))


@require_POST
@needs_seat
def refuse_claim(request: HttpRequest) -> HttpResponse:
    """The accepting name is not whom they meant."""
    actions.refuse_claim(by=request.seat, now=clock.now())  # type: ignore[attr-defined]
    return see_other(request, reverse("spaces:invite"))


def answer(request: HttpRequest, form: MailInvitationForm, *, said: str = "", status: int = 200) -> HttpResponse:
    """The invite page with `form`; `said` is a sentence about what could not be done."""
    seat = request.seat  # type: ignore[attr-defined]
    if seat.other is not None:
        return render(request, "spaces/two_already.html", {"other": seat.other}, status=status)
    now = clock.now()
    offered = queries.offered(seat.space, now)
    context: dict[str, Any] = {
        "form": form,
        "said": said,
        "offered": offered,
        "ends_at": queries.ends_at(offered) if offered else None,
        "quiet": queries.quiet(seat, now),
        "held": offered is not None and queries.is_held(offered, now),
        "by_mail": offered is not None and offered.method == Invitation.MAIL,
        "ended": offered is None and queries.has_ended(seat.space, now),
        "with_name": preview(seat.name),
        "without_name": preview(""),
        "first_name": rules.first_name(seat.name),
    }
    return render(request, "spaces/invite.html", context, status=status)


def preview(name: str) -> dict[str, str]:
    """The very words of the mail, with dots where the link will be."""
    mail = letters.mail(name=name, token="…")  # noqa: S106 — dots for the eye, no token
    return {"subject": mail.subject, "text": mail.text.strip()}
