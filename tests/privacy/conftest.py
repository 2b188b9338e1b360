"""One town for each module here (tests/walk.py says how): the fixture `db` takes the place of the marker django_db."""

from tests.walk import db, house

__all__ = ["db", "house"]
