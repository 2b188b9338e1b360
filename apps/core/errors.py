"""What an action raises when a rule of the couple says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class RuleBroken(Exception):
    """A rule says no. `message` is a sentence for the person who asked; nothing was changed."""

    def __init__(self, message: str | StrPromise) -> None:
        super().__init__(str(message))
        self.message = str(message)


class Stale(RuleBroken):
    """What was acted on is no longer the newest; answered with 409 and the difference, nothing was changed."""
