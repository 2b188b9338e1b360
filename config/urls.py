"""Where each address leads. No address carries a person's or a space's id: the seat is the permission."""

from django.conf import settings
from django.urls import include, path

from apps.core import views as core
from apps.me import views as me
from apps.outbox.operator_views import page as operator_page

handler400 = "apps.core.views.bad_request"
handler500 = "apps.core.views.server_error"

urlpatterns = [
    path("", me.home, name="home"),
    path("healthz", core.healthz, name="healthz"),
    path("help/", core.help_page, name="help"),
    path("pages/soup/", core.soup, name="soup"),
    path("accounts/", include("apps.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("coach/", include("apps.accounts.coach_urls")),
    path("mail/", include("apps.accounts.mail_urls")),
    path("", include("apps.spaces.urls")),
    path("plans/", include("apps.plans.urls")),
    path("", include("apps.checkins.urls")),
    path("", include("apps.appointments.urls")),
    path("", include("apps.me.urls")),
]

if settings.OPERATOR_PAGE:
    urlpatterns.append(path(f"operator/{settings.OPERATOR_PAGE}/", operator_page, name="operator"))
if settings.DEV_MAILBOX:
    urlpatterns.append(path("dev/mailbox/", include("apps.outbox.mailbox_urls")))
