from django.urls import path, register_converter

from apps.spaces.converters import TokenConverter
from apps.spaces.views import invitation, invite, quiet

register_converter(TokenConverter, "invitation_token")

app_name = "spaces"
urlpatterns = [
    path("invite/", invite.page, name="invite"),
    path("invite/mail/", invite.by_mail, name="invite_by_mail"),
    path("invite/link/", invite.by_link, name="invite_by_link"),
    path("invite/revoke/", invite.revoke, name="revoke"),
    path("invite/refuse/", invite.refuse_claim, name="refuse_claim"),
    path("quiet/", quiet.page, name="quiet"),
    path("quiet/begin/", quiet.begin, name="begin_quiet"),
    path("quiet/end/", quiet.end, name="end_quiet"),
    path("invitation/", invitation.page, name="invitation"),
    path("invitation/decline/", invitation.decline, name="decline"),
    path("invitation/no-more/", invitation.no_more, name="no_more"),
    path("invitation/<invitation_token:token>/", invitation.arrive, name="arrive"),
    path("invitation/<invitation_token:token>/no-more/", invitation.arrive_no_more, name="arrive_no_more"),
]
