"""The drop folder: each workbook that is put there is taken once, and its report put beside it.

Looked at every few seconds rather than told by the system: notices of change do not cross a
network share. What was taken is known by name and content, in the robot's own record; the workbook
itself is only read.
"""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from loguru import logger

from flows.store.database import insert_if_absent, lasting
from flows.store.tables import drops
from inputs.lock_files import lock_file
from robots.run.list_files import lists_among, note_beside, other_tables_among

#: seconds between two looks; a workbook is taken once it was the same at two of them
LOOK = 5.0
#: looks after which a workbook that cannot be read is no longer thought to be on its way
_PATIENCE = 12
#: seconds without a change that say the same where no look follows
_OLD = _PATIENCE * LOOK

Seen = tuple[int, int]


@dataclass(frozen=True)
class Dropped:
    """A workbook to be taken; ``content`` is None where it cannot be read."""

    path: Path
    content: str | None


@dataclass
class DropFolder:
    """Polling of the folder: what stands there, look after look. Nothing that is wrong with one
    file, or with the folder for a while, is raised."""

    path: Path
    database: sa.Engine
    _seen: dict[Path, tuple[Seen, int]] = field(default_factory=dict)
    #: those that need not be taken again by this process, as they are now
    _let_be: dict[Dropped, Seen] = field(default_factory=dict)
    _said: set[tuple[Path, str]] = field(default_factory=set)
    _is_there: bool = True
    #: what the newest look left for a later one, and tables that are never taken
    waiting: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)

    def ready(self, *, is_last: bool = False) -> list[Dropped]:
        """The workbooks that are whole and were not taken before, by name. One that cannot be read
        waits, and is given once it has waited long, or where ``is_last`` says that no look follows
        and it has long been as it is; it is given again when it can be."""
        found = self._listed()
        self._seen = {path: known for path, known in self._seen.items() if path in found}
        self.waiting = []
        taken = (self._take(path, is_last) for path in found if self._is_whole(path, is_last))
        return [dropped for dropped in taken if dropped is not None]

    def _listed(self) -> list[Path]:
        try:
            inside = sorted(self.path.iterdir())
            found, self.others = list(lists_among(inside)), list(other_tables_among(inside))
        except OSError as error:  # of a network, for one
            if self._is_there:
                logger.warning("drop_folder_away", error=type(error).__name__)
            self._is_there = False
            return []
        self._is_there = True
        return found

    def _is_whole(self, path: Path, is_last: bool) -> bool:
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
        is_free = looks > 0 and not lock_file(path)
        if is_free and (zipfile.is_zipfile(path) or self._has_waited(path, is_last)):
            return True
        self.waiting.append(path)
        return False

    def _has_waited(self, path: Path, is_last: bool) -> bool:
        (_, written), looks = self._seen[path]
        return looks >= _PATIENCE or (is_last and time.time() - written / 1e9 >= _OLD)

    def _take(self, path: Path, is_last: bool) -> Dropped | None:
        now, _ = self._seen[path]
        try:
            content = fingerprint(path)
        except FileNotFoundError:
            return None
        except OSError:
            content = None
        dropped = Dropped(path, content)
        if content is None and not self._has_waited(path, is_last):
            self.waiting.append(path)
            return None
        if self._let_be.get(dropped) == now or (content and self._is_done(content)):
            return None
        return dropped

    @lasting
    def _is_done(self, content: str) -> bool:
        with self.database.connect() as db:
            query = sa.select(drops.c.done).where(drops.c.content == content)
            return db.scalar(query) is not None

    @lasting
    def done(self, dropped: Dropped) -> None:
        """Note that its report is there, or what is wrong with it. One whose work was cut off is
        not done, and is taken again; so is one that could not be read, by another process."""
        if dropped.content is None:
            self.let_be(dropped)
            return
        with self.database.begin() as db:
            insert_if_absent(db, drops, content=dropped.content, done=datetime.now(UTC))

    def let_be(self, dropped: Dropped) -> None:
        """Not again as it is now, until the robot begins anew."""
        if dropped.path in self._seen:
            self._let_be[dropped] = self._seen[dropped.path][0]

    def put_beside(self, path: Path, sentence: str) -> bool:
        """Put a sentence beside the workbook; gives whether it stands there now."""
        try:
            # the name that it holds may be none in Unicode
            note_beside(path).write_bytes(f"{sentence}\n".encode(errors="replace"))
        except OSError:
            return False
        return True

    def is_news(self, path: Path, sentence: str) -> bool:
        """Whether this is said of it for the first time by this process."""
        known = (path, sentence) in self._said
        self._said.add((path, sentence))
        return not known


def fingerprint(path: Path) -> str:
    """Digest of name and content: the same list under another name is meant to be worked on
    again."""
    digest = hashlib.sha256(os.fsencode(path.name))
    digest.update(path.read_bytes())
    return digest.hexdigest()
