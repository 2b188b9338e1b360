from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("mail/again/", views.try_mail_again, name="try_mail_again"),
    path("exit/", views.exit_page, name="exit"),
]
