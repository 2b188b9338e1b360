from django.urls import path

from apps.accounts import coach_views

urlpatterns = [
    path("", coach_views.notes, name="coach"),
    path("not-helpful/", coach_views.not_helpful, name="coach_not_helpful"),
]
