"""Parser of the two big parts of a workbook: its strings and a sheet's rows.

openpyxl makes an object tree of every cell and, kept safe by defusedxml, parses in pure Python:
three times the processor time (docs/rendimiento.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from math import isfinite
from typing import IO, NamedTuple, TypeVar

from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.utils.escape import unescape
from openpyxl.xml.constants import SHEET_MAIN_NS

from inputs.rows import EMPTY, UNCOMPUTED, Cell
from inputs.xml_parts import fed, new_parser

_MAX_COLUMNS = 16_384  # the format's own limit
_STRICT_NS = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*")
_BOOLS = {"1": True, "true": True, "0": False, "false": False}


class Style(NamedTuple):
    """Style of a cell as far as it matters: its number format, and what that makes of a number."""

    number_format: str = "General"
    is_date: bool = False
    is_duration: bool = False


_GENERAL = Style()
_Start = Callable[[dict[str, str]], None]
_End = Callable[[], None]
_Handler = TypeVar("_Handler", _Start, _End)


def read_strings(source: IO[bytes]) -> list[str]:
    """Read the workbook's shared strings; raises as `fed` does."""
    part = _Strings()
    for _ in fed(part.parser, source):
        pass
    return part.strings


def read_rows(
    source: IO[bytes],
    strings: Sequence[str],
    styles: Mapping[str, Style],
    epoch: datetime,
    *,
    to_be_computed: bool = False,
) -> Iterator[tuple[int, list[Cell]]]:
    """Read the rows that the sheet holds, each with its number in it; raises as `fed` does.

    A cell that is not there is `EMPTY`, and so is one without a value. ``styles`` goes by the
    number that a cell names. Where the workbook is ``to_be_computed``, zero as the value of a
    formula stands for none: XlsxWriter writes it so.
    """
    part = _Rows(strings, styles, epoch, to_be_computed)
    for _ in fed(part.parser, source):
        yield from part.rows
        part.rows.clear()


class _Part:
    """A part of a workbook; the text of its ``t`` elements is gathered."""

    def __init__(self) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.starts: dict[str, _Start] = _in_both(
            {"rPh": self._start_phonetic, "t": self._start_text}
        )
        self.ends: dict[str, _End] = _in_both({"rPh": self._end_phonetic})
        self.text: list[str] = []
        self._in_phonetic = False

    def gather(self, text: list[str]) -> None:
        """Gather the text of the element that begins."""
        self.parser.CharacterDataHandler = text.append

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if handler := self.starts.get(name):
            handler(attributes)

    def _end(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        if handler := self.ends.get(name):
            handler()

    def _start_text(self, _: dict[str, str]) -> None:
        if not self._in_phonetic:
            self.gather(self.text)

    def _start_phonetic(self, _: dict[str, str]) -> None:
        self._in_phonetic = True

    def _end_phonetic(self) -> None:
        self._in_phonetic = False


class _Strings(_Part):
    def __init__(self) -> None:
        super().__init__()
        self.ends |= _in_both({"si": self._end_string})
        self.strings: list[str] = []

    def _end_string(self) -> None:
        self.strings.append(unescaped("".join(self.text)))
        self.text.clear()


class _Rows(_Part):
    """Rows are gathered until they are taken away."""

    def __init__(
        self,
        strings: Sequence[str],
        styles: Mapping[str, Style],
        epoch: datetime,
        to_be_computed: bool,
    ) -> None:
        super().__init__()
        starts: dict[str, _Start] = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "v": self._start_value,
            "is": self._start_inline,
        }
        self.starts |= _in_both(starts)
        self.ends |= _in_both({"row": self._end_row, "c": self._end_cell})
        self.rows: list[tuple[int, list[Cell]]] = []
        self._strings = strings
        self._styles = styles
        self._epoch = epoch
        self._to_be_computed = to_be_computed
        self._number = 0
        self._cells: list[Cell] = []
        self._cell: dict[str, str] = {}
        self._formula: list[str] = []
        self._value: list[str] = []
        self._inline = self._has_value = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._number = int(float(attributes.get("r", self._number + 1)))
        self._cells = []

    def _end_row(self) -> None:
        self.rows.append((self._number, self._cells))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        self._formula.clear()
        self._value.clear()
        self.text.clear()
        self._inline = self._has_value = False

    def _start_formula(self, attributes: dict[str, str]) -> None:
        if attributes.get("t") == "shared":
            self._formula.append("")  # its text is in another cell
        self.gather(self._formula)

    def _start_value(self, _: dict[str, str]) -> None:
        self._has_value = True
        self.gather(self._value)

    def _start_inline(self, _: dict[str, str]) -> None:
        self._inline = True

    def _end_cell(self) -> None:
        place = self._cell.get("r")
        missing = _place(place.rstrip("0123456789")) - len(self._cells) if place else 0
        cell = self._read_cell()
        if missing >= 0:
            self._cells += [EMPTY] * missing
            self._cells.append(cell)
        elif self._cells[missing] is EMPTY:
            self._cells[missing] = cell
        elif cell is not EMPTY:  # two cells of one place
            self._cells[missing] = Cell("unreadable", f"{self._cells[missing].value} {cell.value}")

    def _read_cell(self) -> Cell:
        kind = self._cell.get("t", "n")
        text = "".join(self.text if self._inline and kind == "inlineStr" else self._value)
        if self._formula and self._is_uncomputed(kind, text):
            return UNCOMPUTED
        if not text:
            return EMPTY
        style = self._styles.get(self._cell.get("s", "0"), _GENERAL)
        try:
            return self._read_value(kind, text, style)
        except (IndexError, KeyError, OverflowError, ValueError):
            return Cell("unreadable", text)

    def _is_uncomputed(self, kind: str, text: str) -> bool:
        if not text:
            is_text = (kind == "str" and self._has_value) or (kind == "inlineStr" and self._inline)
            return not is_text  # which may be empty
        return self._to_be_computed and text == "0"

    def _read_value(self, kind: str, text: str, style: Style) -> Cell:
        match kind:
            case "s":
                if not _WHOLE.fullmatch(text) or text[0] == "-":
                    raise ValueError("no number of a string")
                text = self._strings[int(text)]
            case "n":
                return self._read_number(text, style)
            case "b":
                return Cell("bool", _BOOLS[text.strip().lower()])
            case "d":
                return _moment(from_ISO8601(text), style)  # type: ignore[no-untyped-call]
            case _:  # a formula's text, an error's name, or text in the cell itself
                text = unescaped(text)
        return Cell("text", text, style.number_format)

    def _read_number(self, text: str, style: Style) -> Cell:
        if not _NUMBER.fullmatch(text):
            raise ValueError("no number")
        value = int(text) if _WHOLE.fullmatch(text) else float(text)
        if not isfinite(value):
            raise ValueError("no number")
        if not style.is_date:
            return Cell("number", value, style.number_format)
        try:
            return _moment(from_excel(value, self._epoch, timedelta=style.is_duration), style)
        except (OverflowError, ValueError):
            return Cell("text", "#VALUE!", style.number_format)


def _in_both(handlers: Mapping[str, _Handler]) -> dict[str, _Handler]:
    """By their names in the namespaces of both kinds of workbook, transitional and strict."""
    return {
        f"{namespace} {tag}": handler
        for namespace in (SHEET_MAIN_NS, _STRICT_NS)
        for tag, handler in handlers.items()
    }


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


def unescaped(text: str) -> str:
    """``_x000D_`` is how the format writes a carriage return, and so for any UTF-16 unit."""
    if "_x" not in text:
        return text
    units = unescape(text).encode("utf-16-le", errors="surrogatepass")
    return units.decode("utf-16-le", errors="replace")
