"""Text as people type it, made comparable. Pure: standard library only."""

from __future__ import annotations

import unicodedata


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
    return tidy("".join(c for c in letters if not unicodedata.combining(c)))
