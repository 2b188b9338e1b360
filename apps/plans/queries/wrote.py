"""Whether somebody wrote anything on the way since then; asked by a mail that is theirs alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from apps.plans.models import Draft, Entry, Share

if TYPE_CHECKING:
    from apps.accounts.models import User


def wrote_since(user: User, since: datetime) -> bool:
    """A draft, a share or an entry of this person, nothing of anybody else's."""
    written = (
        Draft.objects.filter(seat__user=user, updated_at__gte=since),
        Share.objects.filter(seat__user=user, shared_at__gte=since),
        Entry.objects.filter(seat__user=user, created_at__gte=since),
    )
    return any(one.exists() for one in written)
