from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("exit/", views.exit_page, name="exit"),
]
