"""One town for each module here (tests/walk.py says how)."""

from tests.walk import db, house

__all__ = ["db", "house"]
