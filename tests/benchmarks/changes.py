"""Changes of a portal's surface as people make them, by a seed; and look-alikes of what is gone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from pages.contract.text import folded

_SMALL = {"de", "del", "la", "el", "los", "las", "y", "al", "en", "a"}
_SYNONYMS = {
    "buscar": "Consultar",
    "guardar": "Grabar",
    "contraseña": "Clave",
    "usuario": "Nombre de usuario",
    "fecha": "Día",
    "detalle": "Descripción detallada",
    "ingresar": "Iniciar sesión",
    "filtrar": "Aplicar filtro",
    "ver": "Consultar",
    "actualizar": "Refrescar",
    "número": "N°",
    "n°": "Número",
}
#: what makes another thing of a label
_OTHERS = ("promocional", "anterior", "del vendedor", "referencial", "de origen", "provisional")


def shortened(name: str, chance: random.Random) -> str:
    words = [word for word in name.split() if word.lower() not in _SMALL]
    if len(words) > 2:
        words.pop(chance.randrange(1, len(words)))
    return " ".join(words)


def abbreviated(name: str, chance: random.Random) -> str:
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    if long:
        at = chance.choice(long)
        words[at] = words[at][: chance.choice((3, 4))] + "."
    return " ".join(words)


def other_number(name: str, chance: random.Random) -> str:
    """Singular for plural, and the reverse."""
    words = name.split()
    at = chance.choice([n for n, word in enumerate(words) if word.lower() not in _SMALL] or [0])
    word = words[at]
    if word.isalpha() and len(word) > 3:
        words[at] = word[:-1] if word.endswith("s") else f"{word}s"
    return " ".join(words)


def with_unit(name: str, chance: random.Random) -> str:
    return f"{name} {chance.choice(('(S/)', '(*)', '(dd/mm/aaaa)', '(dígitos)'))}"


def spelled_otherwise(name: str, _: random.Random) -> str:
    return re.sub(r"\bN[°º]\s*", "Nro. ", name).replace("RUC", "R.U.C.").replace("SEC", "S.E.C.")


def lengthened(name: str, chance: random.Random) -> str:
    return f"{name} {chance.choice(('del registro', 'en sistema', 'asignado'))}"


def reworded(name: str, _: random.Random) -> str:
    return " ".join(_SYNONYMS.get(word.lower(), word) for word in name.split())


WAYS: dict[str, Callable[[str, random.Random], str]] = {
    "shortened": shortened,
    "abbreviated": abbreviated,
    "singular or plural": other_number,
    "a unit": with_unit,
    "spelled otherwise": spelled_otherwise,
    "lengthened": lengthened,
    "reworded": reworded,
}


def renamed(name: str, chance: random.Random) -> tuple[str, str] | None:
    """The name as somebody else would write it, and how; None where no way makes another of it."""
    for way in chance.sample([*WAYS], len(WAYS)):
        other = WAYS[way](name, chance)
        if other and folded(other) != folded(name):
            return other, way
    return None


def control_renamed(name: str, chance: random.Random) -> str:
    """A designer's control name."""
    return chance.choice(
        (f"txt{name}", f"{name}Solicitud", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", f"{name}Nuevo"))
    )


def look_alike(name: str, chance: random.Random) -> str:
    """Another thing, called almost so."""
    words = name.split()
    other = chance.choice(_OTHERS)
    kept = words[:-1] if len(words) > 2 else words
    if kept and kept[-1].lower() in _SMALL:
        kept = kept[:-1]
    return f"{' '.join(kept)} {other}"
