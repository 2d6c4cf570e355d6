"""Permissions of what the robot writes: its owner alone may read it.

Reports that are put where people asked for them are theirs and keep the usual rights. On Windows
the folders of the robot's account do this by themselves.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

#: Where a case leaves anything.
_FOLDERS = ("evidence", "logs", "reports")

_usual: int | None = None


def owner_only(var_dir: Path) -> None:
    """Set the umask of this process and its browser; close what earlier ones left, too."""
    global _usual
    before = os.umask(0o077)
    _usual = before if _usual is None else _usual
    for path in (*(var_dir / name for name in _FOLDERS), *var_dir.glob("*.sqlite*")):
        with suppress(OSError):
            path.chmod(0o700 if path.is_dir() else 0o600)


def as_usual(path: Path) -> None:
    """Give a new file the rights that any file of this person has."""
    if _usual is not None:
        path.chmod(0o666 & ~_usual)
