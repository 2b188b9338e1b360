"""The app's own settings, with the peer installed beside it. Only bench/ uses them."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "post_office", "bench.parts"]
POST_OFFICE = {
    "BATCH_SIZE": int(os.environ.get("BENCH_BATCH", "100")),
    "THREADS_PER_PROCESS": int(os.environ.get("BENCH_THREADS", "1")),
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": "localhost",
}
if os.environ.get("BENCH_WITHOUT_POOL"):
    # The peer forks, and a pool's threads do not come along.
    DATABASES["default"]["OPTIONS"].pop("pool")
LOGGING["root"]["level"] = "ERROR"  # type: ignore[index]
