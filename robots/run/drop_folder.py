"""The drop folder: each workbook that is put there is taken once, and its report put beside it.

Looked at every few seconds rather than told by the system: notices of change do not cross a
network share. What was taken is known by name and content, in the robot's own record; the workbook
itself is only read.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from flows.store.database import insert_if_absent, lasting
from flows.store.tables import drops
from inputs.lock_files import lock_file
from robots.run.list_files import lists_among

#: seconds between two looks; a workbook is taken once it was the same at two of them
LOOK = 5.0
#: looks after which a workbook that cannot be read is no longer thought to be on its way
_PATIENCE = 12

Seen = tuple[int, int]


@dataclass
class Folder:
    """Polling of the folder: what stands there, look after look."""

    path: Path
    database: sa.Engine
    _seen: dict[Path, tuple[Seen, int]] = field(default_factory=dict)

    def ready(self) -> list[Path]:
        """The workbooks that are whole and were not taken before, by name."""
        found = sorted(lists_among(self.path.iterdir()))
        self._seen = {path: known for path, known in self._seen.items() if path in found}
        return [path for path in found if self._is_whole(path) and not self.is_done(path)]

    def _is_whole(self, path: Path) -> bool:
        """Nobody writes to it any more: the same at two looks, open nowhere, and with the end that
        a workbook has; one without it is left for later, and taken as it is in the end."""
        try:
            stat = path.stat()
            now = stat.st_size, stat.st_mtime_ns
        except OSError:
            return False
        before, looks = self._seen.get(path, (None, 0))
        looks = looks + 1 if before == now else 0
        self._seen[path] = now, looks
        if looks == 0 or lock_file(path):
            return False
        return zipfile.is_zipfile(path) or looks >= _PATIENCE

    @lasting
    def is_done(self, path: Path) -> bool:
        with self.database.connect() as db:
            query = sa.select(drops.c.done).where(drops.c.content == fingerprint(path))
            return db.scalar(query) is not None

    @lasting
    def done(self, content: str) -> None:
        """Note that its report is there. One whose work was cut off is not done, and is taken
        again."""
        with self.database.begin() as db:
            insert_if_absent(db, drops, content=content, done=datetime.now(UTC))


def fingerprint(path: Path) -> str:
    """Digest of name and content: the same list under another name is meant to be worked on
    again."""
    digest = hashlib.sha256(path.name.encode())
    digest.update(path.read_bytes())
    return digest.hexdigest()
