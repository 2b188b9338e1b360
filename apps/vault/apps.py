from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "apps.vault"

    def ready(self) -> None:
        """Refuses to start on a key ring that cannot be used, before anything could be written with it."""
        from apps.vault import keys

        keys.ring()
