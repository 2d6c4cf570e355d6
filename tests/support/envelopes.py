"""Outlook's ``winmail.dat`` as MS-OXTNEF has it written, piece by piece."""

from __future__ import annotations

RENDER_DATA, TITLE, DATA, PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
CODE_PAGE, MESSAGE_PROPERTIES = 0x00069007, 0x00069003
#: tags of properties: identifier and type
LONG_FILENAME, LONG_FILENAME8 = 0x3707001F, 0x3707001E
FILENAME, DISPLAY_NAME = 0x3704001F, 0x3001001F
ATTACH_DATA, ATTACH_OBJECT = 0x37010102, 0x3701000D
MIME_TAG, CONTENT_ID = 0x370E001F, 0x3712001F
FLAGS, HIDDEN = 0x37140003, 0x7FFE000B
IID_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
IID_STORAGE = bytes.fromhex("0b00000000000000c000000000000046")


def number(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "little")


def attribute(name: int, data: bytes, level: int = 2) -> bytes:
    head = number(level, 1) + number(name) + number(len(data))
    return head + data + number(sum(data) & 0xFFFF, 2)


def written(text: str) -> bytes:
    """A string of a property of Unicode."""
    return f"{text}\0".encode("utf-16-le")


def sized(value: bytes) -> bytes:
    return number(len(value)) + value + bytes(-len(value) % 4)


def variable(tag: int, *values: bytes, named: bytes = b"") -> bytes:
    """A property with as many values, each of which says how long it is."""
    return number(tag) + named + number(len(values)) + b"".join(map(sized, values))


def fixed(tag: int, value: int, size: int = 4, named: bytes = b"") -> bytes:
    return number(tag) + named + number(value, size)


def properties(*each: bytes) -> bytes:
    return number(len(each)) + b"".join(each)


def attachment(*attributes: bytes, kind: int = 1) -> bytes:
    """``kind`` 1 is a file, 2 an object of a program."""
    place = number(kind, 2) + b"\xff" * 4 + number(32, 2) * 2 + bytes(4)
    return attribute(RENDER_DATA, place) + b"".join(attributes)


def file(name: str, content: bytes, *more: bytes) -> bytes:
    """As Outlook writes one; ``more`` are properties."""
    known = properties(variable(LONG_FILENAME, written(name)), *more)
    title = attribute(TITLE, name.encode("cp1252", "replace") + b"\0")
    return attachment(title, attribute(DATA, content), attribute(PROPERTIES, known))


def message(name: str, inside: bytes) -> bytes:
    """A message that is attached."""
    known = properties(
        variable(DISPLAY_NAME, written(name)), variable(ATTACH_OBJECT, IID_MESSAGE + inside)
    )
    return attachment(attribute(PROPERTIES, known))


def envelope(*attachments: bytes, code_page: int = 1252, told: tuple[bytes, ...] = ()) -> bytes:
    """``told`` are properties of the message."""
    version = attribute(0x00089006, number(0x00010000), level=1)
    page = attribute(CODE_PAGE, number(code_page) + bytes(4), level=1)
    text = variable(0x10090102, b"{\\rtf1 lo que se lee}")
    known = attribute(MESSAGE_PROPERTIES, properties(text, *told), level=1)
    return number(0x223E9F78) + number(1, 2) + version + page + known + b"".join(attachments)
