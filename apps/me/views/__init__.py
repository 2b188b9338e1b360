"""Pages of one person: home, settings, joining, leaving, past spaces."""

from apps.me.views.home import home

__all__ = ["home"]
