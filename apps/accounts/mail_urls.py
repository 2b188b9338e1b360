from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("<slug:token>/stop/", views.stop_mail, name="stop_mail"),
]
