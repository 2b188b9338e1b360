from django.apps import AppConfig


class SpacesConfig(AppConfig):
    name = "apps.spaces"

    def ready(self) -> None:
        from apps.spaces import letters

        letters.register_kinds()
