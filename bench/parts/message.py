"""The one message that every sender sends: what the reminder looks like, about 3.5 kB of text and HTML."""

from functools import cache

KIND = "bench"


@cache
def ready() -> dict[str, str]:
    """Subject, text and HTML, made once from the reminder's own templates."""
    from apps.outbox import kinds

    mail = kinds.mail("checkin_reminder", "A small reminder", {"link": "https://halfway.example.org/look-back/"})
    return {"subject": mail.subject, "text": mail.text, "html": mail.html}


def address(number: int) -> str:
    return f"person{number}@example.org"
