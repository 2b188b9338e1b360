from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "apps.checkins"

    def ready(self) -> None:
        from apps.checkins import letters

        letters.register_kinds()
