"""Couples who stand where every step is open, made at once in the stack's own database.

For journeys that are about one page and not about the way to it. Run as a script with how many couples are wanted, it
prints a line for each: the session keys of the two.
"""

import os
import sys
from datetime import UTC, datetime
from uuid import uuid4

NAMES = ("Mara", "Jonas")


def settle(count: int) -> list[tuple[str, str]]:
    """So many couples, Mara and Jonas each time, through the door, with all steps but the last walked aloud."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from apps.accounts.models import User
    from apps.plans import actions, queries, rules
    from apps.spaces.models import Seat, Space

    now = datetime.now(UTC)

    def key(user: object) -> str:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)  # type: ignore[attr-defined]
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()  # type: ignore[attr-defined]
        session.save()
        return str(session.session_key)

    found = []
    for _couple in range(count):
        space = Space.objects.create(created_at=now)
        unlike = uuid4().hex[:12]  # each module makes its own, in one database
        two = [User.objects.create_user(f"{name}-{unlike}@example.org".lower(), name=name) for name in NAMES]
        seats = [
            Seat.objects.create(space=space, number=number, user=user, joined_at=now)
            for number, user in enumerate(two, start=1)
        ]
        plan = actions.open_plan(by=seats[0], now=now)
        for seat in seats:
            for mark in (rules.DOOR, *(rules.aloud_key(step.key) for step in queries.guide_of(plan).steps[:-1])):
                actions.give_mark(plan, seat, mark, now)
        found.append((key(two[0]), key(two[1])))
    return found


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for keys in settle(int(sys.argv[1])):
        sys.stdout.write(" ".join(keys) + "\n")
