"""Files that are case lists: the newest of a pattern, or all that were put into a folder."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = (".xlsx", ".xlsm")
#: tables that people take for lists, and that are none
_OTHERS = (".xls", ".xlsb", ".csv", ".ods")
#: how a report that stands beside its list ends, before its suffix
REPORT = "-informe"


def report_beside(workbook: Path) -> Path:
    return workbook.with_name(f"{workbook.stem}{REPORT}.xlsx")


def note_beside(workbook: Path) -> Path:
    """What stands there instead of a report, where the list cannot be used."""
    return workbook.with_name(f"{workbook.stem}{REPORT}.txt")


def lists_among(paths: Iterable[Path]) -> Iterator[Path]:
    """Workbooks that people put there: no lock file, no report, nothing hidden."""
    for path in paths:
        named = path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", "."))
        if named and not path.stem.endswith(REPORT) and _is_file(path):
            yield path


def other_tables_among(paths: Iterable[Path]) -> Iterator[Path]:
    """Tables of another kind; a case's evidence may be one."""
    for path in paths:
        named = path.suffix.lower() in _OTHERS and not path.name.startswith(("~$", "."))
        if named and _is_file(path):
            yield path


def _is_file(path: Path) -> bool:
    """False also where nobody can tell: a link into a folder that is closed to the robot."""
    try:
        return path.is_file()
    except OSError:
        return False


def newest(pattern: Path) -> Path:
    """The list itself, or, of those that fit a pattern, the one written last; where none fits, the
    pattern, which is then told not to exist."""
    if not glob.has_magic(str(pattern)) or pattern.exists():
        return pattern
    fitting = lists_among(map(Path, glob.glob(str(pattern))))  # noqa: PTH207
    return max(fitting, key=lambda path: (_written(path), path.name), default=pattern)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # it has gone since
        return 0.0
