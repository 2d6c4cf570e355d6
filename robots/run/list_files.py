"""Files that are case lists: the newest of a pattern, or all that were put into a folder."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = (".xlsx", ".xlsm")
#: how a report that stands beside its list ends, before its suffix
REPORT = "-informe"


def report_beside(workbook: Path) -> Path:
    return workbook.with_name(f"{workbook.stem}{REPORT}.xlsx")


def lists_among(paths: Iterable[Path]) -> Iterator[Path]:
    """Workbooks that people put there: no lock file, no report, nothing hidden."""
    for path in paths:
        named = path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", "."))
        if named and not path.stem.endswith(REPORT) and path.is_file():
            yield path


def newest(pattern: Path) -> Path:
    """The list itself, or, of those that fit a pattern, the one written last; where none fits, the
    pattern, which is then told not to exist."""
    if not glob.has_magic(str(pattern)) or pattern.exists():
        return pattern
    fitting = lists_among(map(Path, glob.glob(str(pattern))))  # noqa: PTH207
    return max(fitting, key=lambda path: (path.stat().st_mtime, path.name), default=pattern)
