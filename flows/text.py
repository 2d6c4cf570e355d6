"""Text as people type it, made comparable. Pure: standard library only."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """One space between words, none around; zero-width characters gone, full-width ones plain."""
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())


def fold(text: str) -> str:
    """``clean``, and without case and accents: two texts with equal folds say the same."""
    letters = unicodedata.normalize("NFKD", clean(text).casefold())
    return clean("".join(c for c in letters if not unicodedata.combining(c)))
