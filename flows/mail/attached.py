"""What a message brings: its files, and those of the messages within, Outlook's own too."""

from __future__ import annotations

import io
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.errors import HeaderParseError
from email.generator import BytesGenerator
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from pathlib import PurePath

from oxmsg import Message as OutlookMessage

from flows.mail.tnef import TnefAttachment, TnefError, TnefKind, read_tnef

#: how deep a message is looked for in others, and how many files are taken of one
_DEPTH, _MOST = 5, 100
#: Outlook's envelope of a message for Outlook; a file of this name is one that cannot be read
TNEF = "winmail.dat"
_TNEF_KINDS = ("application/ms-tnef", "application/vnd.ms-tnef")
#: how one names what is in an envelope and no file; never the end of an evidence's name
_NO_FILE = {TnefKind.MESSAGE: "mensaje de Outlook", TnefKind.OBJECT: "objeto de Outlook"}
_OUTLOOK_KIND, _OUTLOOK = "application/vnd.ms-outlook", ".msg"
_CID = re.compile(rb"cid:([^\"'\s>)]+)", re.IGNORECASE)
#: beside the machine's own list, which may be short
_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heic": ".heic",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "message/rfc822": ".eml",
    _OUTLOOK_KIND: _OUTLOOK,
}


@dataclass(frozen=True)
class ReceivedFile:
    """A file; ``in_text`` is a picture that the text shows, as a signature's is, and ``text`` what
    Outlook's message says that it is."""

    name: str
    content: bytes
    in_text: bool = False
    text: str = ""


def attachments_of(message: Message) -> tuple[ReceivedFile, ...]:
    """Every file, in the order of the message: one that holds a message, then what that holds."""
    found = []
    for attachment in _files(message, _shown(message), 0):
        found.append(attachment)
        if len(found) == _MOST:
            break
    return tuple(found)


def is_message(part: Message) -> bool:
    return part.get_content_type() in ("message/rfc822", "message/global")


def payload(part: Message) -> bytes:
    """The content of a part that has no parts, whatever it is encoded in."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def as_bytes(message: Message) -> bytes:
    """As it lies in the other."""
    file = io.BytesIO()
    try:
        BytesGenerator(file, mangle_from_=False, policy=compat32).flatten(message)
    except (UnicodeError, LookupError, KeyError):
        return b""
    return file.getvalue()


def _shown(message: Message) -> set[str]:
    """The Content-IDs of what the texts of a message show."""
    return {
        found[1].decode("ascii", "ignore")
        for part in message.walk()
        if part.get_content_type() == "text/html"
        for found in _CID.finditer(payload(part))
    }


def _files(message: Message, shown: set[str], depth: int) -> Iterator[ReceivedFile]:
    if depth > _DEPTH:
        return
    if is_message(message):
        inside = message.get_payload()
        for inner in inside if isinstance(inside, list) else ():
            if isinstance(inner, Message):
                yield ReceivedFile(_message_name(inner), as_bytes(inner))
                yield from _files(inner, _shown(inner), depth + 1)
        return
    if message.is_multipart():
        inside = message.get_payload()
        for part in inside if isinstance(inside, list) else ():
            if isinstance(part, Message):
                yield from _files(part, shown, depth)
        return
    name = _name(message)
    is_text = message.get_content_maintype() == "text" or not message.get_content_type()
    if is_text and not name and message.get_content_disposition() != "attachment":
        return
    content_id = str(message.get("Content-ID", "")).strip(" <>")
    in_text = message.get_content_maintype() == "image" and content_id in shown
    if message.get_content_type() in _TNEF_KINDS:
        name = TNEF
    name = name or f"adjunto{_suffix(message.get_content_type())}"
    yield from _opened(ReceivedFile(name, payload(message), in_text), shown, depth)


def _opened(file: ReceivedFile, shown: set[str], depth: int) -> Iterator[ReceivedFile]:
    """A file, then what it holds; of an envelope that alone, where it can be read."""
    name = file.name.lower()
    if name == TNEF:
        yield from _of_envelope(file.content, shown, depth)
        return
    saved = _saved(file.content) if name.endswith(_OUTLOOK) and depth < _DEPTH else None
    if saved is None:
        yield file
        return
    text, files = saved
    yield replace(file, text=text)
    for inner in files:
        yield from _opened(inner, shown, depth + 1)


def _saved(content: bytes) -> tuple[str, list[ReceivedFile]] | None:
    """Text and files of a message that Outlook saved; None where it is not one."""
    try:
        message = OutlookMessage.load(io.BytesIO(content))
        return f"{message.subject}\n{message.body or ''}", [
            ReceivedFile(str(file.file_name or "adjunto"), bytes(file.file_bytes or b""))
            for file in message.attachments
            if file.attached_by_value
        ]
    except Exception:  # the library meets a damaged file with whatever it stumbles over
        return None


def _of_envelope(
    content: bytes, shown: set[str], depth: int, title: str = ""
) -> Iterator[ReceivedFile]:
    """What an envelope holds; itself where it cannot be read. With a title it is a message within
    another, and comes before what it holds."""
    try:
        envelope = read_tnef(content) if depth < _DEPTH else None
    except TnefError:
        envelope = None
    if envelope is None:
        yield ReceivedFile(TNEF, content)
        return
    if title:
        yield ReceivedFile(title, content, text=envelope.text)
    for one in envelope.attachments:
        left_aside = f"{one.name or 'adjunto'} ({_NO_FILE.get(one.kind)})"
        if one.kind is TnefKind.MESSAGE:
            yield from _of_envelope(one.content, shown, depth + 1, left_aside)
        elif one.kind is TnefKind.OBJECT:
            yield ReceivedFile(left_aside, one.content)
        else:
            name = _with_suffix(one.name, one.mime_type) or f"adjunto{_suffix(one.mime_type)}"
            in_text = one.in_text or one.content_id in shown
            file = ReceivedFile(name, one.content, in_text and _is_picture(name, one))
            yield from _opened(file, shown, depth + 1)


def _is_picture(name: str, one: TnefAttachment) -> bool:
    by_name = mimetypes.guess_type(f"a{PurePath(name).suffix}")[0] or ""  # a name may be no URL
    return any(kind.startswith("image/") for kind in (one.mime_type, by_name))


def decoded_words(value: str, otherwise: str | None = None) -> str:
    """A header's text with its encoded words (RFC 2047) read; of what is damaged ``otherwise``, or
    the header as it stands."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value if otherwise is None else otherwise


def _name(part: Message) -> str:
    try:
        given = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):  # RFC 2231 that is none
        return ""
    name = decoded_words(given)  # as Outlook writes it, against RFC 2047
    return " ".join(_with_suffix(name, part.get_content_type()).split())


def _with_suffix(name: str, kind: str) -> str:
    return name + _suffix(kind) if name and "." not in name else name


def _suffix(kind: str) -> str:
    return _SUFFIXES.get(kind) or mimetypes.guess_extension(kind, strict=False) or ""


def _message_name(message: Message) -> str:
    subject = decoded_words(str(message.get("Subject", "")), otherwise="")
    plain = re.sub(r"[^\w .-]+", " ", subject)
    return f"{' '.join(plain.split())[:60] or 'correo'}.eml"
