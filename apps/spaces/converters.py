"""What an invitation's token looks like in an address."""


class TokenConverter:
    """Long enough to be no word of our own addresses; whether it is one of ours is never decided by its shape."""

    regex = "[A-Za-z0-9_-]{16,200}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
