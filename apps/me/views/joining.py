"""Accepting an invitation, and the inviter's yes to the name that accepted a link."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.errors import RuleBroken
from apps.core.http import see_other
from apps.me import actions
from apps.spaces import actions as spaces
from apps.spaces import queries
from apps.spaces.decorators import needs_seat
from apps.spaces.forms import MailInvitationForm
from apps.spaces.models import Invitation
from apps.spaces.views import invitation as invitation_pages
from apps.spaces.views import invite as invite_pages


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Takes the seat where it was offered by mail; claims it, for the inviter to confirm, where it was a link."""
    invitation = queries.session_invitation(request)
    if invitation is None:
        return invitation_pages.answer(request)
    user: Any = request.user
    by_mail = invitation.method == Invitation.MAIL
    take = actions.join if by_mail else spaces.claim
    try:
        take(invitation=invitation, user=user, now=clock.now())
    except RuleBroken as broken:
        return invitation_pages.answer(request, said=broken.message, status=422)
    return see_other(request, reverse("home" if by_mail else "spaces:invitation"))


@require_POST
@needs_seat
def confirm(request: HttpRequest) -> HttpResponse:
    """Yes, that is who I invited."""
    try:
        actions.confirm(by=request.seat, now=clock.now())  # type: ignore[attr-defined]
    except RuleBroken as broken:
        return invite_pages.answer(request, MailInvitationForm(), said=broken.message, status=422)
    return see_other(request, reverse("home"))
