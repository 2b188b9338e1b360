"""The words of the small moments. Their names are in rules.MOMENTS and never change; the words may."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "laugh": _("A laugh together"),
    "touch": _("A touch"),
    "kind": _("A kind word"),
    "help": _("A hand with something"),
    "heard": _("Being listened to"),
    "time": _("Time just for us"),
    "other": _("Something else"),
}
