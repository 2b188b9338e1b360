"""What has been going on around me lately: a private review (seed element B.prep.context)."""

from apps.plans.exercises.base import Kind


class Context(Kind):
    name = "context"
