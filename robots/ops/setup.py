"""Set-up of a machine: the environment from the hash-pinned lock, and a browser.

Run by ``make setup`` with the machine's own Python, so it begins with the standard library alone;
each part that is there already is left as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.txt"
ROOMS = ("flows", "inputs", "mock_portals", "pages", "robots")
OLDEST, NEWEST = (3, 11), (3, 13)
MODULES = (
    *("dbos", "playwright", "pydantic_settings", "openpyxl", "typer", "aiohttp", "pytest"),
    *("nicegui", "argon2"),
)


def main() -> int:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return _fail(
            "Hace falta Python 3.11, 3.12 o 3.13; este es "
            f"{sys.version_info.major}.{sys.version_info.minor}. Indique otro con «make PYTHON=…»."
        )
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not _environment(python):
        return _fail(
            "No se pudo instalar lo que está en requirements-dev.txt: hace falta llegar a un "
            "índice de paquetes de Python, o tener esos paquetes ya instalados."
        )
    if not _browser(python):
        return _fail(
            "No hay ningún navegador que el robot pueda usar y no se pudo instalar uno: instale "
            "Microsoft Edge, Google Chrome o Chromium."
        )
    return 0


def _environment(python: Path) -> bool:
    """A virtual environment with exactly what the lock says; made once for each lock."""
    stamp = VENV / "ready"
    wanted = LOCK.read_text(encoding="utf-8") + (ROOT / "pyproject.toml").read_text("utf-8")
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return True
    print("Preparando el entorno de Python…", flush=True)  # noqa: T201
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    from_lock = [*pip, "install", "--require-hashes", "-r", str(LOCK)]
    own = [*pip, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    made = _runs([sys.executable, "-m", "venv", str(VENV)]) and _runs(from_lock)
    if not made:
        # No index within reach: what the machine has already may do.
        has_all = _runs([sys.executable, "-c", f"import {', '.join(MODULES)}"])
        made = has_all and _runs(
            [sys.executable, "-m", "venv", "--clear", "--system-site-packages", str(VENV)]
        )
    if not (made and _runs(own)):
        return False
    # Compiled once: a machine may forbid Python to do so as it goes, and each start then takes
    # three seconds more.
    _runs([str(python), "-m", "compileall", "-q", str(VENV), *ROOMS], quiet=True)
    stamp.write_text(wanted, encoding="utf-8")
    return True


def _browser(python: Path) -> bool:
    """One that is there, else Playwright's own download, else Debian's package for root."""
    found = [str(python), "-m", "robots.ops.setup", "--find-browser"]
    if _runs(found):
        return True
    print("Buscando un navegador…", flush=True)  # noqa: T201
    if _runs([str(python), "-m", "playwright", "install", "chromium"], quiet=True) and _runs(found):
        return True
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    install = [*apt, "install", "-y", "chromium"]
    return (
        _runs([*apt, "update"], environment, quiet=True)
        and (
            # Debian has the lighter headless build beside it; not every derivative does.
            _runs([*install, "chromium-headless-shell"], environment, quiet=True)
            or _runs(install, environment, quiet=True)
        )
        and _runs(found)
    )


def _finds_browser() -> int:
    """Whether a browser can be started here; with the environment's own Python."""
    import asyncio

    from pages.contract.errors import BrowserLost
    from pages.core.browser import Browser

    async def try_it() -> None:
        async with Browser():
            pass

    try:
        asyncio.run(try_it())
    except BrowserLost:
        return 1
    return 0


def _runs(
    command: list[str], environment: dict[str, str] | None = None, *, quiet: bool = False
) -> bool:
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL if quiet else None,
            stderr=subprocess.DEVNULL if quiet else None,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    raise SystemExit(_finds_browser() if "--find-browser" in sys.argv else main())
