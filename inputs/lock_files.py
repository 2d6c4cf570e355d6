"""Lock files, by which Excel and LibreOffice tell others that they have a workbook open."""

from __future__ import annotations

from pathlib import Path


def lock_file(path: Path) -> Path | None:
    """Lock file beside this workbook, while it is open in either."""
    locks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    return next((lock for lock in locks if lock.exists()), None)
