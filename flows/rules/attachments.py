"""Names under which files are attached: those that SharePoint 2013 and Remedy both take. Pure.

A person's file may be called anything. SharePoint refuses a form with such a name as a whole
(Microsoft's KB 905231), and two of one name; Remedy takes more, and is given the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from pages.contract.text import clean

#: with what no file system hands on: control characters, halves of a character
_FORBIDDEN = re.compile(r'[~#%&*{}\\:<>?/|"\x00-\x1f\x7f-\x9f\ud800-\udfff]')
#: a dot in front, one at the end, and each of several in a row
_DOTS = re.compile(r"^\.|\.$|\.(?=\.)|(?<=\.)\.")
#: what a browser calls the folder of a saved page, in the languages that SharePoint knows
_FOLDERS = re.compile(
    r"(?:\.files|_(?:files|file|fichiers|bestanden|archivos|tiedostot|pliki|soubory|elemei|"
    r"ficheiros|arquivos|dosyalar|datoteke|fitxers|failid|fails|bylos|fajlovi|fitxategiak)|"
    r"-(?:Dateien|filer))$",
    re.IGNORECASE,
)
#: characters, as UTF-16 counts them; a longer name's base is cut to the second
_LONGEST, _BASE = 128, 120
#: what is longer behind a dot is no suffix
_SUFFIX = 8


def attached_as(names: Iterable[str]) -> tuple[str, ...]:
    """The name for each in turn: a forbidden character becomes ``_``, a long base is cut, and the
    second of one name gets `` (2)``, whichever case it is written in."""
    taken: set[str] = set()
    found = []
    for name in names:
        base, suffix = _parts(name)
        given, number = _joined(base, suffix), 1
        while (key := clean(given).casefold()) in taken:
            number += 1
            given = _joined(base, suffix, f" ({number})")
        taken.add(key)
        found.append(given)
    return tuple(found)


def told_renamed(names: Iterable[str], attached: Iterable[str]) -> str:
    """For *Detalle*: each that is attached under another name; empty where none is."""
    return " ".join(
        f"«{name}» se adjunta como «{given}»: {_why(name)}."
        for name, given in zip(names, attached, strict=True)
        if name != given
    )


def _why(name: str) -> str:
    is_taken = attached_as([name]) == (name,)
    return "ya hay otro archivo de ese nombre" if is_taken else "el portal no acepta su nombre"


def _parts(name: str) -> tuple[str, str]:
    """Base and suffix, as a portal takes them."""
    plain = _FORBIDDEN.sub("_", name).strip()
    suffix = PurePosixPath(plain).suffix.rstrip(". ")
    suffix = "" if len(suffix) > _SUFFIX else suffix
    base = _DOTS.sub("_", plain.removesuffix(suffix)) or "_"
    return (base + "_" if _FOLDERS.search(base + suffix) else base), suffix


def _joined(base: str, suffix: str, number: str = "") -> str:
    if _units(base + number + suffix) > _LONGEST:
        cut = base.encode("utf-16-le")[: 2 * (_BASE - len(number))].decode("utf-16-le", "ignore")
        base = cut.rstrip(". ")
    return base + number + suffix


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
