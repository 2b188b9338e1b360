from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """What every page needs: whether the local mailbox exists."""
    return {"local_mailbox": bool(settings.DEV_MAILBOX)}
