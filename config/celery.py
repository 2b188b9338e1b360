"""The Celery application. Its schedule is code: beat keeps no state that could be lost or run twice."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("halfway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
