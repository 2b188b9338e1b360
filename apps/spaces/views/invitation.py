"""Being invited. Reading it needs no account; following a link changes nothing, since scanners open links too."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import clock
from apps.core.http import see_other
from apps.spaces import actions, queries
from apps.spaces.models import Invitation


@login_not_required
@require_safe
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """Moves the token from the address into the session, the same for every token."""
    return keep(request, token, reverse("spaces:invitation"))


@login_not_required
@require_safe
def arrive_no_more(request: HttpRequest, token: str) -> HttpResponse:
    """The same, on the way to "no more invitations"."""
    return keep(request, token, reverse("spaces:no_more"))


def keep(request: HttpRequest, token: str, address: str) -> HttpResponse:
    request.session[queries.TOKEN_KEY] = token
    response = see_other(request, address)
    # This address goes nowhere as a referrer. Only here: a page with this policy would post its forms with the
    # origin "null", which the CSRF check refuses.
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Who invites, what Halfway is, and the two answers."""
    return answer(request)


@login_not_required
@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    """No, thank you. Needs no account."""
    now = clock.now()
    invitation = queries.read_invitation(request, now)
    if invitation is not None and invitation.seat.user_id != request.user.pk:
        actions.decline(invitation=invitation, now=now)
        request.session.pop(queries.TOKEN_KEY, None)
    return render(request, "spaces/declined.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def no_more(request: HttpRequest) -> HttpResponse:
    """No more invitations to the address that the mail came to. Says the same for every token, and for none."""
    token = request.session.get(queries.TOKEN_KEY)
    if request.method == "POST" and isinstance(token, str):
        actions.refuse_address(token=token, now=clock.now())
    return render(request, "spaces/no_more.html", {"done": request.method == "POST"})


def answer(request: HttpRequest, *, said: str = "", status: int = 200) -> HttpResponse:
    """The page of the invitation that this session holds, or the one page for all that cannot be read."""
    now = clock.now()
    invitation = queries.read_invitation(request, now) or queries.claimed_invitation(request.user, now)
    if invitation is None:
        return render(request, "spaces/ended.html", status=404)
    return render(request, "spaces/invitation.html", facts(request, invitation, said), status=status)


def facts(request: HttpRequest, invitation: Invitation, said: str) -> dict[str, Any]:
    """What the reader may know: the name only where the inviter wants it said, or to whom the invitation is for."""
    signed_in = request.user.is_authenticated
    by_mail = invitation.method == Invitation.MAIL
    own = invitation.seat.user_id == request.user.pk
    for_reader = own or (signed_in and (not by_mail or queries.is_addressed_to(invitation, request.user)))
    return {
        "said": said,
        "by_mail": by_mail,
        "own": own,
        "wrong_address": signed_in and not for_reader,
        "name": invitation.seat.name if for_reader or (invitation.shows_name and not signed_in) else "",
        "claimed": invitation.claimed_by_id is not None,
        "ends_at": queries.ends_at(invitation),
    }
