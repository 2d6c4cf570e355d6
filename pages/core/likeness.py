"""How like what is looked for something on a page is, by what a person would see. Pure.

Labels are compared word by word: abbreviations, plurals and other spellings are the same word;
words that only one of the two has make it another thing. Where it stands and what it shows count
for less. No id, no number and no place in the markup counts at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pages.contract.text import clean, folded

#: words that tell nothing apart
_SMALL = frozenset(
    [
        "a",
        "al",
        "de",
        "del",
        "e",
        "el",
        "en",
        "la",
        "las",
        "lo",
        "los",
        "o",
        "para",
        "por",
        "su",
        "u",
        "un",
        "una",
        "y",
    ]
)
#: of these, what makes another thing of the same words: who created it, and when
_TELLING = frozenset(["a", "al", "en", "para", "por"])
#: abbreviations that do not begin as what they stand for
_SHORT = {
    **dict.fromkeys(("n", "nº", "no", "nro", "nros", "num", "nums"), "numero"),
    **dict.fromkeys(("tlf", "telf", "fono"), "telefono"),
    **dict.fromkeys(("cta", "ctas"), "cuenta"),
    **dict.fromkeys(("fch", "fec"), "fecha"),
}
#: what one portal calls so, and another so: another word of like meaning, which is never taken
#: unseen
_LIKE_MEANING = (
    {"guardar", "grabar"},
    {"buscar", "consultar"},
    {"ver", "mostrar", "consultar"},
    {"ingresar", "entrar", "acceder"},
    {"actualizar", "refrescar"},
    {"contrasena", "clave"},
    {"recibo", "factura"},
)
#: what a word that is written almost alike must have of the other
_ALMOST = 0.8
#: what two words of like meaning have of each other, and names with such words at most
_MEANT, _MEANT_NAMES = 0.75, 0.8
#: the parts of a score, and how much it may be at most …
_LABEL, _PLACE, _VALUE = 0.7, 0.2, 0.1
#: … of labels that both have a word of their own; … of a value that cannot be what is read
_OTHER_WORDS, _OTHER_VALUE = 0.6, 0.3


@dataclass(frozen=True)
class SeenElement:
    """Something on a page: its kind (see `pages.core.candidates`), its words, its place among all
    that is there, what it shows, and a table's headers."""

    kind: str
    name: str
    at: int
    value: str | None = None
    columns: tuple[str, ...] = ()
    #: what must be noted with its name for it to be found
    number: str = ""
    #: words beside it, where its name is one that people do not see
    label: str = ""
    #: where it stands in its document: left, top, right, bottom; empty where it takes no place
    box: tuple[float, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What is looked for: its name so far; the neighbours that are there, before and after it; how
    its value is read; a table's headers."""

    name: str
    before: SeenElement | None = None
    after: SeenElement | None = None
    reads: Callable[[str], Any] | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """``why`` is told to people."""

    name: str
    score: float
    why: str
    number: str = ""

    @property
    def accepted(self) -> str:
        """Its name as a map takes it: a field's number stands in parentheses behind the label."""
        return f"{self.name} ({self.number})" if self.number else self.name


def words_of(text: str) -> list[str]:
    """Its words as they are compared; of a control's name too (``NumeroRUC``)."""
    apart = re.sub(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])", " ", clean(text))
    apart = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", apart)  # R.U.C.
    found = [_SHORT.get(word, word) for word in re.findall(r"[\wº]+", folded(apart))]
    return [_stem(word) for word in found if word not in _SMALL] or found


def _stem(word: str) -> str:
    if len(word) > 5 and word.endswith("es") and word[-3] not in "aeiou":
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _same_word(one: str, other: str) -> float:
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) > 2 and long.startswith(short):
        return 0.95
    if any({one, other} <= words for words in _LIKE_MEANING):
        return _MEANT
    ratio = SequenceMatcher(None, one, other).ratio()
    return ratio if ratio >= _ALMOST and not any(map(str.isdigit, one + other)) else 0.0


def label_likeness(one: str, other: str) -> tuple[float, list[str]]:
    """From 0 to 1, and the words that both have."""
    mine, theirs = words_of(one), words_of(other)
    left, shared, sum_, most = list(theirs), [], 0.0, 1.0
    for word in mine:
        best = max(left, key=lambda candidate: _same_word(word, candidate), default="")
        if best and (likeness := _same_word(word, best)):
            left.remove(best)
            shared.append(word)
            sum_ += likeness
            most = min(most, _MEANT_NAMES if likeness == _MEANT else 1.0)
    if not shared:
        return 0.0, []
    score = min(2 * sum_ / (len(mine) + len(theirs)), most)
    lacking = len(mine) - len(shared)
    if lacking and left:
        return min(score, _OTHER_WORDS), shared
    if lacking or left:  # shortened, or made longer
        return max(score, 0.7 + score / 10) if score >= 0.5 else score, shared
    if _telling_words(one) != _telling_words(other):
        return min(score, _OTHER_WORDS), shared
    return score, shared


def _telling_words(text: str) -> frozenset[str]:
    return _TELLING & {*re.findall(r"\w+", folded(text))}


def candidates(wanted: Wanted, seen: Iterable[SeenElement]) -> list[Candidate]:
    """All that it may be, best first."""
    found = [_candidate(wanted, one) for one in seen]
    return sorted(found, key=lambda one: -one.score)


def _candidate(wanted: Wanted, seen: SeenElement) -> Candidate:
    likeness, shared = max(label_likeness(wanted.name, name) for name in (seen.name, seen.label))
    why = [f"comparte «{' '.join(shared)}»" if shared else "no comparte ninguna palabra"]
    if wanted.columns:
        mine = {folded(header) for header in wanted.columns}
        common = mine & {folded(header) for header in seen.columns}
        why.append(f"tiene {len(common)} de sus {len(mine)} columnas")
        likeness = (likeness + len(common) / len(mine)) / 2
    place, where = _place(wanted, seen)
    value, shows = _value(wanted, seen)
    score = _LABEL * likeness + _PLACE * place + _VALUE * (value or 0.0)
    if value is None:
        score = min(score, _OTHER_VALUE)
    return Candidate(seen.name, round(score, 3), "; ".join([*why, *where, *shows]), seen.number)


def _place(wanted: Wanted, seen: SeenElement) -> tuple[float, list[str]]:
    """Whether it stands where what is looked for stood, between its neighbours."""
    neighbours = [one for one in (wanted.before, wanted.after) if one is not None]
    if not neighbours:
        return 0.5, []
    follows = wanted.before is None or seen.at > wanted.before.at
    precedes = wanted.after is None or seen.at < wanted.after.at
    if not (follows and precedes):
        return 0.0, ["está en otro lugar"]
    names = " y ".join(f"«{one.label or one.name}»" for one in neighbours)
    return 1.0, [f"está {'entre' if len(neighbours) > 1 else 'junto a'} {names}"]


def _value(wanted: Wanted, seen: SeenElement) -> tuple[float | None, list[str]]:
    """Whether what it shows can be what is read; None where it cannot."""
    if wanted.reads is None or seen.value is None:
        return 1.0, []
    if not clean(seen.value):
        return 0.5, []
    try:
        wanted.reads(clean(seen.value))
    except ValueError:
        return None, ["lo que muestra no es de esa clase"]
    return 1.0, [] if wanted.reads is str else ["muestra un valor de esa clase"]


def sure(found: Sequence[Candidate], best: float, lead: float = 0.10) -> Candidate | None:
    """The first, where it has at least this score and leads the second by enough."""
    if not found or found[0].score < best:
        return None
    is_ahead = len(found) == 1 or round(found[0].score - found[1].score, 3) >= lead
    return found[0] if is_ahead else None
