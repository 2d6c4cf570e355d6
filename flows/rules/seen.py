"""A case and what the portals say of it, as the decision table looks at them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from flows.rules.case import Case, Fact
from flows.rules.line import Line
from flows.rules.offer import OfferReading, read_offer
from flows.rules.peru import format_date, format_money, round_cents
from flows.rules.typed_text import tidy
from pages.contract.siac import ClientRecord, LineRecord
from pages.contract.sisact import SecRecord

SISACT = "SISACT, Datos de la evaluación"
DESCRIPCION = "SISACT, Datos de la evaluación, pestaña Descripción"
SIAC = "SIAC Único, datos del cliente"
LISTA = "Lista de casos"


@dataclass(frozen=True)
class Seen:
    """A case and what the portals say of it; each part is asked for only once a check found it."""

    case: Case
    found_sec: SecRecord | None
    found_client: ClientRecord | None = None

    @property
    def sec(self) -> SecRecord:
        assert self.found_sec is not None
        return self.found_sec

    @property
    def client(self) -> ClientRecord:
        assert self.found_client is not None
        return self.found_client

    @cached_property
    def records(self) -> dict[str, LineRecord]:
        """The client's lines, of those asked for, by number."""
        if self.found_client is None:
            return {}
        known = {line.numero: line for line in self.found_client.lineas}
        return {numero: known[numero] for numero in self.case.lineas if numero in known}

    @cached_property
    def reading(self) -> OfferReading | None:
        """What Descripción says; None where it is empty."""
        sec = self.sec
        if not tidy(sec.descripcion):
            return None
        return read_offer(sec.descripcion, sec.cargo_lista, sec.plan)

    @property
    def offered(self) -> Decimal:
        """Descripción's charge is the row's by check 9, so the row's is both."""
        return round_cents(self.case.cargo_fijo_ofrecido)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(Line(record, self.sec.fecha, self.offered) for record in self.records.values())

    @cached_property
    def pending(self) -> tuple[Line, ...]:
        """The lines not yet at the offered charge: those that a request would be for."""
        return tuple(line for line in self.lines if not line.is_at_offered)

    @property
    def has_evidence(self) -> bool:
        return bool(self.case.evidencia)

    @property
    def has_backing(self) -> bool:
        """The offer was in force at the sale, or somebody approved it."""
        until = self.case.oferta_vigente_hasta
        in_force = until is not None and until >= self.sec.fecha
        return in_force or bool(tidy(self.case.aprobado_por))

    def facts(self) -> tuple[Fact, ...]:
        """What was known, and where each thing was read. No DNI and no name of a person."""
        case, facts = self.case, [("N° SEC", self.case.sec, LISTA)]
        facts.append(("Cargo fijo ofrecido", format_money(self.offered), LISTA))
        facts.append(("Evidencia", f"{len(case.evidencia)} archivo(s)", LISTA))
        if case.oferta_vigente_hasta:
            facts.append(("Oferta vigente hasta", format_date(case.oferta_vigente_hasta), LISTA))
        if tidy(case.aprobado_por):
            facts.append(("Oferta aprobada", "Sí", LISTA))
        if sec := self.found_sec:
            facts += [
                ("Tipo de operación", tidy(sec.operacion), SISACT),
                ("Fecha de la SEC", format_date(sec.fecha), SISACT),
                ("Plan", tidy(sec.plan), SISACT),
                ("Cargo de lista", format_money(sec.cargo_lista), SISACT),
                ("Campaña", tidy(sec.campana), SISACT),
                ("Descuento u oferta especial", tidy(sec.descripcion), DESCRIPCION),
            ]
        if client := self.found_client:
            facts.append(("Segmento", tidy(client.segmento), SIAC))
            facts.append(("En cartera", "Sí" if client.en_cartera else "No", SIAC))
        if self.found_sec:
            facts += [fact for line in self.lines for fact in line.facts()]
        return tuple(Fact(name=name, value=value, source=source) for name, value, source in facts)
