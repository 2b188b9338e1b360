"""The usual way: one Celery task a mail, with Celery's own defaults, on a broker database of its own."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.parts.settings")

from celery import Celery

app = Celery("bench", broker=os.environ["BENCH_BROKER"])
app.conf.task_ignore_result = True


@app.task(name="bench.mail")
def mail(to: str, subject: str, text: str, html: str) -> None:
    """Builds one mail and sends it, over a connection of its own as Django's send() does."""
    from django.core.mail import EmailMultiAlternatives

    made = EmailMultiAlternatives(subject, text, "halfway@localhost", [to])
    made.attach_alternative(html, "text/html")
    made.send()
