"""A reader of Outlook's envelope for Outlook, ``winmail.dat`` (MS-OXTNEF): what is attached.

Every size and checksum counts: a stream that does not keep to the format is an error and nothing
of it is taken, for what is lost may be the file that matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_SIGNATURE = 0x223E9F78
#: attributes: their level, and their identifiers
_OF_MESSAGE, _OF_ATTACHMENT = 1, 2
_CODE_PAGE, _SUBJECT, _BODY, _OF_MESSAGE_PROPERTIES = 0x69007, 0x18004, 0x2800C, 0x69003
_RENDER_DATA, _TITLE, _DATA, _PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
#: properties of a message (MS-OXCMSG 2.2.1)
_SUBJECT_PROPERTY, _BODY_PROPERTY, _HTML = 0x0037, 0x1000, 0x1013
#: properties of an attachment (MS-OXCMSG 2.2.2)
_DISPLAY_NAME, _ATTACH_DATA, _FILENAME, _LONG_FILENAME = 0x3001, 0x3701, 0x3704, 0x3707
_MIME_TAG, _CONTENT_ID, _FLAGS, _HIDDEN = 0x370E, 0x3712, 0x3714, 0x7FFE
_RENDERED_IN_TEXT = 4
#: types of properties (MS-OXCDATA 2.11.1), and what a fixed one takes with its padding
_STRING8, _STRING, _BINARY, _OBJECT, _SEVERAL = 0x001E, 0x001F, 0x0102, 0x000D, 0x1000
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_NAMED = 0x8000
#: the interface of an object that is a message: IID_IMessage, as it is written
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
_NOTHING, _NO_PROPERTIES = memoryview(b""), memoryview(bytes(4))
#: attributes, properties, and values of one, that are looked at
_MOST = 10_000


class TnefError(ValueError):
    """The stream is damaged, or is none."""


class TnefKind(Enum):
    """What is attached: a file, a message as a stream of its own, or an object of a program (OLE),
    which is no file."""

    FILE = "file"
    MESSAGE = "message"
    OBJECT = "object"


@dataclass(frozen=True)
class TnefAttachment:
    """``content`` is empty for a file that lies elsewhere; ``in_text`` says that the text shows
    it. ``name`` may be empty."""

    kind: TnefKind
    name: str
    content: bytes
    mime_type: str
    content_id: str
    in_text: bool


@dataclass(frozen=True)
class Tnef:
    """``text`` is subject and body as far as they are no RTF, and HTML as it is written."""

    text: str
    attachments: tuple[TnefAttachment, ...]


def read_tnef(content: bytes) -> Tnef:
    """Read a stream, with its attachments in their order; raises `TnefError`."""
    rest = _Bytes(memoryview(content))
    if rest.number(4) != _SIGNATURE:
        raise TnefError("no signature")
    rest.take(2)  # the key, of no use
    message: dict[int, memoryview] = {}
    attachments: list[dict[int, memoryview]] = []
    for level, name, data in _attributes(rest):
        if level == _OF_MESSAGE:
            message[name] = data
        elif name == _RENDER_DATA:
            attachments.append({name: data})
        elif not attachments or name in attachments[-1]:
            raise TnefError("an attribute of no attachment, or twice")
        else:
            attachments[-1][name] = data
    code_page = f"cp{_Bytes(message[_CODE_PAGE]).number(4)}" if _CODE_PAGE in message else "cp1252"
    return Tnef(
        _told(message, code_page),
        tuple(_attachment(attributes, code_page) for attributes in attachments),
    )


class _Bytes:
    """What is left of a stream."""

    def __init__(self, data: memoryview) -> None:
        self.data = data

    def take(self, size: int) -> memoryview:
        if size > len(self.data):
            raise TnefError("shorter than it says")
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def count(self) -> int:
        found = self.number(4)
        if found > _MOST:
            raise TnefError("too many")
        return found

    def sized(self) -> memoryview:
        """A size, so many bytes, and what pads them to four."""
        size = self.number(4)
        taken = self.take(size)
        self.take(-size % 4)
        return taken


def _attributes(rest: _Bytes) -> Iterator[tuple[int, int, memoryview]]:
    """Level, identifier and data of each."""
    for _ in range(_MOST):
        # programs that take it for a text end its line
        if len(rest.data) <= 2 and bytes(rest.data) in (b"", b"\n", b"\r\n"):
            return
        level, name = rest.number(1), rest.number(4)
        if level not in (_OF_MESSAGE, _OF_ATTACHMENT):
            raise TnefError("a level that is none")
        data = rest.take(rest.number(4))
        if sum(data) & 0xFFFF != rest.number(2):
            raise TnefError("a wrong checksum")
        yield level, name, data
    raise TnefError("too many attributes")


def _told(message: dict[int, memoryview], code_page: str) -> str:
    known = _properties(message.get(_OF_MESSAGE_PROPERTIES, _NO_PROPERTIES))
    texts = [_text(message.get(name, _NOTHING), code_page) for name in (_SUBJECT, _BODY)]
    texts += [known.text(name, code_page) for name in (_SUBJECT_PROPERTY, _BODY_PROPERTY, _HTML)]
    return "\n".join(filter(None, texts))


def _attachment(attributes: dict[int, memoryview], code_page: str) -> TnefAttachment:
    known = _properties(attributes.get(_PROPERTIES, _NO_PROPERTIES))

    def text(name: int) -> str:
        return known.text(name, code_page)

    names = [text(_LONG_FILENAME), text(_FILENAME)]
    names.append(_text(attributes.get(_TITLE, _NOTHING), code_page))
    data_type, data = known.get(_ATTACH_DATA, (_BINARY, _NOTHING))
    kind = TnefKind.FILE
    if data_type == _OBJECT:
        is_message = bytes(data[:16]) == _MESSAGE
        kind, data = TnefKind.MESSAGE if is_message else TnefKind.OBJECT, data[16:]
        names.insert(0, text(_DISPLAY_NAME))
    elif _Bytes(attributes[_RENDER_DATA]).number(2) == 2:
        kind = TnefKind.OBJECT
    elif data_type != _BINARY or (data and _DATA in attributes):
        raise TnefError("data that is none, or twice")
    return TnefAttachment(
        kind=kind,
        name=next(filter(None, (*names, text(_DISPLAY_NAME))), ""),
        content=bytes(data or attributes.get(_DATA, _NOTHING)),
        mime_type=text(_MIME_TAG).lower(),
        content_id=text(_CONTENT_ID).strip(" <>"),
        in_text=bool(known.number(_HIDDEN) & 1 or known.number(_FLAGS) & _RENDERED_IN_TEXT),
    )


class _Properties(dict[int, tuple[int, memoryview]]):
    """Type and value by identifier; of several values the first, and none that has only a name."""

    def text(self, name: int, code_page: str) -> str:
        kind, value = self.get(name, (_STRING, _NOTHING))
        return _text(value, "utf-16-le" if kind == _STRING else code_page)

    def number(self, name: int) -> int:
        return int.from_bytes(self.get(name, (0, _NOTHING))[1], "little")


def _properties(data: memoryview) -> _Properties:
    rest = _Bytes(data)
    found = _Properties()
    for _ in range(rest.count()):
        kind, name = rest.number(2), rest.number(2)
        if name >= _NAMED:
            rest.take(16)
            if rest.number(4):
                rest.sized()
            else:
                rest.take(4)
        size = _FIXED.get(kind & ~_SEVERAL)
        if size is None and kind & ~_SEVERAL not in (_STRING8, _STRING, _BINARY, _OBJECT):
            raise TnefError("a type that is none")
        several = rest.count() if size is None or kind & _SEVERAL else 1
        values = [rest.take(size) if size else rest.sized() for _ in range(several)]
        if name < _NAMED and values:
            found[name] = kind & ~_SEVERAL, values[0]
    if rest.data:
        raise TnefError("longer than it says")
    return found


def _text(value: memoryview, encoding: str) -> str:
    try:
        text = bytes(value).decode(encoding, "replace")
    except LookupError:  # a code page that Python has not
        text = bytes(value).decode("latin-1")
    return " ".join(text.partition("\0")[0].split())
