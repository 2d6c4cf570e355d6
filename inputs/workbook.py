"""Reader of .xlsx and .xlsm workbooks: a row at a time, as cells that can be handed back."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from xml.parsers.expat import ExpatError

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from inputs.other_documents import other_document
from inputs.package import Package
from inputs.rows import Cell
from inputs.sheet_xml import Style, read_rows, read_strings, unescaped

#: what the libraries below raise for a damaged file
_DAMAGE = (
    LookupError,
    ValueError,
    OverflowError,
    EOFError,
    ExpatError,
    RuntimeError,  # zipfile's for an encrypted part
    NotImplementedError,  # and for a compression that it does not know
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


class WorkbookError(Exception):
    """Not a workbook, or a damaged one."""


class OtherDocument(WorkbookError):
    """Another kind of document; the text is the rest of a Spanish sentence about it."""


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, whether it is hidden, and the part that holds its cells."""

    name: str
    hidden: bool
    part: str


class WorkbookReader:
    """An open workbook, read-only. Formulas give the value that was last computed."""

    def __init__(self, path: Path) -> None:
        """Raises `WorkbookError`, or OSError where the file cannot be read."""
        with _damage():
            self._package = Package(path)
            try:
                self._read_workbook()
            except BaseException:
                self._package.close()
                raise

    def _read_workbook(self) -> None:
        main = next(
            (to.part for to in self._package.relationships() if to.kind == "officeDocument"), ""
        )
        if other := other_document(self._package, main):
            raise OtherDocument(other)
        self._related = self._package.relationships(main)
        worksheets = {to.id: to.part for to in self._related if to.kind == "worksheet"}
        self.sheets: list[Sheet] = []
        self.epoch: datetime = CALENDAR_WINDOWS_1900
        self._to_be_computed = False
        for _, name, attributes in self._package.elements(main):
            part = worksheets.get(attributes.get("id", ""))
            match name:
                case "workbookPr" if _is_true(attributes.get("date1904")):
                    self.epoch = CALENDAR_MAC_1904
                case "calcPr":
                    self._to_be_computed = _is_true(attributes.get("fullCalcOnLoad"))
                case "sheet" if part is not None:
                    hidden = attributes.get("state") in ("hidden", "veryHidden")
                    self.sheets.append(Sheet(unescaped(attributes["name"]), hidden, part))

    def __enter__(self) -> WorkbookReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._package.close()

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[Cell]]]:
        """The rows of a sheet, with their number in it, from 1."""
        with _damage():
            strings, styles = self._strings(), self._styles()
            with self._package.open(sheet.part) as source:
                yield from read_rows(
                    source, strings, styles, self.epoch, to_be_computed=self._to_be_computed
                )

    def _part(self, kind: str) -> str:
        return next((to.part for to in self._related if to.kind == kind), "")

    def _strings(self) -> list[str]:
        part = self._part("sharedStrings")
        if part not in self._package:
            return []
        with self._package.open(part) as source:
            return read_strings(source)

    def _styles(self) -> dict[str, Style]:
        """By the numbers that cells name them with."""
        own: dict[str, str] = {}
        numbers: list[str] = []
        for parent, name, attributes in self._package.elements(self._part("styles")):
            match parent, name:
                case "numFmts", "numFmt":
                    own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "General")
                case "cellXfs", "xf":
                    numbers.append(attributes.get("numFmtId", "0"))
        return {
            str(place): _style(own.get(number) or _BUILTIN.get(number, "General"))
            for place, number in enumerate(numbers)
        }


_BUILTIN = {str(number): shown_as for number, shown_as in BUILTIN_FORMATS.items()}


@lru_cache
def _style(number_format: str) -> Style:
    return Style(number_format, is_date_format(number_format), is_timedelta_format(number_format))


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise WorkbookError from error
