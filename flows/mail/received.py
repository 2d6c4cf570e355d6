"""An incoming message, read: who, about what, and what it brings.

Messages come as programs make them, with headers that are none and characters of no charset;
whatever cannot be told is left out, and never an error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MissingHeaderBodySeparatorDefect
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

from flows.mail.addresses import addresses_in
from flows.mail.attached import (
    ReceivedFile,
    as_bytes,
    attachments_of,
    decoded_words,
    is_message,
    payload,
)
from flows.mail.authenticated import is_proven
from flows.rules.mail_matching import Bounce, own_ids
from flows.rules.typed_text import tidy

#: characters of a text that are looked at
MAX_TEXT = 200_000
#: delivery reports that are no failure (RFC 3464)
_NO_FAILURE = ("delayed", "delivered", "relayed", "expanded")
_HEADERS_ALONE = ("text/rfc822-headers", "message/global-headers")
#: how deep a message lies in others
_DEPTH = 5


@dataclass(frozen=True)
class Received:
    """``sender`` is the one address of *From*, empty where there is none or several; ``is_proven``
    says that the mailbox' own server confirms it. ``ids`` are *In-Reply-To* and *References*;
    ``text`` is what can be read, ``named`` that and the text of the messages within."""

    message_id: str
    sender: str
    shown_sender: str
    is_proven: bool
    subject: str
    sent: datetime | None
    ids: str
    text: str
    named: str
    is_automatic: bool
    bounce: Bounce | None
    attachments: tuple[ReceivedFile, ...]
    raw: bytes


def fingerprint(raw: bytes) -> str:
    """What tells a message from any other, whichever way it was delivered."""
    end = re.search(rb"\r?\n\r?\n", raw)
    head, body = (raw[: end.end()], raw[end.end() :]) if end else (raw, b"")
    message = message_from_bytes(head, policy=compat32)
    digest = hashlib.sha256()
    for name in ("Message-ID", "From", "Date", "Subject"):
        digest.update("\0".join(_headers(message, name)).encode(errors="surrogateescape"))
        digest.update(b"\0\0")
    digest.update(body.replace(b"\r\n", b"\n").rstrip())
    return digest.hexdigest()


def read_message(raw: bytes, *, domain: str, authserv_id: str, trust_from: bool) -> Received:
    """Read a message. ``domain`` is that of our own Message-IDs, ``authserv_id`` the name under
    which the mailbox' server tells what it has found out about the sender (RFC 8601)."""
    message = message_from_bytes(raw, policy=compat32)
    senders = getaddresses(_headers(message, "From"))
    written = addresses_in(senders[0][1]) if len(senders) == 1 else ()
    sender = written[0] if len(written) == 1 else ""
    message_id = _first(message, "Message-ID")
    bounce, is_report = _bounce(message, domain)
    attachments = () if is_report else attachments_of(message)
    text = _text(message)
    return Received(
        message_id=message_id,
        sender=sender,
        shown_sender=tidy(decoded_words(" ".join(_headers(message, "From")))),
        is_proven=bool(sender)
        and (
            trust_from
            or is_proven(_headers(message, "Authentication-Results"), authserv_id, sender)
        ),
        subject=tidy(decoded_words(_first(message, "Subject"))),
        sent=_moment(_first(message, "Date")),
        ids=" ".join((*_headers(message, "In-Reply-To"), *_headers(message, "References"))),
        text=text,
        named="\n".join((text, *_texts_within(message), *(one.text for one in attachments)))[
            :MAX_TEXT
        ],
        is_automatic=bool(own_ids(message_id, domain))
        or (is_report and bounce is None and _is_no_failure(message))
        or _is_automatic(message, has_files=bool(attachments)),
        bounce=bounce,
        attachments=attachments,
        raw=raw,
    )


# --- headers -------------------------------------------------------------------------------------


def _headers(message: Message, name: str) -> list[str]:
    """As they stand, unfolded: the library's own reading of some fails on others' faults."""
    wanted = name.lower()
    return [
        " ".join(str(value).split()) for key, value in message.raw_items() if key.lower() == wanted
    ]


def _first(message: Message, name: str) -> str:
    return next(iter(_headers(message, name)), "")


def _moment(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):  # in UTC, the end of 9999 may be beyond it
        return None


def _is_automatic(message: Message, *, has_files: bool) -> bool:
    """An absence note, a receipt (RFC 3834, and what programs wrote before it). What is sent by a
    machine with a file, as scanners do, is somebody's."""
    word = _first(message, "Auto-Submitted").partition(";")[0].strip().lower()
    older = (_first(message, "X-Autoreply"), _first(message, "X-Autorespond"))
    answers = word == "auto-replied" or any(v.lower() not in ("", "no") for v in older)
    answers = answers or _first(message, "Precedence").lower() == "auto_reply"
    made = word not in ("", "no") or _first(message, "Return-Path") == "<>"
    return answers or (made and not has_files)


# --- bounces -------------------------------------------------------------------------------------


def _bounce(message: Message, domain: str) -> tuple[Bounce | None, bool]:
    """The e-mail of ours that a delivery report gives back, and whether it is a report at all."""
    if message.get_content_type() != "multipart/report":
        return None, False
    parts = _parts(message)
    failed = [b for b in _recipients(parts) if _first(b, "Action").lower() == "failed"]
    ids = [own for part in parts for own in own_ids(_returned_id(part), domain)]
    if not failed or not ids:
        return None, True
    kind, reference = ids[0]
    found = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})", _first(failed[0], "Status"))
    return Bounce(kind=kind, reference=reference, status=found[1] if found else ""), True


def _is_no_failure(message: Message) -> bool:
    """A receipt, or a report of a delay."""
    if message.get_param("report-type") == "disposition-notification":
        return True
    actions = {_first(b, "Action").lower() for b in _recipients(_parts(message))}
    return bool(actions - {""}) and (actions - {""}) <= set(_NO_FAILURE)


def _parts(message: Message) -> list[Message]:
    inside = message.get_payload()
    return (
        [part for part in inside if isinstance(part, Message)] if isinstance(inside, list) else []
    )


def _recipients(parts: Sequence[Message]) -> Iterator[Message]:
    for part in parts:
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            for block in re.split(rb"\r?\n\r?\n", _content(part)):
                yield message_from_bytes(block, policy=compat32)


def _returned_id(part: Message) -> str:
    """The Message-ID of what is given back: whole, or its headers alone."""
    if not is_message(part) and part.get_content_type() not in _HEADERS_ALONE:
        return ""
    return _first(message_from_bytes(_content(part), policy=compat32), "Message-ID")


def _content(part: Message) -> bytes:
    """The content of a part, also of one that the library takes for a message: it does so with
    every kind of ``message``, whatever it is encoded in (RFC 6533 lets a report be)."""
    inside = _parts(part)
    if not inside:
        return payload(part)
    plain = Message()
    plain["Content-Transfer-Encoding"] = _first(part, "Content-Transfer-Encoding")
    plain.set_payload(b"".join(map(_as_it_came, inside)).decode("ascii", "surrogateescape"))
    return payload(plain)


def _as_it_came(inside: Message) -> bytes:
    """Without the empty line that is put where what is encoded stops looking like headers."""
    grown = any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in inside.defects)
    return as_bytes(inside).replace(b"\n\n", b"\n", 1 if grown else 0)


# --- texts ---------------------------------------------------------------------------------------


def _texts_within(message: Message, depth: int = 0) -> Iterator[str]:
    """Subject and text of each message that lies in this one."""
    for part in _parts(message) if depth < _DEPTH else ():
        if is_message(part):
            for inner in _parts(part):
                yield tidy(decoded_words(_first(inner, "Subject")))
                yield _text(inner)
        yield from _texts_within(part, depth + 1)


def _text(message: Message) -> str:
    """What a person reads of it, not of the messages within: the plain text, else the HTML's."""
    found = {"text/plain": "", "text/html": ""}
    for part in _bodies(message):
        kind = part.get_content_type()
        found[kind] = f"{found[kind]}\n{_characters(part)}".strip()
    text = found["text/plain"] or _plain(found["text/html"])
    return text[:MAX_TEXT]


def _bodies(message: Message) -> Iterator[Message]:
    if message.is_multipart():
        if message.get_content_maintype() != "message":
            for part in _parts(message):
                yield from _bodies(part)
    elif message.get_content_type() in ("text/plain", "text/html") and not message.get_filename():
        yield message


def _characters(part: Message) -> str:
    content = payload(part)
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # a charset that is none
        return content.decode("latin-1")


class _Text(HTMLParser):
    """The words of an HTML page: no script, no style, nothing that is fetched."""

    _BREAKS = ("p", "br", "div", "tr", "li", "h1", "h2", "h3", "blockquote", "table")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "head")
        if tag in self._BREAKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "head") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(" ".join(data.split("\n")))


def _plain(html: str) -> str:
    if not html:
        return ""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = ("".join(parser.parts)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())
