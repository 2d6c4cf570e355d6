"""Reader of .xlsx and .xlsm workbooks: a row at a time, as cells that can be handed back."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS

from inputs.rows import Cell
from inputs.sheet_xml import Style, read_rows, read_strings

#: what openpyxl and the libraries under it raise for a damaged file
_DAMAGE = (
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    SyntaxError,  # ElementTree's
    ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
)


class WorkbookError(Exception):
    """Not a workbook, or a damaged one."""


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, and whether it is hidden."""

    name: str
    hidden: bool


class WorkbookReader:
    """An open workbook, read-only. Formulas give the value that was last computed."""

    def __init__(self, path: Path) -> None:
        """Raises `WorkbookError`, or OSError where the file cannot be read."""
        with _damage():
            self._reader = ExcelReader(path, read_only=True, data_only=True, keep_links=False)
            self._reader.read_manifest()
            self._reader.read_workbook()
            self._book: Any = self._reader.wb  # its styles have no public name
            apply_stylesheet(self._reader.archive, self._book)
            self.epoch: datetime = self._book.epoch
            self._parts = {
                sheet.name: (Sheet(sheet.name, sheet.state != "visible"), relation.target)
                for sheet, relation in self._reader.parser.find_sheets()
                if relation.Type.endswith("/worksheet")
            }
            self.sheets = [sheet for sheet, _ in self._parts.values()]
            if not self.sheets:
                raise WorkbookError

    def __enter__(self) -> WorkbookReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.archive.close()

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[Cell]]]:
        """The rows of a sheet, with their number in it, from 1."""
        with _damage():
            strings = self._strings()
            with self._reader.archive.open(self._parts[sheet.name][1]) as source:
                yield from read_rows(source, strings, self._styles(), self.epoch)

    def _strings(self) -> list[str]:
        part = self._reader.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is None:
            return []
        with self._reader.archive.open(part.PartName[1:]) as source:
            return read_strings(source)

    def _styles(self) -> dict[int, Style]:
        book = self._book
        return {
            number: Style(
                BUILTIN_FORMATS.get(style.numFmtId, "General")
                if style.numFmtId < BUILTIN_FORMATS_MAX_SIZE
                else book._number_formats[style.numFmtId - BUILTIN_FORMATS_MAX_SIZE],
                number in book._date_formats,
                number in book._timedelta_formats,
            )
            for number, style in enumerate(book._cell_styles)
        }


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise WorkbookError from error
