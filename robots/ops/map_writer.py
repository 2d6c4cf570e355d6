"""Maps of portals, written: the whole of one for people, and a line of one that was accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit
from tomlkit.items import InlineTable, Table

from flows.rules.typed_text import decoded
from pages.core.diagnosis import ACCEPT, DISMISS, MESSAGES, PASSWORD_ENDS
from pages.core.elements import ByMarkup, Element
from pages.core.portal_map import Mappable, PortalMap
from pages.core.tabular import Tabular
from robots.failures import Unusable
from robots.ops.portal_maps import (
    MESSAGE_TABLE,
    WORDS,
    MapError,
    MapSurface,
    parse_map,
)
from robots.settings import nearest, read_toml

#: what stands for "as the portal calls it" in a command that is shown
ANY_NAME = "…"
_MEANINGS = {
    "session_lost": "la sesión terminó",
    "session_busy": "la sesión la tiene otro",
    "access_denied": "no deja entrar",
    "portal_down": "no funciona",
    ACCEPT: "a un cuadro que lo dice se le responde que sí",
    DISMISS: "a un cuadro que lo dice se le responde que no",
    PASSWORD_ENDS: "la contraseña vence el {fecha}",
}


def whole_map(portal: str, names: PortalMap) -> str:
    """All that is known of the portal's surface, as a map that says the same; what has no name
    there stands in a comment."""
    surface, document = MapSurface(portal), tomlkit.document()
    document.add(tomlkit.comment(f"{portal}: todo lo que el robot busca en sus páginas."))
    for page, named in surface.elements.items():
        table = tomlkit.table()
        for one in dict.fromkeys(named.values()):
            if said := _said(one, names):
                table.add(one.attribute, said)
            else:
                about = f"{one.attribute}: {one.name}, por su marcado (solo selector)"
                table.add(tomlkit.comment(about))
        document.add(page, table)
    words = tomlkit.table()
    for key, word in surface.words.items():
        words.add(key, names.said(word))
    document.add(WORDS, words)
    messages = tomlkit.table()
    for key in MESSAGES:
        messages.add(tomlkit.comment(f"{key}: {_MEANINGS[key]}"))
        if texts := names.messages.get(key):
            messages.add(key, list(texts))
    document.add(MESSAGE_TABLE, messages)
    return tomlkit.dumps(document)


def _said(one: Mappable, names: PortalMap) -> str | InlineTable | None:
    """An element as a map says it; None where its markup alone tells it."""
    if not isinstance(one, Element):
        return one.here(names).name
    other, here, said = names.override(one), one.here(names), tomlkit.inline_table()
    is_by_name = not isinstance(one.way, ByMarkup)
    if is_by_name or hasattr(here, "arid"):
        said["name"] = here.name
    if other and other.selector:
        said["selector"] = other.selector
    elif hasattr(here, "arid"):
        said["arid"] = here.arid
    if isinstance(here, Tabular):
        columns = tomlkit.inline_table()
        for attribute, column in here.columns.items():
            columns[attribute] = column.header
        said["columns"] = columns
    if list(said) == ["name"]:
        return here.name
    return said if said else None


#: what of an element is its own name, and not a column's
_NAMING = ("name", "selector", "arid")
_NUMBERED = re.compile(r"(.+) \((\d+)\)")


class NamedElement(NamedTuple):
    """What a map calls something: ``PAGE.ELEMENT`` or ``PAGE.ELEMENT.COLUMN``, after a site's name
    where it is of one; ``words.KEY``; ``messages.KEY``, to whose texts one is added. A field's
    ``arid`` stands in parentheses behind its label."""

    path: str
    name: str


def accept(portal: str, file: Path, names: list[NamedElement]) -> None:
    """Write these into the portal's map, which keeps its comments and its order. Raises `MapError`
    where one names nothing, or the map would not hold together; then nothing is written. Raises
    `Unusable` where the file cannot be."""
    if any(named.name == ANY_NAME for named in names):
        raise Unusable(f"Escriba cómo lo llama el portal en lugar de «{ANY_NAME}».")
    document, surface = _document(file), MapSurface(portal)
    for named in names:
        _put(document, surface, named)
    _write(portal, file, document)


def take_back(portal: str, file: Path, path: str) -> None:
    """Remove from the portal's map what it says of this path, which is then called as in code: all
    texts of a message, and of a table its name alone. Raises `MapError` as `accept` does, and
    `Unusable` where the map says nothing of it, too."""
    document, surface = _document(file), MapSurface(portal)
    site, page, key, column = _steps(surface, path)
    table: Any = document
    for name in (*site, page):
        table = table.get(name, {})
    key = _written(table, surface, page, key)
    value = table.get(key, {})
    if isinstance(value, dict):
        parts = value.get("columns", {}) if column else value
        said = [part for part in (column or _NAMING) if part in parts]
        for part in said:
            del parts[part]
        if column and not parts:
            value.pop("columns", None)
    else:
        said = [] if column else [key]
    if not said:
        raise Unusable(f"El mapa no dice nada de «{path}»: {file}.")
    if not isinstance(value, dict) or not value:
        del table[key]
    _write(portal, file, document)


def _document(file: Path) -> Any:
    is_there = bool(read_toml(file)) or file.exists()
    return tomlkit.parse(decoded(file.read_bytes())) if is_there else tomlkit.document()


def _write(portal: str, file: Path, document: Any) -> None:
    text = tomlkit.dumps(document)
    parse_map(portal, file, tomlkit.parse(text).unwrap())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f".{file.name}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(file)  # whoever reads it meanwhile reads all of it
    except OSError as error:
        raise Unusable(f"No se puede escribir {file}: {error.strerror}.") from None


def _put(document: Any, surface: MapSurface, named: NamedElement) -> None:
    site, page, key, column = _steps(surface, named.path)
    table = document
    for name in site:
        table = _within(table, name, tomlkit.table(is_super_table=True))
    table = _within(table, page, tomlkit.table())
    with _before_what_trails(table):
        _set(table, surface, page, key, column, named)


def _steps(surface: MapSurface, path: str) -> tuple[list[str], str, str, list[str]]:
    """Its site, page, key and column, where it has a site or a column. Raises `MapError`."""
    steps = path.split(".")
    site = [steps.pop(0)] if steps[0] in surface.sites else []
    if ".".join(steps) not in (known := list(_paths(surface))):
        raise MapError(f"No existe «{path}»{nearest('.'.join(steps), known)}")
    page, key, *column = steps
    return site, page, key, column


@contextmanager
def _before_what_trails(table: Table) -> Iterator[None]:
    """Context in which keys are added: not behind the comment that belongs to what follows."""
    body = table.value.body
    last = max((at for at, (key, _) in enumerate(body) if key is not None), default=len(body))
    trailing = [item for _, item in body[last + 1 :]]
    del body[last + 1 :]
    yield
    for item in trailing:
        table.value.append(None, item)


def _set(
    table: Any, surface: MapSurface, page: str, key: str, column: list[str], named: NamedElement
) -> None:
    if page == MESSAGE_TABLE:
        table[key] = [*table.get(key, []), named.name]
        return
    if page == WORDS:
        table[key] = named.name
        return
    one, key = surface.elements[page][key], _written(table, surface, page, key)
    said: dict[str, Any] = {"name": named.name}
    if hasattr(one, "arid") and not column and (told := _NUMBERED.fullmatch(named.name)):
        said = {"name": told[1], "arid": told[2]}
    value = table.get(key)
    if isinstance(value, dict):
        if column:
            _within(value, "columns", tomlkit.inline_table())[column[0]] = named.name
        else:
            value.pop("selector", None)
            value.update(said)
    elif column:
        table[key] = tomlkit.inline_table()
        if isinstance(value, str):
            table[key]["name"] = value
        _within(table[key], "columns", tomlkit.inline_table())[column[0]] = named.name
    elif len(said) > 1:
        table[key] = tomlkit.inline_table()
        table[key].update(said)
    else:
        table[key] = named.name


def _written(table: Any, surface: MapSurface, page: str, key: str) -> str:
    """The key as it is written: a former name of an element stays."""
    one = surface.elements.get(page, {}).get(key)
    return next((written for written in one.attributes if written in table), key) if one else key


def _within(table: Any, name: str, new: Any) -> Any:
    if name not in table:
        table[name] = new
    return table[name]


def _paths(surface: MapSurface) -> Iterator[str]:
    """Everything that can be accepted."""
    for page, declared in surface.elements.items():
        for key, one in declared.items():
            yield f"{page}.{key}"
            if isinstance(one, Tabular):
                yield from (f"{page}.{key}.{column}" for column in one.columns)
    yield from (f"{WORDS}.{key}" for key in surface.words)
    yield from (f"{MESSAGE_TABLE}.{key}" for key in MESSAGES)
