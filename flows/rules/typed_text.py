"""Text as people type and save it, made readable and comparable. Pure: standard library only."""

from __future__ import annotations

import codecs
import unicodedata

#: as Notepad and PowerShell 5.1 put them in front of a file
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def is_marked(content: bytes) -> bool:
    """Whether it begins with a byte order mark."""
    return content.startswith(tuple(_MARKS))


def decoded(content: bytes) -> str:
    """The text of a file: in UTF-8, or as its byte order mark says, which is not of the text.
    Raises `UnicodeDecodeError` where it is neither for certain."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.removeprefix(mark).decode(encoding)
    if (place := content.find(0)) >= 0:  # UTF-16 without a mark, or no text
        raise UnicodeDecodeError("utf-8", content, place, place + 1, "a null byte")
    return content.decode("utf-8")


def tidy(text: str) -> str:
    """One space between words, none around; zero-width characters gone, full-width ones plain."""
    if not text.isascii():  # most of a list is, and has nothing that the next lines change
        text = unicodedata.normalize("NFKC", text)
        if not text.isprintable():
            text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(text.split())


def fold(text: str) -> str:
    """`tidy`, and without case and accents: two texts with equal folds say the same."""
    plain = tidy(text).casefold()
    if plain.isascii():
        return plain
    letters = unicodedata.normalize("NFKD", plain)
    return tidy("".join(c for c in letters if unicodedata.category(c) != "Mn"))


def is_name(text: str) -> bool:
    """Whether a reader sees a name in it: a letter or a figure, and nothing that is not seen."""
    plain = tidy(text)
    return plain.isprintable() and any(map(str.isalnum, plain))
