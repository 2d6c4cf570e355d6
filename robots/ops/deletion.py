"""Deletion of what is past its time, everywhere; what is left of it is looked for afterwards.

Files go first and the record last: stopped in between, the next purge finds the same cases again.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

from loguru import logger

from flows.rules.lima import LIMA
from flows.runtime.queue_client import QueueClient
from flows.store.ledger import Ledger
from flows.store.retention import forget, known_references, past_cases
from robots import logs
from robots.console.audit import Audit
from robots.packet.manifest import is_packet
from robots.reports.report_file import page_of
from robots.settings import Settings

_REFERENCE = re.compile(rb"CF-\d+-\d{8}-[0-9a-f]{6}")
#: what the name of a report ends with: a run's, and that of its reconciliation
_RUN = re.compile(r"-(\d{8}-\d{6})-[0-9a-f]{4}(?:-conciliacion)?$")
#: a list of the queue, by Lima's clock
_QUEUE = re.compile(r"cola-(\d{8}-\d{4})(?:-\d+)?")


@dataclass(frozen=True)
class Purged:
    """Counts of what was deleted; ``left`` is where any of it is still found, and should be
    empty; ``packets`` somebody took, and they are that person's."""

    cases: int
    folders: int
    files: int
    log_lines: int
    reports: int
    rows: int
    waiting: tuple[str, ...]
    left: tuple[str, ...]
    packets: tuple[str, ...]


async def purge_cases(settings: Settings, ledger: Ledger, *, days: int) -> Purged:
    """Delete every case that nobody has touched for so many days and that waits for nobody."""
    before = datetime.now(UTC) - timedelta(days=days)
    var_dir = settings.var_dir.absolute()
    past = await asyncio.to_thread(past_cases, ledger, before)
    gone = set(past.references)
    folders, files = _delete_folders(var_dir / "evidence", gone, before, ledger)
    files += _delete_uploads(var_dir / "uploads", before)
    lines = _rewrite_logs(var_dir / "logs", gone, before, settings.policy.retention_days)
    reports = _delete_reports(var_dir / "reports", before)
    reports += _delete_lists(var_dir / "lists", before)
    rows = await forget(ledger, past, partial(_forget_flows, ledger))
    noted = await asyncio.to_thread(Audit(ledger.engine).forget, before)
    left, packets = await asyncio.to_thread(_left, settings, ledger, gone)
    logger.bind(days=days, cases=len(gone), rows=sum(rows.values()), left=len(left)).info("purged")
    return Purged(
        cases=len(gone),
        folders=folders,
        files=files,
        log_lines=lines,
        reports=reports,
        rows=sum(rows.values()) + noted,
        packets=packets,
        waiting=past.waiting,
        left=left,
    )


async def _forget_flows(ledger: Ledger, attempts: Iterable[tuple[str, int]]) -> None:
    queue = await asyncio.to_thread(QueueClient, ledger.engine)
    try:
        await queue.forget(attempts)
    finally:
        queue.close()


def _delete_folders(
    root: Path, gone: set[str], before: datetime, ledger: Ledger
) -> tuple[int, int]:
    """The folders of these cases, and old ones that are of no case that anybody knows: of one that
    was, or of a look into a portal that failed."""
    found = {path.name: path for path in root.glob("*") if path.is_dir()}
    strangers = found.keys() - known_references(ledger.engine, found) - gone
    old = {name for name in strangers if _touched(found[name]) < before}
    folders = files = 0
    for name in (gone | old) & found.keys():
        files += sum(path.is_file() for path in found[name].rglob("*"))
        shutil.rmtree(found[name])
        folders += 1
    return folders, files


def _delete_uploads(folder: Path, before: datetime) -> int:
    """What people uploaded in the console and is no case's."""
    count = 0
    for path in [one for one in folder.glob("*") if _touched(one) < before]:
        count += sum(file.is_file() for file in path.rglob("*"))
        shutil.rmtree(path)
    return count


def _touched(folder: Path) -> datetime:
    newest = max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    return datetime.fromtimestamp(newest, UTC)


def _rewrite_logs(folder: Path, gone: set[str], before: datetime, keep_days: int) -> int:
    """Leave out the lines of these cases, and all that are as old; gives how many went."""
    logger.remove()  # Windows replaces no file that is open
    count = 0
    try:
        for path in folder.glob("*.log"):
            count += _rewrite_log(path, gone, before)
    finally:
        logs.open_logs(folder, keep_days=keep_days)
    return count


def _rewrite_log(path: Path, gone: set[str], before: datetime) -> int:
    with path.open(encoding="utf-8") as file:
        lines = file.readlines()
    kept = [line for line in lines if _stays(line, gone, before)]
    if lines and not kept:
        path.unlink()
    elif len(kept) < len(lines):
        beside = path.with_suffix(".tmp")
        beside.write_text("".join(kept), encoding="utf-8")
        beside.replace(path)
    return len(lines) - len(kept)


def _stays(line: str, gone: set[str], before: datetime) -> bool:
    try:
        event = json.loads(line)
        return event.get("case") not in gone and datetime.fromisoformat(event["time"]) >= before
    except (ValueError, KeyError, AttributeError):
        return False  # nobody can tell whose it is


def _delete_reports(folder: Path, before: datetime) -> int:
    """Those that the robot named itself: they end with their run, which begins with its moment."""
    count = 0
    for path in folder.glob("*.xlsx"):
        found = _RUN.search(path.stem)
        if found and _moment(found[1]) < before:
            for file in (path, page_of(path)):
                with suppress(FileNotFoundError):
                    file.unlink()
                    count += 1
    return count


def _delete_lists(folder: Path, before: datetime) -> int:
    """Those that were made of the queue."""
    count = 0
    for path in folder.glob("*.xlsx"):
        found = _QUEUE.fullmatch(path.stem)
        if found and _moment(f"{found[1]}00", LIMA) < before:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _moment(run: str, zone: tzinfo = UTC) -> datetime:
    try:
        return datetime.strptime(run, "%Y%m%d-%H%M%S").replace(tzinfo=zone)
    except ValueError:
        return datetime.now(UTC)


def _left(
    settings: Settings, ledger: Ledger, gone: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where one of these references still stands: in the database, or in any byte of our files; and
    the packets that it stands in."""
    wanted = {reference.encode() for reference in gone}
    var_dir = settings.var_dir.absolute()
    files = [
        path
        for path in _ours(var_dir)
        if path.name in gone or (path.is_file() and wanted & _references_in(path))
    ]
    packets = {path for path in files if path.is_file() and is_packet(path)}
    left = [str(path.relative_to(var_dir)) for path in files if path not in packets]
    if known_references(ledger.engine, gone):
        left.insert(0, "la base de datos")
    return tuple(left), tuple(sorted(str(path.relative_to(var_dir)) for path in packets))


def _ours(var_dir: Path) -> Iterator[Path]:
    for path in var_dir.rglob("*"):
        if "demo" not in path.relative_to(var_dir).parts[:1]:  # which has its own database
            yield path


def _references_in(path: Path) -> set[bytes]:
    """Also of what is packed in it, as in a workbook."""
    if not path.stat().st_size:
        return set()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = {match[0] for match in _REFERENCE.finditer(content)}
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            found |= {match[0] for match in _REFERENCE.finditer(packed.read(name))}
    return found
