"""What has to be done before the app can run, in one process: prepare.py STEP … (in the installed environment).

Steps: migrate, cache (its table), static (collects files, where they changed), demo (the demo couple).
"""

import hashlib
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=1)


def cache() -> None:
    call_command("createcachetable")


def static() -> None:
    """Collects the static files, unless neither they nor the packages that bring some have changed."""
    folder = Path(settings.STATIC_ROOT)
    stamp = folder.parent / f"{folder.name}.print"
    now = print_of_static_files()
    if not (stamp.exists() and stamp.read_text() == now and folder.exists()):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(now)


def print_of_static_files() -> str:
    own = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")]
    files = [
        *own,
        *ROOT.glob("apps/*/static/**/*"),
        ROOT / "requirements" / "local.txt",
        ROOT / "config" / "settings.py",
    ]
    total = hashlib.sha256(str(settings.DEBUG).encode())
    for path in sorted(path for path in files if path.is_file()):
        total.update(os.fsencode(path.relative_to(ROOT)) + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def demo() -> None:
    """Loads the demo couple, and says for the launcher who of it can sign in (nobody where real people are here)."""
    from apps.accounts.models import User
    from apps.me import demo as couple

    call_command("load_demo")
    addresses = [address for address, _name in couple.PEOPLE]
    here = User.objects.filter(email__in=addresses).count() == len(addresses)
    said = {"people": addresses if here else [], "alone": couple.ALONE[0], "password": couple.PASSWORD}
    print(f"demo: {json.dumps(said)}")


def main(names: list[str]) -> None:
    steps = {"migrate": migrate, "cache": cache, "static": static, "demo": demo}
    django.setup()
    for name in names:
        steps[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
