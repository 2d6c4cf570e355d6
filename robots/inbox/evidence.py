"""What of a message is evidence: its files by the rules of an upload, and the message itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from flows.mail.attached import TNEF, ReceivedFile
from flows.mail.folding import MAIL_POLICY
from flows.mail.received import Received
from flows.rules.case import EvidenceFile
from flows.rules.lima import in_lima
from flows.rules.mail_matching import Reason
from inputs.evidence_files import EvidenceReader, is_of_kind
from robots.console.uploads import UploadRefused, new_folder, put_evidence

#: of an envelope that cannot be read, which may hold the file that counts
_SEALED = (
    "Outlook envió sus archivos en un «winmail.dat» que está dañado: ábralo en Outlook y "
    "agréguelos al caso, o pida que los reenvíen."
)


@dataclass(frozen=True)
class Brought:
    """Files that lie in ``folder`` and keep the rules; ``reason`` and ``detail`` tell what keeps a
    message from being taken without a person."""

    folder: Path
    files: tuple[EvidenceFile, ...] = ()
    reason: Reason | None = None
    detail: str = ""


@contextmanager
def brought_by(message: Received, uploads: Path) -> Iterator[Brought]:
    """Put what a message brings into a folder, which is gone afterwards."""
    folder = new_folder(uploads)
    try:
        yield _put(message, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def chosen(message: Received) -> list[ReceivedFile]:
    """The files that may be evidence: pictures that the text shows only where nothing else is
    attached."""
    files = [file for file in message.attachments if not file.in_text] or message.attachments
    return [file for file in files if is_of_kind(file.name)]


def _put(message: Received, folder: Path) -> Brought:
    names: list[str] = []
    refused = [_SEALED] if any(file.name == TNEF for file in message.attachments) else []
    for file in chosen(message):
        try:
            names.append(put_evidence(folder, file.name, file.content).name)
        except UploadRefused as error:
            refused.append(str(error))
    others = [file.name for file in message.attachments if not is_of_kind(file.name)]
    reason = Reason.ADJUNTO_RECHAZADO if refused else None if names else Reason.SIN_ADJUNTO
    detail = " ".join(refused) or ("" if names else _told(others))
    names.append(_put_whole(message, folder))
    files, errors = EvidenceReader(folder).read("; ".join(names))
    assert not errors, "each was read as it was put"
    return Brought(folder, tuple(files), reason, detail)


def _told(others: list[str]) -> str:
    named = ", ".join(f"«{name}»" for name in others[:5])
    return f"Trae {named}, que no es de un tipo que se tome." if named else ""


def _put_whole(message: Received, folder: Path) -> str:
    """Put the message itself; where it is larger than a file may be, or has no sender, its text
    alone: its files lie beside. Gives its name."""
    day = f" {in_lima(message.sent):%Y-%m-%d}" if message.sent else ""
    name = f"correo{day}.eml"
    try:
        return put_evidence(folder, name, message.raw).name
    except UploadRefused:
        return put_evidence(folder, name, _text_of(message)).name


def _text_of(message: Received) -> bytes:
    plain = EmailMessage(policy=MAIL_POLICY)
    plain["From"] = message.shown_sender
    plain["Subject"] = message.subject
    if message.sent:
        plain["Date"] = message.sent
    plain.set_content(message.text, charset="utf-8", cte="quoted-printable")
    return plain.as_bytes()
