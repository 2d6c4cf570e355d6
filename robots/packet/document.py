"""The packet's document: one page in HTML, which the browser prints."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup
from pydantic import ValidationError

from flows.rules.case import Estado
from flows.rules.lima import in_lima
from flows.rules.peru import format_date
from flows.runtime.history import STEP_NAMES, attempt_name
from flows.runtime.kept import MAILS, RECORDS, Kept, held_name
from flows.store.ledger import Attempt
from pages.contract.ports import NINTEX, REMEDY, SIAC
from pages.drafts import labels_of
from robots.packet.dossier import CaseFile, Dossier
from robots.reports.case_words import case_facts, picture_title
from robots.reports.display_names import (
    ESTADO_TINTS,
    MOTIVO_NAMES,
    current_status,
)
from robots.reports.html_templates import html_templates

_TEMPLATES = Path(__file__).parent / "templates"
#: where a picture stands, on A4 within the margins: millimetres
_WIDTH, _HEIGHT = 178.0, 205.0
#: a picture that is so much higher than its place is made smaller; a higher one is cut
_SHRINKS = 1.4
#: what two sheets both show of a picture that is cut, so that no line of it is lost
_OVERLAP = 8.0
#: what no form of a portal is typed, and how people call it
_OWN = {
    "numero": "Número",
    "estado": "Estado",
    "creado": "Creado",
    "creado_por": "Creado por",
    "notas": "Historial",
    "altered": "Distinto de lo escrito",
}
_OF_REQUEST = ("numero", "estado", "creado", "creado_por", "altered")
#: a day as JSON has it
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PNG = b"\x89PNG\r\n\x1a\n"


class Mail(NamedTuple):
    """An e-mail as it was handed over; ``state`` says what became of it."""

    to: str
    subject: str
    sent: str
    number: str
    state: str
    text: str


class Slice(NamedTuple):
    """A part of a picture, in millimetres from its top."""

    top: float
    height: float


@dataclass(frozen=True)
class Figure:
    """A picture; ``slices`` are its parts where it is higher than a sheet."""

    key: str
    title: str
    file: CaseFile
    slices: Sequence[Slice] = ()


class Signed(NamedTuple):
    """What the document says of the packet itself."""

    version: str
    now: datetime
    fingerprint: str


def compose(dossier: Dossier, signed: Signed, base: str) -> tuple[str, dict[str, bytes]]:
    """The page, and its pictures by their keys; ``base`` stands before a key in their address."""
    files = dossier.files
    figures = [_figure(f"{number}", file) for number, file in _pictures(files)]
    newest = dossier.newest
    outcome = newest.outcome
    kept = {file.name: record for file in files if (record := _record(file)) is not None}
    template = _environment().get_template("packet.html.j2")
    held = {held_name("file_request"), held_name("siac")}
    html = template.render(
        dossier=dossier,
        signed=signed,
        base=base,
        case=newest.case,
        outcome=outcome,
        decision=outcome.decision if outcome else None,
        estado=current_status(newest),
        tint=ESTADO_TINTS.get(outcome.estado if outcome else Estado.NO_INICIADO),
        motivo=MOTIVO_NAMES[outcome.motivo] if outcome and outcome.motivo else "",
        facts=case_facts(newest.case),
        attempts=[(one, current_status(one), _asked(one)) for one in dossier.attempts],
        sent=sorted(
            (record for name, record in kept.items() if name not in held),
            key=lambda record: record.when,
        ),
        held=[(kept[name], _held(kept[name])) for name in sorted(held & kept.keys())],
        mails=list(_mails(dossier)),
        figures=figures,
        step_names=STEP_NAMES,
        attempt_names={
            one.attempt: attempt_name(one.attempt, dry_run=one.dry_run) for one in dossier.attempts
        },
        style=Markup((_TEMPLATES / "packet.css").read_text(encoding="utf-8")),
        width=_WIDTH,
    )
    return html, {figure.key: figure.file.content or b"" for figure in figures}


def footer(reference: str) -> str:
    """Under each sheet: whose it is, and which of how many."""
    return (
        '<div style="width:100%;margin:0 16mm;font:7.5pt Arial,sans-serif;color:#566270;'
        'display:flex;justify-content:space-between">'
        f"<span>Expediente {reference}</span>"
        '<span>Hoja <span class="pageNumber"></span> de <span class="totalPages"></span></span>'
        "</div>"
    )


@cache
def _environment() -> Environment:
    return html_templates(
        _TEMPLATES,
        day=format_date,
        moment=lambda moment: f"{in_lima(moment):%d/%m/%Y %H:%M:%S}",
        sum=lambda digest: " ".join(digest[at : at + 16] for at in range(0, 64, 16)),
    )


def _asked(attempt: Attempt) -> str:
    return f"{attempt.requested_by} (simulación)" if attempt.dry_run else attempt.requested_by


def _pictures(files: Sequence[CaseFile]) -> Iterator[tuple[int, CaseFile]]:
    return enumerate(file for file in files if file.is_picture)


def _figure(key: str, file: CaseFile) -> Figure:
    return Figure(key, picture_title(file.name), file, tuple(_slices(file.content or b"")))


def _slices(content: bytes) -> Iterator[Slice]:
    """Of a picture that we took, which may be as long as a list; a photograph is one whole."""
    if not content.startswith(_PNG):
        return
    wide, high = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    height = _WIDTH * high / max(wide, 1)
    if height <= _SHRINKS * _HEIGHT:
        return
    top = 0.0
    while top + _OVERLAP < height:
        yield Slice(top, min(_HEIGHT, height - top))
        top += _HEIGHT - _OVERLAP


def _record(file: CaseFile) -> Kept | None:
    if not file.name.startswith(f"{RECORDS}/") or file.is_changed:
        return None
    try:
        return Kept.model_validate_json(file.content or b"")
    except ValidationError:
        return None  # not as we write them: a file like any


def _held(record: Kept) -> dict[str, str]:
    """What the portal holds, by its own labels; what is empty is left out."""
    portal = next(name for name in (SIAC, NINTEX, REMEDY) if record.portal.startswith(name))
    labels = _OWN | labels_of(portal)
    fields: Mapping[str, Any] = record.fields
    of_form = fields.get("otros")
    # A form as it stands there has all that the record has of it, and the record its number.
    shown = {**{name: fields[name] for name in _OF_REQUEST}, **of_form} if of_form else fields
    told = {labels[name]: _text(value) for name, value in shown.items() if name in labels}
    return {name: text for name, text in told.items() if text}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, str) and _DAY.fullmatch(value):
        return format_date(date.fromisoformat(value))
    return "" if value is None else str(value)


def _mails(dossier: Dossier) -> Iterator[Mail]:
    for file in dossier.files:
        if not file.name.startswith(f"{MAILS}/") or file.content is None:
            continue
        message = email.message_from_bytes(file.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        yield Mail(
            to=str(message["To"] or ""),
            subject=str(message["Subject"] or ""),
            sent=f"{in_lima(message['Date'].datetime):%d/%m/%Y %H:%M:%S}",
            number=str(message["Message-ID"] or ""),
            state=_mail_state(dossier.mails, Path(file.name).stem),
            text=body.get_content() if body else "",
        )


def _mail_state(handed: Mapping[str, datetime | None], kind: str) -> str:
    if kind not in handed:
        return "No salió: el servidor no lo tomó."
    accepted = handed[kind]
    if accepted is None:
        return "No se sabe si salió."
    return f"El servidor de correo lo tomó el {in_lima(accepted):%d/%m/%Y %H:%M:%S}."
