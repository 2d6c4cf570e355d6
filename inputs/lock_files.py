"""Lock files, by which Excel and LibreOffice tell others that they have a workbook open."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def lock_file(path: Path) -> Path | None:
    """Lock file beside this workbook, while it is open in either."""
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        with suppress(OSError):  # its name is too long for the system: so it is nowhere
            if lock.exists():
                return lock
    return None
