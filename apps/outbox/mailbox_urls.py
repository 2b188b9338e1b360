"""The local mailbox under /dev/mailbox/, which exists only where settings.DEV_MAILBOX names a folder."""

from django.urls import path

from apps.outbox import mailbox_views as views

app_name = "mailbox"

urlpatterns = [
    path("", views.index, name="index"),
    path("<str:name>/", views.mail, name="mail"),
    path("<str:name>/html", views.html, name="html"),
    path("<str:name>/raw", views.raw, name="raw"),
]
