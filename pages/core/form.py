"""Forms: each field is declared once, in the order of typing, by the draft's attribute.

    ruc = typed(field("RUC del cliente"))

Filling, reading back, comparing with what the portal kept and what people see of a draft all come
from that line. What is not typed into one field (a repeating section, files) is declared `by_hand`:
the page's own methods type it, and show it as a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Generic, TypeVar

from pages.contract.errors import FormAltered, PageChanged, PortalError
from pages.contract.records import Record
from pages.contract.request_records import RequestRecord
from pages.contract.text import day
from pages.core.asking import together
from pages.core.choices import BoundChoice
from pages.core.codecs import FieldEntry, Text
from pages.core.elements import BoundField, Element
from pages.core.filling import fill_each
from pages.core.inspection import elements_of
from pages.core.noted import form_of
from pages.core.page import PortalPage
from pages.core.portal_map import declared_by
from pages.core.scripts import FORM

D = TypeVar("D", bound=Record)
E = TypeVar("E", bound=Element[Any])
R = TypeVar("R", bound=RequestRecord)


def typed(element: E, label: str = "", codec: Text | None = None, *, always: object = None) -> E:
    """A field that is typed or chosen; its kind says by which codec where none is given."""
    return _declared(
        element, FieldEntry(label or element.name, codec or element.kind.codec, always)
    )


def by_hand(element: E, label: str, codec: Text) -> E:
    """What the page's own methods type, and show as a text."""
    return _declared(element, FieldEntry(label, codec, is_typed=False))


def filled(element: E, always: object) -> E:
    """A field that the portal fills in by itself once others are chosen."""
    entry = FieldEntry(element.name, element.kind.codec, always, is_typed=False, is_told=False)
    return _declared(element, entry)


def _declared(element: E, entry: FieldEntry) -> E:
    element.entry = entry
    return element


def entries(page: type[PortalPage]) -> dict[str, FieldEntry]:
    """The declared fields by their attributes, in their order."""
    found = {name: getattr(page, name).entry for name in elements_of(page)}
    return {name: entry for name, entry in found.items() if entry is not None}


def values_of(page: type[PortalPage], record: type[Record], kept: Mapping[str, str]) -> Any:
    """Those values of a record that a form's fields hold, read from what the portal shows.

    Raises KeyError where a field is missing and ValueError where its text is no such value.
    """
    return {
        name: entry.codec.read(kept[name])
        for name, entry in entries(page).items()
        if name in record.model_fields
    }


def request_of(page: type[PortalPage], record: type[R], held: Mapping[str, str]) -> R:
    """The request that a form shows, with what the portal adds to it; raises as `values_of`."""
    return record(
        **values_of(page, record, held),
        numero=held["numero"],
        estado=held["estado"],
        creado=day(held["creado"]),
        creado_por=held["creado_por"],
        otros=held,
    )


class Form(PortalPage, Generic[D]):
    """A page into which a draft is typed. ``shaping`` are fields that are no lists, and whose words
    may change what else the form shows."""

    shaping: ClassVar[tuple[str, ...]] = ()

    async def fill(self, draft: D) -> D:
        """Type every field in its order; the draft as it is typed now."""
        fields: list[tuple[BoundField | BoundChoice, str]] = []
        for name, entry in entries(type(self)).items():
            if not entry.is_typed:
                continue
            bound, text = getattr(self, name), entry.codec.typed(entry.value(name, draft))
            if type(bound) in (BoundField, BoundChoice):  # no other kind: those ask for an answer
                fields.append((bound, text))
                continue
            await fill_each(fields)
            fields = []
            await bound.fill(text)
        await fill_each(fields)
        return draft

    async def expect(self, draft: D) -> None:
        """Read the form back; `FormAltered` where it holds something else than was typed.
        `PageChanged` where it asks for what is not declared: sent without it, it would be refused,
        or worse, kept without what the portal has come to need."""
        held, found = await together(self.held(), self._look_over())
        if names := await self.unlike(draft, held):
            what = f"no conserva lo escrito en: {', '.join(names)}"
            raise FormAltered(self.portal.name, self.title, what)
        values = {name: entry.value(name, draft) for name, entry in entries(type(self)).items()}
        terms = [name for name in values if getattr(type(self), name).kind.is_term]
        chosen = [str(values[name]) for name in dict.fromkeys((*terms, *self.shaping))]
        if asked := self._noted(found, chosen):
            labels = ", ".join(f"«{label}»" for label in asked)
            what = f"pide lo que el robot no conoce: {labels}"
            raise PageChanged(self.portal.name, self.title, what)

    async def be_seen(self) -> None:
        with suppress(PortalError):
            self._noted(await self._look_over(), ())

    async def _look_over(self) -> dict[str, Any] | None:
        """What the form shows, and what it asks for and is not declared."""
        here = [one.here(self.names) for one in declared_by(type(self)) if isinstance(one, Element)]
        known = [one.name for one in here] + [str(getattr(one, "arid", "")) for one in here]

        async def look() -> dict[str, Any] | None:
            found: dict[str, Any] | None = await self.ask(FORM, known)
            return found

        return await self.portal.now(look, self.title, "campos obligatorios")

    def _noted(self, found: dict[str, Any] | None, chosen: Sequence[str]) -> list[str]:
        """What is asked for and not declared; the portal notes all of the fields, as they are once
        this was chosen."""
        if found is None:
            return []
        if found["fields"] is not None:
            portal = self.portal
            portal.saw(form_of(portal.part, self.title, chosen, found["fields"]))
        asked: list[str] = found["asked"]
        return asked

    async def unlike(self, draft: D, held: Mapping[str, str]) -> list[str]:
        """The labels of what the form holds otherwise than it was typed."""
        return [
            entry.label
            for name, entry in entries(type(self)).items()
            if not entry.codec.is_in_form(entry.value(name, draft), held.get(name, ""))
        ]

    async def held(self) -> Mapping[str, str]:
        """What the fields show now, by their names here."""
        return await self.texts(*entries(type(self)))

    @classmethod
    def altered(cls, draft: D, kept: Mapping[str, str]) -> list[str]:
        """The labels of what a portal keeps otherwise than it was typed; ``kept`` is what it shows,
        by the names here."""
        return [
            entry.label
            for name, entry in entries(cls).items()
            if not entry.codec.is_kept(entry.value(name, draft), kept.get(name, ""))
        ]

    @classmethod
    def described(cls, draft: D) -> dict[str, str]:
        """All that is typed, for people: by label, empty where nothing is."""
        return {
            entry.label: entry.codec.told(entry.value(name, draft))
            for name, entry in entries(cls).items()
            if entry.is_told
        }
