"""Files for their owner's eyes only: what is kept of a failure may hold personal data."""

from __future__ import annotations

import os
from pathlib import Path


def private(folder: Path) -> None:
    """Make the folder, and the one it stands in, for their owner alone."""
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write the file for its owner alone, in the place of one that is there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
