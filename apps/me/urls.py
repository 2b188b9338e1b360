from django.urls import path

from apps.me.views import joining, leaving, past, settings
from apps.me.views.home import not_today

app_name = "me"
urlpatterns = [
    path("invitation/accept/", joining.accept, name="accept"),
    path("invite/confirm/", joining.confirm, name="confirm"),
    path("not-today/", not_today, name="not_today"),
    path("settings/", settings.page, name="settings"),
    path("settings/profile/", settings.profile, name="profile"),
    path("settings/mail/", settings.mail, name="mail"),
    path("settings/coach/", settings.coach, name="coach"),
    path("settings/coach/again/", settings.hear_again, name="hear_again"),
    path("settings/own-time/", settings.set_own_time, name="set_own_time"),
    path("my-time/", settings.own_time, name="own_time"),
    path("leave/", leaving.leave, name="leave"),
    path("begin/", leaving.begin, name="begin"),
    path("past/", past.spaces, name="past"),
    path("past/<int:number>/", past.space, name="past_space"),
    path("past/<int:number>/look-backs/", past.look_backs, name="past_look_backs"),
]
