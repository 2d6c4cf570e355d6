"""Text of a cell as a person would have typed it."""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import Decimal

from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900, from_excel

from flows.rules.peru import format_date
from inputs.rows import Cell
from inputs.schema import ColumnKind, ListColumn

_ZEROS = re.compile(r"0{2,20}")  # a number format that shows leading zeros
_SERIAL = re.compile(r"[0-9]{5}")
_SERIALS = range(36526, 73051)  # 2000 to 2099: a smaller number is no date of a sale
_LAST_MINUTE = time(23, 59)
_MOST_TEXT = 32_767  # Excel's own limit
_MOST_SHOWN = 50

#: A float holds 15 digits; of a longer number the last ones are Excel's, not the person's.
_EXACT_BELOW = 10**15

_UNCOMPUTED = "la celda tiene una fórmula sin valor: abra el libro en Excel y guárdelo"
_UNREADABLE = "la celda no se puede leer: escríbala de nuevo"
_TOO_LONG = "el texto es más largo de lo que Excel permite"
_SHIFTED = (
    "esa hora, a segundos de la medianoche, es de un programa que guarda mal las fechas, quizá con "
    "un día menos: escríbala de nuevo, sin hora"
)


class CellFault(ValueError):
    """A cell that says nothing for certain, whatever its column: what it shows, and why not."""

    def __init__(self, shown: str, expected: str) -> None:
        super().__init__(expected)
        self.shown = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
        self.expected = expected


def typed_text(cell: Cell, column: ListColumn, epoch: datetime = CALENDAR_WINDOWS_1900) -> str:
    """Text that a person would have typed for this cell in this column; ``epoch`` is the
    workbook's.

    Dates come as DD/MM/YYYY, also where the cell holds a serial; numbers with all of their digits
    and the leading zeros that their format or the column asks for.
    """
    match cell.kind:
        case "empty":
            return ""
        case "bool":
            return "VERDADERO" if cell.value else "FALSO"
        case "uncomputed":
            raise CellFault("", _UNCOMPUTED)
        case "unreadable":
            raise CellFault(str(cell.value), _UNREADABLE)
        case "date":
            return _moment_text(cell, column)
        case "number":
            return _number_text(cell, column, epoch)
        case "text":
            text = str(cell.value)
            if len(text) > _MOST_TEXT:
                raise CellFault(text, _TOO_LONG)
            if column.kind is ColumnKind.DATE and _SERIAL.fullmatch(text.strip()):
                return _serial_text(int(text), epoch)
            return text


def _number_text(cell: Cell, column: ListColumn, epoch: datetime) -> str:
    value = cell.value
    assert isinstance(value, int | float)
    if column.kind is ColumnKind.DATE:
        return _serial_text(value, epoch)
    if abs(value) >= _EXACT_BELOW:
        return f"{value:.14E}"
    if column.kind is ColumnKind.MONEY:
        return _money_text(value)
    if value != int(value):
        return repr(value)
    text = str(int(value))
    shown_as = cell.number_format.partition(";")[0]  # the format's section for positive numbers
    return text.zfill(len(shown_as) if _ZEROS.fullmatch(shown_as) else column.digits)


def _serial_text(value: int | float, epoch: datetime) -> str:
    if int(value) not in _SERIALS:
        return str(value)
    moment = from_excel(value, epoch)
    assert isinstance(moment, datetime)
    return _day_text(moment)


def _moment_text(cell: Cell, column: ListColumn) -> str:
    text = str(cell.value)
    is_date = column.kind is ColumnKind.DATE
    if "-" in text:
        moment = datetime.fromisoformat(text)
        return _day_text(moment) if is_date else format_date(moment.date())
    clock = time.fromisoformat(text)
    if is_date and clock == time():  # what a formula makes of an empty cell; Excel shows it so
        return "00/01/1900"
    return f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"


def _day_text(moment: datetime) -> str:
    """The day; SheetJS 0.18 writes a midnight in America/Lima as 23:59:24 of the day before."""
    day = format_date(moment.date())
    if moment.year < 1900:  # a negative number, which Excel shows as ####
        raise CellFault(day, _UNREADABLE)
    if moment.time() > _LAST_MINUTE:
        raise CellFault(f"{day} {moment:%H:%M:%S}", _SHIFTED)
    return day


def _money_text(value: int | float) -> str:
    """A computed 44.930000000000007 is 44.93; a 44.925 stays as it is, to be refused."""
    exact = Decimal(repr(value))
    cents = exact.quantize(Decimal("0.01"))
    return format(cents if abs(exact - cents) < Decimal("0.000001") else exact, "f")
