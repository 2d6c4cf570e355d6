"""A person who maps a portal that speaks otherwise, and a table of other words for all four."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mock_portals.dialect import Dialect, read_dialects
from pages.core.elements import ByMarkup, Element
from pages.core.frames import FrameName
from pages.core.likeness import Candidate, sure
from pages.core.portal_map import Mappable
from pages.core.tabular import Tabular
from robots.ops.map_writer import NamedElement, accept
from robots.ops.portal_maps import PORTAL_NAMES, MapSurface
from tests.support.robot import Robot

TABLE = Path(__file__).with_name("reworded.json")
#: what a portal says that no element is, by what it means, as the mock words it
MESSAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "sisact": {
        "session_lost": ("Su sesión ha expirado.",),
        "session_busy": ("Su sesión ha sido cerrada.",),
        "access_denied": ("Usuario o contraseña incorrectos.",),
        "accept": ("Recuerde validar la titularidad antes de continuar.",),
        "password_ends": ("Su contraseña vence el {fecha}",),
    },
    "siac": {
        "session_lost": ("Su sesión ha expirado. Por favor, vuelva a ingresar al sistema.",),
        "session_busy": ("Su sesión ha sido cerrada porque el usuario ingresó desde otro equipo.",),
        "access_denied": ("Usuario o contraseña incorrectos.",),
        "accept": (
            "Recuerde validar la titularidad antes de registrar el caso.",
            "¿Desea registrar el caso?",
            "Se registró el caso N° {numero}.",
            "¿Desea tomar el caso {numero}?",
            "¿Está seguro de cerrar el caso?",
            "Este caso ya se encuentra cerrado.",
        ),
        "password_ends": ("Su contraseña vence el {fecha}",),
    },
    "nintex": {
        "session_lost": (
            "La validación de seguridad de esta página no es válida y podría estar dañada. "
            "Use el botón Atrás del explorador web para intentar de nuevo la operación.",
        ),
        "portal_down": ("Lo sentimos, algo salió mal",),
    },
    "remedy": {
        "accept": ("Los cambios no guardados se perderán. ¿Desea continuar?",),
        "password_ends": ("Su contraseña vence el {fecha}.",),
    },
}
#: at which `map accept --best` takes what leads
BEST = "0.9"
#: how often a person goes through the portal at most
_TOURS = 30
_TAKEN = re.compile(r"^(\S+) = «(.*)», en ", re.MULTILINE)


@dataclass
class Counts:
    """How the names of a map were found: taken by ``--best``; chosen by a person from the
    candidates, the first of them or another; typed, with `map show` in hand."""

    best: int = 0
    first: int = 0
    other: int = 0
    typed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.best} por --best, {self.first + self.other} elegidos ({self.first} eran el "
            f"primero), {len(self.typed)} escritos"
        )


class Person:
    """Someone who knows what a portal calls everything, and no Python."""

    def __init__(
        self,
        robot: Robot,
        portal: str,
        right: dict[str, str],
        surface: MapSurface,
        *known: str,
        messages: Sequence[NamedElement] = (),
    ) -> None:
        """``right``: what is called otherwise, by its path in a map; ``known``: the options by
        which the pages of a record are seen."""
        self.robot, self.portal, self.known = robot, portal, known
        self.right, self.surface, self.messages = right, surface, messages
        self.file = robot.folder / "mapas" / f"{portal}.toml"
        self.counts = Counts()
        #: what a tour is left to name; the rest is typed first
        self.waits_for: tuple[type[Mappable], ...] = (Element, FrameName)
        #: what was told to be missing, one after the other
        self.missed: list[str] = []

    def types_all(self) -> None:
        """The whole map by hand, from what `map show` tells."""
        self._types(self.right)
        self._types_messages()

    def maps(self) -> Counts:
        """Map the portal until `map suggest` misses nothing; then type what it never saw."""
        self._types(path for path in self.right if not self._is_element(path))
        self._types_messages()
        for _ in range(_TOURS):
            missing = self._missing()
            if not missing:
                break
            self._accepts(missing)
        else:
            raise AssertionError(f"still missing in {self.portal}: {sorted(missing)}")
        self._types(self.right)
        return self.counts

    def _missing(self) -> dict[str, list[Candidate]]:
        """What is not found, with what is shown for it."""
        done = self.robot.call("map", "suggest", self.portal, "--json", *self.known)
        elements = done.summary["elements"]
        missing = {
            f"{one['page']}.{one['element']}": [Candidate(**shown) for shown in one["candidates"]]
            for one in elements
            if one["found"] is False
        }
        assert done.code == (1 if missing else 0), done.out + done.err
        self.missed += missing
        return missing

    def _accepts(self, missing: dict[str, list[Candidate]]) -> None:
        """What is sure at once, and of the rest the right one, typed where it is not shown."""
        taken: dict[str, str] = {}
        if any(sure(shown, float(BEST)) for shown in missing.values()):
            done = self.robot.call("map", "accept", self.portal, "--best", BEST, *self.known)
            taken = dict(_TAKEN.findall(done.out))
        wrong = {path: name for path, name in taken.items() if self.right.get(path) != name}
        assert not wrong, wrong
        self.counts.best += len(taken)
        for path, those in missing.items():
            if path in taken:
                continue
            if path not in self.right:  # a table of which nothing is shown, by its columns
                self._types(one for one in self.right if one.startswith(f"{path}."))
                continue
            name, shown = self.right[path], [one.name for one in those]
            if name not in shown:
                self.counts.typed.append(path)
            elif shown[0] == name:
                self.counts.first += 1
            else:
                self.counts.other += 1
            done = self.robot.call("map", "accept", self.portal, path, name)
            assert done.code == 0, done.out + done.err

    def _types(self, paths: Iterable[str]) -> None:
        """With `map show` in hand, into the file."""
        told = self._written()
        named = [NamedElement(path, self.right[path]) for path in paths if path not in told]
        self.counts.typed += [one.path for one in named]
        accept(PORTAL_NAMES[self.portal], self.file, named)

    def _types_messages(self) -> None:
        """Each as it is said now."""
        self.counts.typed += [one.path for one in self.messages]
        accept(PORTAL_NAMES[self.portal], self.file, self.messages)

    def _written(self) -> set[str]:
        if not self.file.exists():
            return set()
        found = set()
        for page, named in tomllib.loads(self.file.read_text(encoding="utf-8")).items():
            for key, value in named.items():
                if not isinstance(value, dict) or "name" in value:
                    found.add(f"{page}.{key}")
                if isinstance(value, dict):
                    found |= {f"{page}.{key}.{column}" for column in value.get("columns", {})}
        return found

    def _is_element(self, path: str) -> bool:
        page, key, *_ = path.split(".")
        return isinstance(self.surface.elements.get(page, {}).get(key), self.waits_for)


def speaker(robot: Robot, portal: str, *known: str) -> Person:
    """Someone who knows a portal that speaks as the table has it."""
    dialect, surface = read_dialects(TABLE)[portal], MapSurface(PORTAL_NAMES[portal])
    messages = [
        NamedElement(f"messages.{kind}", dialect.texts[words])
        for kind, texts in MESSAGES[portal].items()
        for words in texts
    ]
    right = dict(_names(dialect, surface))
    return Person(robot, portal, right, surface, *known, messages=messages)


def _names(dialect: Dialect, surface: MapSurface) -> Iterator[tuple[str, str]]:
    """What is called otherwise, by its path in a map."""
    for page, named in surface.elements.items():
        for one in dict.fromkeys(named.values()):
            path = f"{page}.{one.attribute}"
            is_by_markup = isinstance(one, Element) and isinstance(one.way, ByMarkup)
            name = _called(dialect, one)
            if name != one.name and (hasattr(one, "arid") or not is_by_markup):
                yield path, name
            if isinstance(one, Tabular):
                for column, declared in one.columns.items():
                    if (told := _said(dialect, declared.header, page)) != declared.header:
                        yield f"{path}.{column}", told
    for key, word in surface.words.items():
        if (told := dialect.said(word)) != word:
            yield f"words.{key}", told


def _called(dialect: Dialect, one: Mappable) -> str:
    name, arid = _said(dialect, one.name, one.owner), getattr(one, "arid", "")
    told = dialect.names.get(arid, arid)
    return f"{name} ({told})" if arid and (name, told) != (one.name, arid) else name


def _said(dialect: Dialect, name: str, page: str) -> str:
    """The markup's own names are those of frames and of a form's controls."""
    is_own = page in ("Frames", "RequestForm", "RequestItem")
    text = str(dialect.said(name)) if not dialect.names.get(name) else name
    text = dialect.texts.get(name, text)
    return dialect.names.get(name, text) if is_own else text
