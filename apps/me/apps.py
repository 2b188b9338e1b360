from django.apps import AppConfig


class MeConfig(AppConfig):
    name = "apps.me"
