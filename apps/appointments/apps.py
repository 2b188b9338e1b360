from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "apps.appointments"

    def ready(self) -> None:
        from apps.appointments import letters

        letters.register_kinds()
