"""Text of a cell as a person would have typed it."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900, from_excel

from flows.rules.peru import format_date
from inputs.rows import Cell
from inputs.schema import ColumnKind, ListColumn

_ZEROS = re.compile(r"0{2,20}")  # a number format that shows leading zeros
_SERIAL = re.compile(r"[0-9]{5}")
_SERIALS = range(36526, 73051)  # 2000 to 2099: a smaller number is no date of a sale

#: A float holds 15 digits; of a longer number the last ones are Excel's, not the person's.
_EXACT_BELOW = 10**15


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
        case "date":
            return format_date(datetime.fromisoformat(str(cell.value)).date())
        case "number":
            return _number_text(cell, column, epoch)
        case "text":
            text = str(cell.value)
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
    day = from_excel(value, epoch)
    assert isinstance(day, datetime)
    return format_date(day.date())


def _money_text(value: int | float) -> str:
    """A computed 44.930000000000007 is 44.93; a 44.925 stays as it is, to be refused."""
    exact = Decimal(repr(value))
    cents = exact.quantize(Decimal("0.01"))
    return format(cents if abs(exact - cents) < Decimal("0.000001") else exact, "f")
