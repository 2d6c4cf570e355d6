"""Parser (expat) of the two big parts of a workbook: its strings and a sheet's rows.

openpyxl makes an object tree of every cell and, kept safe by defusedxml, parses in pure Python:
three times the processor time (docs/rendimiento.md). All the rest of a workbook is openpyxl's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from math import isfinite
from typing import IO, NamedTuple
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.utils.escape import unescape
from openpyxl.xml.constants import SHEET_MAIN_NS

from inputs.rows import EMPTY, Cell

_CHUNK = 1 << 16
_MAX_COLUMNS = 16_384  # the format's own limit
_C, _PHONETIC, _ROW, _SI, _T, _V = (
    f"{SHEET_MAIN_NS} {tag}" for tag in ("c", "rPh", "row", "si", "t", "v")
)
_TEXTS = (_T, _V)
_WHOLE = re.compile(r"-?[0-9]+")


class Style(NamedTuple):
    """Style of a cell as far as it matters: its number format, and what that makes of a number."""

    number_format: str = "General"
    is_date: bool = False
    is_duration: bool = False


def read_strings(source: IO[bytes]) -> list[str]:
    """Read the workbook's shared strings; raises `ValueError` or `expat.ExpatError` where
    damaged."""
    parser = _Strings()
    for _ in parser.fed(source):
        pass
    return parser.strings


def read_rows(
    source: IO[bytes], strings: Sequence[str], styles: Mapping[int, Style], epoch: datetime
) -> Iterator[tuple[int, list[Cell]]]:
    """Read the rows that the sheet holds, each with its number in it; raises as `read_strings`
    does.

    A cell that is not there is `EMPTY`, and so is one without a value.
    """
    parser = _Rows(strings, styles, epoch)
    for _ in parser.fed(source):
        yield from parser.rows
        parser.rows.clear()


class _Part:
    """A part of a workbook; the text of its ``t`` and ``v`` elements is gathered."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._in_phonetic = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self.start
        self._parser.EndElementHandler = self.end
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def fed(self, source: IO[bytes]) -> Iterator[None]:
        while chunk := source.read(_CHUNK):
            self._parser.Parse(chunk)
            yield
        self._parser.Parse(b"", True)
        yield

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _PHONETIC:
            self._in_phonetic = True
        elif tag in _TEXTS and not self._in_phonetic:
            self._parser.CharacterDataHandler = self._text.append

    def end(self, tag: str) -> None:
        if tag in _TEXTS:
            self._parser.CharacterDataHandler = None
        elif tag == _PHONETIC:
            self._in_phonetic = False

    def taken_text(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        return text


class _Strings(_Part):
    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []

    def end(self, tag: str) -> None:
        if tag == _SI:
            self.strings.append(_unescaped(self.taken_text()))
        else:
            super().end(tag)


class _Rows(_Part):
    """Rows are gathered until they are taken away."""

    def __init__(
        self, strings: Sequence[str], styles: Mapping[int, Style], epoch: datetime
    ) -> None:
        super().__init__()
        self.rows: list[tuple[int, list[Cell]]] = []
        self._strings = strings
        self._styles = styles
        self._epoch = epoch
        self._number = 0
        self._cells: list[Cell] = []
        self._cell: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _C:
            self._cell = attributes
            self._text.clear()
        elif tag == _ROW:
            self._number = int(float(attributes.get("r", self._number + 1)))
            self._cells = []
        else:
            super().start(tag, attributes)

    def end(self, tag: str) -> None:
        if tag == _C:
            place = self._cell.get("r")
            missing = _place(place.rstrip("0123456789")) - len(self._cells) if place else 0
            if missing > 0:
                self._cells += [EMPTY] * missing
            self._cells.append(self._read_cell() if self._text else EMPTY)
        elif tag == _ROW:
            self.rows.append((self._number, self._cells))
        else:
            super().end(tag)

    def _read_cell(self) -> Cell:
        text = self.taken_text()
        style = self._styles.get(int(self._cell.get("s", 0)), Style())
        match self._cell.get("t", "n"):
            case "s":
                text = self._strings[int(text)]
            case "n":
                return self._read_number(text, style)
            case "b":
                return Cell("bool", bool(int(text)))
            case "d":
                return _moment(from_ISO8601(text), style)  # type: ignore[no-untyped-call]
            case _:  # a formula's text, an error's name, or text in the cell itself
                text = _unescaped(text)
        return Cell("text", text, style.number_format)

    def _read_number(self, text: str, style: Style) -> Cell:
        value = int(text) if _WHOLE.fullmatch(text) else float(text)
        if not isfinite(value):
            raise ValueError("no number")
        if not style.is_date:
            return Cell("number", value, style.number_format)
        try:
            return _moment(from_excel(value, self._epoch, timedelta=style.is_duration), style)
        except (OverflowError, ValueError):
            return Cell("text", "#VALUE!", style.number_format)


def _moment(moment: date | datetime | time | timedelta, style: Style) -> Cell:
    if isinstance(moment, timedelta):
        return Cell("text", str(moment))
    return Cell("date", moment.isoformat(), style.number_format)


@cache
def _place(letters: str) -> int:
    """From 0."""
    place = column_index_from_string(letters)
    if place > _MAX_COLUMNS:
        raise ValueError("no such column")
    return place - 1


def _unescaped(text: str) -> str:
    """``_x000D_`` is how the format writes a carriage return, and so for any UTF-16 unit."""
    if "_x" not in text:
        return text
    units = unescape(text).encode("utf-16-le", errors="surrogatepass")
    return units.decode("utf-16-le", errors="replace")


def _refuse_doctype(*_: object) -> None:
    """A workbook declares none; entities would come with it."""
    raise ValueError("a document type declaration")
