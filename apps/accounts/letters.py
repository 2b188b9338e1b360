"""The one kind of letter of this app: codes and notices about signing in."""


def register_kinds() -> None:
    """Called once at start."""
