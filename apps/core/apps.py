from django.apps import AppConfig
from django.forms import DateField, Field
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        """A field that says nothing of its own speaks like the rest of the house."""
        Field.default_error_messages["required"] = _("Please fill this in.")
        DateField.default_error_messages["invalid"] = _("Please choose a day.")
