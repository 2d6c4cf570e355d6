"""Reads the sheets of an .xlsx or .xlsm, a row at a time, and nothing else of it.

openpyxl builds an object tree for every cell and takes some three times as long and as much memory;
a list of 20,000 rows is to be read in seconds. What it knows of formats and dates is used here.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element
from xml.parsers import expat

from defusedxml.ElementTree import parse as parse_xml
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from inputs.rows import EMPTY, Cell

_CHUNK = 1 << 16
_GENERAL = "General"
_DAMAGE = (
    KeyError,  # a part is missing
    IndexError,  # a style, a shared string or a relation is
    ValueError,
    EOFError,
    SyntaxError,  # ElementTree's
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class WorkbookError(Exception):
    """Not a workbook, or a damaged one."""


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, whether it is hidden, and its part of the archive."""

    name: str
    hidden: bool
    part: str


class Workbook:
    """An open workbook. Formulas give the value that was last computed."""

    def __init__(self, path: Path) -> None:
        """Raises `WorkbookError`, or OSError where the file cannot be read."""
        try:
            self._archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise WorkbookError from error
        try:
            self._read_parts()
        except _DAMAGE as error:
            self._archive.close()
            raise WorkbookError from error

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[Cell]]]:
        """The rows that the file holds, with their number in the sheet, from 1."""
        try:
            with self._archive.open(sheet.part) as source:
                yield from _SheetParser(self._strings, self._formats, self.epoch).rows(source)
        except _DAMAGE as error:
            raise WorkbookError from error

    def _read_parts(self) -> None:
        main = self._related("", "/officeDocument")[0]
        root = self._xml(main[1])
        parts = dict(self._related(main[1], "/worksheet"))
        properties = _first(root, "workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
        self.sheets = [
            Sheet(item.get("name", ""), item.get("state", "visible") != "visible", parts[name])
            for item in root.iter()
            if _local(item) == "sheet"
            for key, name in item.items()
            if key.endswith("}id") and name in parts
        ]
        strings = self._related(main[1], "/sharedStrings")
        self._strings = self._read_strings(strings[0][1]) if strings else []
        styles = self._related(main[1], "/styles")
        self._formats = self._read_formats(styles[0][1]) if styles else []

    def _xml(self, part: str) -> Element:
        with self._archive.open(part) as source:
            root = parse_xml(source, forbid_dtd=True).getroot()
        assert root is not None
        return root

    def _related(self, part: str, kind: str) -> list[tuple[str, str]]:
        """The ids and paths of the parts of one kind that a part names."""
        folder, name = posixpath.split(part)
        root = self._xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        return [
            (item.get("Id", ""), posixpath.normpath(posixpath.join("/", folder, target))[1:])
            for item in root
            if item.get("Type", "").endswith(kind) and (target := item.get("Target"))
        ]

    def _read_strings(self, part: str) -> list[str]:
        strings: list[str] = []
        with self._archive.open(part) as source:
            _StringsParser(strings).parse(source)
        return strings

    def _read_formats(self, part: str) -> list[str]:
        """The number format of each cell style, in order."""
        root = self._xml(part)
        own = {
            int(item.get("numFmtId", "0")): item.get("formatCode", _GENERAL)
            for item in root.iter()
            if _local(item) == "numFmt"
        }
        styles = _first(root, "cellXfs")
        ids = [int(item.get("numFmtId", "0")) for item in styles] if styles is not None else []
        return [own.get(i) or BUILTIN_FORMATS.get(i) or _GENERAL for i in ids]


def _local(item: Element) -> str:
    return str(item.tag).rpartition("}")[2]


def _first(root: Element, name: str) -> Element | None:
    return next((item for item in root.iter() if _local(item) == name), None)


def _unescape(text: str) -> str:
    """``_x000D_`` is how a workbook writes a character that XML cannot."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Parser:
    """expat with the names made local; document types, and so entities, are refused."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.StartDoctypeDeclHandler = self._refuse

    def parse(self, source: IO[bytes]) -> None:
        while chunk := source.read(_CHUNK):
            self._expat.Parse(chunk, False)
        self._expat.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise ValueError("document types are not taken")

    def _listen(self) -> None:
        self._text.clear()
        self._expat.CharacterDataHandler = self._text.append

    def _heard(self) -> str:
        self._expat.CharacterDataHandler = None
        return "".join(self._text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        raise NotImplementedError


class _StringsParser(_Parser):
    """The shared strings: the runs of a rich text joined, readings of Asian scripts left out."""

    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        self._strings = strings
        self._runs: list[str] = []
        self._phonetic = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "si":
                self._runs.clear()
            case "t":
                self._listen()
            case "rPh":
                self._phonetic = True

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "t":
                text = self._heard()
                if not self._phonetic:
                    self._runs.append(text)
            case "rPh":
                self._phonetic = False
            case "si":
                self._strings.append(_unescape("".join(self._runs)))


class _SheetParser(_Parser):
    """The cells of one sheet. Cells that hold nothing fill the gaps of a row."""

    def __init__(self, strings: list[str], formats: list[str], epoch: datetime) -> None:
        super().__init__()
        self._strings = strings
        self._formats = formats
        self._is_date = [is_date_format(code) for code in formats]
        self._epoch = epoch
        self._places: dict[str, int] = {}
        self._done: list[tuple[int, list[Cell]]] = []
        self._row: list[Cell] = []
        self._row_number = 0
        self._place = 0
        self._kind = ""
        self._style = 0
        self._raw = ""

    def rows(self, source: IO[bytes]) -> Iterator[tuple[int, list[Cell]]]:
        while chunk := source.read(_CHUNK):
            self._expat.Parse(chunk, False)
            yield from self._done
            self._done.clear()
        self._expat.Parse(b"", True)
        yield from self._done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                reference = attributes.get("r")
                self._place = self._place_of(reference) if reference else len(self._row)
                self._kind = attributes.get("t", "n")
                self._style = int(attributes.get("s", "0"))
                self._raw = ""
            case "v" | "t":
                self._listen()
            case "row":
                self._row_number = int(attributes.get("r", self._row_number + 1))
                self._row = []

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "t":
                self._raw += self._heard()
            case "c":
                if self._raw:
                    gap = self._place - len(self._row)
                    if gap:
                        self._row += [EMPTY] * gap
                    self._row.append(self._cell())
            case "row":
                if self._row:
                    self._done.append((self._row_number, self._row))

    def _place_of(self, reference: str) -> int:
        """``AB12`` is the cell at place 27 of its row."""
        letters = reference.rstrip("0123456789")
        if letters not in self._places:
            place = 0
            for letter in letters.upper():
                place = place * 26 + ord(letter) - 64
            self._places[letters] = place - 1
        return self._places[letters]

    def _cell(self) -> Cell:
        raw = self._raw
        number_format = self._formats[self._style] if self._formats else _GENERAL
        match self._kind:
            case "s":
                text = self._strings[int(raw)]
                return Cell("text", text, number_format) if text else EMPTY
            case "n":
                return self._number(raw, number_format)
            case "b":
                return Cell("bool", raw.strip() in ("1", "true"), number_format)
            case "d":
                return Cell("date", _iso(datetime.fromisoformat(raw.strip())), number_format)
            case _:  # inlineStr, str: a formula's text, e: an error such as #N/A
                return Cell("text", _unescape(raw), number_format)

    def _number(self, raw: str, number_format: str) -> Cell:
        value = int(raw) if raw.isdigit() else float(raw)
        if self._formats and self._is_date[self._style]:
            try:
                day = from_excel(value, self._epoch)
            except (OverflowError, ValueError):
                day = None
            if isinstance(day, datetime):  # a time of day or a duration stays the number it is
                return Cell("date", _iso(day), number_format)
        return Cell("number", value, number_format)


def _iso(moment: datetime) -> str:
    at_midnight = moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return (moment.date() if at_midnight else moment).isoformat()
