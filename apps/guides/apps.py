from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "apps.guides"
    verbose_name = _("Guides")

    def ready(self) -> None:
        from apps.guides.checks import check_guides

        checks.register(check_guides)
