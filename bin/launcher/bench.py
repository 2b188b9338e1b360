"""bin/bench: the benchmarks in bench/, each printing one JSON object a line."""

import json
import os
import sys

from . import app, environment
from .check import attend
from .places import PYTHON, ROOT, run_folder
from .processes import spawn
from .services import Services
from .words import complain


def main() -> int:
    """Without a name: lists what there is. With one: runs bench/NAME.py on real servers of its own."""
    names = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    if not names:
        complain("There are no benchmarks yet.")
        return 0
    if len(sys.argv) < 2:
        for name in names:
            print(json.dumps({"benchmark": name}))
        return 0
    if sys.argv[1] not in names:
        complain(f"There is no benchmark “{sys.argv[1]}”. These exist: {', '.join(names)}.")
        return 2
    return _run(sys.argv[1], sys.argv[2:])


def _run(name: str, arguments: list[str]) -> int:
    folder = run_folder("bench")
    environment.ensure("bench.txt")
    services = Services(folder, given={})
    try:
        services.start()
        env = app.environment(os.environ, services.environment, port=8000)
        app.prepare(folder / "logs", env, "migrate", "cache", "static")
        env["PYTHONPATH"] = str(ROOT / "bin")  # the launcher starts a benchmark's processes as well
        return attend(spawn([PYTHON, "-m", f"bench.{name}", *arguments], env=env, cwd=ROOT))
    finally:
        services.stop()
