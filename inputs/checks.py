"""Validation of one row: from what was typed to a `Case`, or everything that is wrong with it.

The same for a row of a list, the ``case`` command and the console.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from flows.rules.case import Canal, Case, EvidenceFile, OrigenEvidencia
from flows.rules.peru import parse_date, parse_dni, parse_lines, parse_money, parse_ruc, parse_sec
from flows.rules.scenarios import Escenario
from flows.rules.typed_text import fold, tidy
from inputs.evidence_files import EvidenceReader
from inputs.rows import RowError
from inputs.schema import BY_FIELD, COLUMNS

_CASE_NUMBER = re.compile(r"[A-Za-z0-9-]{1,20}")
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_EXCEL_ERROR = re.compile(r"#(?:N/A|N/D|REF!|¡REF!|VALUE!|¡VALOR!|DIV/0!|¡DIV/0!|NAME\?|¿NOMBRE\?"
                          r"|NULL!|¡NULO!|NUM!|¡NUM!|SPILL!|CALC!)")  # fmt: skip

_Word = TypeVar("_Word", bound=StrEnum)


def check_fields(
    fields: Mapping[str, str],
    base: Path,
    today: date,
    *,
    evidence: EvidenceReader | None = None,
    faults: Mapping[str, str] = MappingProxyType({}),
) -> Case | list[RowError]:
    """Validate a row; gives the case, or every rule that is broken, in the order of the columns.

    ``fields`` goes by the names of `Case`, as typed; what is missing counts as empty. Evidence
    paths are relative to ``base``. ``today`` is Lima's date: no request is dated after it.
    ``faults`` says what is wrong with a field whatever its text.
    """
    if unknown := fields.keys() - BY_FIELD.keys():
        raise TypeError(f"no such fields: {sorted(unknown)}")
    check = _Check(fields, today, faults)
    evidence = evidence or EvidenceReader(base)
    values: dict[str, Any] = {
        "id": check.optional("id", _label, default=""),
        "siac_case": check.optional("siac_case", _case_number, default=""),
        "fecha_solicitud": check.required("fecha_solicitud", check.day_not_in_future),
        "canal": check.required("canal", _CANAL),
        "sec": check.required("sec", _SEC),
        "ruc": check.required("ruc", _RUC),
        "lineas": check.required("lineas", _LINES),
        "cargo_fijo_ofrecido": check.required("cargo_fijo_ofrecido", parse_money),
        "contacto": check.required("contacto", _name),
        "contacto_dni": check.required("contacto_dni", _DNI),
        "contacto_correo": check.required("contacto_correo", _mail),
        "evidencia": check.files("evidencia", evidence),
        "origen_evidencia": check.optional("origen_evidencia", _ORIGEN),
        "oferta_vigente_hasta": check.optional("oferta_vigente_hasta", parse_date),
        "aprobado_por": check.optional("aprobado_por", _name, default=""),
        "escenario": check.optional("escenario", _ESCENARIO),
        "observaciones": check.free_text("observaciones"),
    }
    if check.has("evidencia") and not check.has("origen_evidencia"):
        check.fail("origen_evidencia", "falta este dato, que es obligatorio cuando hay evidencia")
    return check.in_order() or Case(**values)


class _Check:
    """Gathers the errors of one row while its fields are read."""

    def __init__(self, fields: Mapping[str, str], today: date, faults: Mapping[str, str]) -> None:
        self._fields = fields
        self._faults = faults
        self._today = today
        self._errors: list[tuple[str, RowError]] = []

    def has(self, field: str) -> bool:
        if field in self._faults:
            return True
        text = self._fields.get(field)
        if not text or text.isspace():
            return False
        return text.isascii() or bool(tidy(text))  # or is it zero-width characters only?

    def fail(self, field: str, expected: str, value: str | None = None) -> None:
        shown = tidy(self._fields.get(field, "")) if value is None else value
        column = BY_FIELD[field].header
        self._errors.append((field, RowError(column=column, value=shown, expected=expected)))

    def required(self, field: str, parse: Callable[[str], Any]) -> Any:
        if not self.has(field):
            self.fail(field, "falta este dato, que es obligatorio")
            return None
        return self._parsed(field, parse, None)

    def optional(self, field: str, parse: Callable[[str], Any], default: Any = None) -> Any:
        if not self.has(field):
            return default
        return self._parsed(field, parse, default)

    def _parsed(self, field: str, parse: Callable[[str], Any], default: Any) -> Any:
        if expected := self._faults.get(field):
            self.fail(field, expected)
            return default
        text = self._fields[field]
        if text[0] == "#" and _EXCEL_ERROR.fullmatch(text):
            self.fail(field, "la celda muestra un error de Excel en lugar de un dato")
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.fail(field, str(error))
            return default

    def files(self, field: str, evidence: EvidenceReader) -> tuple[EvidenceFile, ...]:
        files, errors = self.optional(field, evidence.read, default=([], []))
        for name, expected in errors:
            self.fail(field, expected, name)
        return tuple(files)

    def free_text(self, field: str) -> str:
        if expected := self._faults.get(field):
            self.fail(field, expected)
        return self._fields.get(field, "").strip()

    def day_not_in_future(self, text: str) -> date:
        day = parse_date(text)
        if day > self._today:
            raise ValueError("la fecha no puede ser futura")
        return day

    def in_order(self) -> list[RowError]:
        places = [column.field for column in COLUMNS]
        return [error for _, error in sorted(self._errors, key=lambda e: places.index(e[0]))]


def _exact(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """Takes scientific notation too where it still holds every digit."""

    def parsed(text: str) -> Any:
        plain = text.strip()
        if not _SCIENTIFIC.fullmatch(plain):
            return parse(text)
        digits, _, power = plain.lower().replace(",", ".").partition("e")
        whole, _, fraction = digits.partition(".")
        if len(fraction) != int(power):
            raise ValueError(
                "el número está en notación científica y perdió dígitos; se espera el número "
                "completo, en una celda con formato de texto"
            )
        return parse(whole + fraction)

    return parsed


def _one_of(words: type[_Word]) -> Callable[[str], _Word]:
    by_word = {str(word): word for word in words}
    by_fold = {fold(word): word for word in words}

    def parsed(text: str) -> _Word:
        word = by_word.get(text) or by_fold.get(fold(text).replace(" ", "_"))
        if word is None:
            raise ValueError(f"se espera {_either(words)}")
        return word

    return parsed


def _either(words: type[_Word]) -> str:
    *most, last = words
    return f"{', '.join(most)} o {last}"


def _label(text: str) -> str:
    label = tidy(text)
    if len(label) > 50:
        raise ValueError("se espera una etiqueta de 50 caracteres como máximo")
    return label


def _case_number(text: str) -> str:
    number = tidy(text)
    if not _CASE_NUMBER.fullmatch(number):
        raise ValueError("se espera el número de un caso de SIAC Único")
    return number


def _name(text: str) -> str:
    name = tidy(text)
    if not name[0].isalpha() or len(name) > 100:
        raise ValueError("se espera un nombre, de 100 caracteres como máximo")
    return name


def _mail(text: str) -> str:
    address = tidy(text)
    if not _MAIL.fullmatch(address) or len(address) > 254:
        raise ValueError("se espera una dirección de correo, por ejemplo nombre@empresa.pe")
    return address


_CANAL, _ORIGEN, _ESCENARIO = _one_of(Canal), _one_of(OrigenEvidencia), _one_of(Escenario)
_SEC, _RUC, _LINES = _exact(parse_sec), _exact(parse_ruc), _exact(parse_lines)
_DNI = _exact(parse_dni)
