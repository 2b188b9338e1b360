from django.apps import AppConfig


class MeConfig(AppConfig):
    name = "apps.me"

    def ready(self) -> None:
        from apps.me import own_time

        own_time.register_kinds()
