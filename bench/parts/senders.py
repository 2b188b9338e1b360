"""The senders, each a process of its own: senders.py NAME. Says “ready”, waits for a line, sends until nothing is due.

Where it was killed and started again it is told to begin at once, with an argument more.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.parts.settings")

import django

django.setup()


def ours() -> None:
    """A worker's run, again and again: claim, send, mark each."""
    from apps.outbox import delivery

    while delivery.send_due():
        pass


def post_office() -> None:
    """What its own command does, with two processes. The lock file of one that was killed is not waited for."""
    import tempfile

    from post_office import mail

    with tempfile.TemporaryDirectory() as folder:
        mail.send_queued_mail_until_done(f"{folder}/lock", processes=2)


def pump() -> None:
    """The limit of sending: one connection, bytes that are ready, no database."""
    import smtplib

    from django.conf import settings

    from apps.outbox import kinds
    from apps.outbox.delivery import message
    from apps.outbox.models import Letter
    from bench.parts.message import address, ready

    made = message(Letter(kind="bench"), "x@example.org", kinds.Mail(**ready())).as_bytes()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as connection:
        for number in range(int(os.environ["BENCH_LETTERS"])):
            connection.sendmail("halfway@localhost", [address(number)], made)


def mark_only() -> None:
    """The limit of keeping books: claim 20 and mark each, in plain SQL, no mail."""
    import psycopg

    claim = """
        UPDATE outbox_letter SET claim_token = gen_random_uuid(), claimed_until = now() + interval '60 s'
        WHERE id IN (SELECT id FROM outbox_letter WHERE ended_at IS NULL AND due_at <= now()
                     AND (retry_at IS NULL OR retry_at <= now()) AND (claimed_until IS NULL OR claimed_until <= now())
                     ORDER BY due_at LIMIT 20 FOR UPDATE SKIP LOCKED) RETURNING id"""
    mark = """
        UPDATE outbox_letter SET ended_at = now(), sent_at = now(), end_reason = 'sent', payload = NULL, address = NULL,
        claim_token = NULL, claimed_until = NULL WHERE id = %s"""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        while rows := connection.execute(claim).fetchall():
            for (pk,) in rows:
                connection.execute(mark, [pk])


SENDERS = {"ours": ours, "post-office": post_office, "pump": pump, "mark-only": mark_only}

if __name__ == "__main__":
    print("ready", flush=True)
    if len(sys.argv) == 2:
        sys.stdin.readline()
    if os.environ.get("BENCH_PROFILE"):
        import cProfile

        cProfile.run(f"SENDERS[{sys.argv[1]!r}]()", os.environ["BENCH_PROFILE"])
    else:
        SENDERS[sys.argv[1]]()
