"""What an action raises when a rule of the couple says no."""


class RuleBroken(Exception):
    """A rule says no. `message` is a sentence for the person who asked; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Stale(RuleBroken):
    """What was acted on is no longer the newest; answered with 409 and the difference, nothing was changed."""
