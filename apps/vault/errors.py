"""What the vault raises. No message ever carries what was sealed."""


class CannotOpen(Exception):
    """Sealed text cannot be opened: its key is missing, forgotten or wrong, or the row was altered or moved.

    Nothing was lost by trying, and nothing half-readable is ever returned in its place.
    """
