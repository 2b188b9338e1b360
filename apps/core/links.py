"""Addresses that work outside of the app, in mails."""

from django.conf import settings


def absolute(path: str) -> str:
    """`path` (beginning with a slash) under the address at which people reach this server."""
    return f"{settings.BASE_URL}{path}"
