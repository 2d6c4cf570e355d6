"""Logs: one line for each event, with its case, step, portal, attempt and time.

For people on the terminal, JSON in the file. English, with stable codes; never a name, a document,
an address, a telephone or a password: a line has codes and figures, no sentence that was read
anywhere, and what looks like personal data all the same is masked.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loguru import logger
from loguru._file_sink import FileSink

if TYPE_CHECKING:
    from loguru import Record

FILE = "cargofijo.log"
ROTATION = "10 MB"

#: What stands first in a line, where the event has it; everything else follows.
_FIELDS = ("run", "case", "attempt", "step", "try", "portal")
#: An address; a run of digits as long as a DNI, a telephone or a RUC. The digits of a reference
#: and of a run's id stand beside a hyphen and are kept.
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w-])\d{8,11}(?![\w-])")
_LIBRARIES = ("dbos", "asyncio", "sqlalchemy")


def open_logs(folder: Path, *, keep_days: int = 90) -> None:
    """Open the logs: warnings go to standard error, every event to ``folder/cargofijo.log``,
    rotated; what is older than so many days is deleted."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    logger.remove()
    logger.configure(patcher=_mask)
    # Neither backtraces nor the values of variables: both could carry personal data.
    logger.add(
        _on_terminal,
        level="WARNING",
        format=_for_people,
        backtrace=False,
        diagnose=False,
        colorize=False,
    )
    file = _File(  # type: ignore[no-untyped-call]
        folder / FILE,
        rotation=ROTATION,
        retention=timedelta(days=keep_days),
        encoding="utf-8",
        watch=True,  # another process may rotate it, or purge it
    )
    logger.add(file, level="DEBUG", format=_as_json, backtrace=False, diagnose=False)
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        library.handlers = [_FromLibraries(level=logging.WARNING)]
        library.propagate = False


class _File(FileSink):
    """loguru's own file. Where the disk is full, it would print the whole event on the terminal,
    with the texts of its error; the disk is told by whoever needs it for more than a log."""

    def write(self, message: str) -> None:
        with suppress(OSError):
            super().write(message)  # type: ignore[no-untyped-call]

    def stop(self) -> None:
        with suppress(OSError):
            super().stop()  # type: ignore[no-untyped-call]


def _on_terminal(line: str) -> None:
    sys.stderr.write(line)  # as it is now: a progress bar may stand in for it


class _FromLibraries(logging.Handler):
    """What a library has to say is told by where it said so: its text could carry anything."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0] if record.exc_info else None
        logger.bind(
            library=record.name,
            place=f"{Path(record.pathname).name}:{record.lineno}",
            **({"error": error.__name__} if error else {}),
        ).log(record.levelname, "library_complained")


def masked(text: str) -> str:
    """The text with what looks like personal data left out."""
    return _PERSONAL.sub("***", text)


def _mask(record: Record) -> None:
    record["message"] = masked(record["message"])
    for name, value in record["extra"].items():
        if isinstance(value, str):
            record["extra"][name] = masked(value)


def _known(record: Record) -> dict[str, Any]:
    extra = record["extra"]
    first = {name: extra[name] for name in _FIELDS if name in extra}
    known = first | {name: value for name, value in extra.items() if value is not None}
    if record["exception"] is not None and record["exception"].type is not None:
        known.setdefault("error", record["exception"].type.__name__)
    return known


def _as_json(record: Record) -> str:
    line = {
        "time": record["time"].isoformat(timespec="milliseconds"),
        "level": record["level"].name,
        "event": record["message"],
        **_known(record),
    }
    return _literally(json.dumps(line, ensure_ascii=False, default=str))


def _for_people(record: Record) -> str:
    told = " ".join(f"{name}={value}" for name, value in _known(record).items())
    level = record["level"].name
    return _literally(f"{record['time']:HH:mm:ss} {level} {record['message']} {told}".rstrip())


def _literally(text: str) -> str:
    """A format in which loguru finds nothing to fill in; it adds no traceback to it either."""
    return text.replace("{", "{{").replace("}", "}}").replace("<", r"\<") + "\n"
