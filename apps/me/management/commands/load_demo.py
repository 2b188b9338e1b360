"""`manage.py load_demo`: the demo couple, for trying out on one machine."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import User
from apps.core import clock
from apps.me import demo


class Command(BaseCommand):
    help = "Loads the demo couple where nobody has an account yet. Run again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo couple is for trying out on one machine (bin/up), not for a deployment.")
        addresses = [address for address, _name in demo.PEOPLE]
        if User.objects.filter(email__in=addresses).exists():
            self.stdout.write("The demo couple is there already.")
        elif User.objects.exists():
            self.stdout.write("There are people here already, so no demo couple was added.")
        else:
            demo.load(clock.now())
            self.stdout.write(f"Demo couple: {' and '.join(addresses)}, password {demo.PASSWORD}")
