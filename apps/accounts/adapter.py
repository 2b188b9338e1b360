"""Where allauth meets our outbox."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Every mail of allauth becomes a Letter."""
