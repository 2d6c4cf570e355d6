"""The next bill: whether what was requested has reached it, line by line. Pure.

A request's effect is a regularisation that its decision did not know yet; what its date is does not
matter, as customer care may enter it for an earlier month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from flows.rules.case import Case, Decision, Model
from flows.rules.known import Known, known_of
from flows.rules.line import Line, period_of, told_invoice
from flows.rules.peru import format_date, format_money, round_cents
from flows.rules.scenarios import Escenario, Sistema
from flows.rules.typed_text import fold
from pages.contract.siac import HistoryEntry, Invoice, LineRecord


class Resultado(StrEnum):
    """What the next bill says; each is worse than the one before."""

    CONFIRMADO = "Confirmado"
    SIN_FACTURA = "Sin factura aún"
    NO_REGULARIZADO = "No regularizado"
    DESALINEADO = "Desalineado"
    SIN_LEER = "No se pudo leer"

    @property
    def rank(self) -> int:
        return list(Resultado).index(self)


class LineFollowUp(Model):
    """One line of a request. ``importe`` is what it paid too much, in soles a month, when it was
    requested; ``factura`` the month that tells, as ``YYYY-MM``, and ``facturado`` what was billed
    in it; ``desde`` the first month that was billed otherwise after the regularisation; ``texto``
    all of that, for people."""

    linea: str
    resultado: Resultado
    importe: Decimal
    regularizada: date | None = None
    factura: str = ""
    facturado: Decimal | None = None
    desde: str = ""
    texto: str = ""


class FollowUp(Model):
    """What is known of an attended case's bills since it was attended. ``remark`` is what else a
    person should know: the state of its request, and the case that was made of it; ``unread`` tells
    that this could not be read."""

    reference: str
    ruc: str
    sec: str
    escenario: Escenario
    numero: str
    atendido: date
    ofrecido: Decimal
    #: soles a month that the offer takes off all the lines of the case
    prometido: Decimal
    lineas: tuple[LineFollowUp, ...]
    visto: date
    #: when the bill was first seen to be right
    confirmado: date | None = None
    remark: str = ""
    unread: bool = False

    @property
    def sistema(self) -> Sistema:
        return self.escenario.sistema

    @property
    def worst(self) -> LineFollowUp:
        """The line that the case is told by; of several, the one of the newest bill."""
        return max(self.lineas, key=lambda line: (line.resultado.rank, line.factura))

    @property
    def resultado(self) -> Resultado:
        return self.worst.resultado

    @property
    def detail(self) -> str:
        told = dict.fromkeys(line.texto for line in self.lineas)
        return " ".join(filter(None, (*told, self.remark)))

    @property
    def solicitado(self) -> Decimal:
        return sum((line.importe for line in self.lineas), Decimal(0))

    @property
    def due_from(self) -> date:
        """The first day on which a bill after the regularisation can be there; without one, after
        the case was attended."""
        return min(first_of_next(line.regularizada or self.atendido) for line in self.lineas)

    @property
    def look_from(self) -> date:
        """When SIAC Único may say something else: of a bill that is right, with the next one."""
        if self.resultado is Resultado.SIN_LEER:
            return self.visto
        if self.resultado is Resultado.CONFIRMADO:
            year, month = min(line.factura for line in self.lineas).split("-")
            return first_of_next(date(int(year), int(month), 1))
        return self.due_from

    def is_due(self, today: date) -> bool:
        """What could not be read is told, due or not: nobody knows. What was due when it was seen
        is, whatever the clock says now."""
        return self.resultado is Resultado.SIN_LEER or max(today, self.visto) >= self.due_from

    def days(self, today: date) -> int:
        """From the request to the first right bill, or until now; never under zero."""
        return max(((self.confirmado or today) - self.atendido).days, 0)


def first_of_next(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_of(period: str) -> date:
    """The first day of a month that is written ``YYYY-MM``."""
    return date.fromisoformat(f"{period}-01")


def follow_up(
    case: Case,
    decision: Decision,
    numero: str,
    atendido: date,
    records: Mapping[str, LineRecord],
    today: date,
    before: FollowUp | None = None,
) -> FollowUp:
    """Look at an attended case: ``records`` are its lines as SIAC Único has them now, ``before`` is
    what was known last."""
    known = known_of(case, decision)
    lineas = tuple(
        _follow_line(known, linea, records.get(linea), atendido) for linea in decision.lineas
    )
    found = _of_case(case, decision, known, numero, atendido, lineas, today)
    if found.resultado is not Resultado.CONFIRMADO:
        return found
    since = before.confirmado if before else None
    return found.model_copy(update={"confirmado": since or today})


def unread(
    case: Case,
    decision: Decision,
    numero: str,
    atendido: date,
    why: str,
    today: date,
    before: FollowUp | None = None,
) -> FollowUp:
    """A case whose lines could not be read; a right bill stays one that was seen."""
    known = known_of(case, decision)
    lineas = tuple(
        LineFollowUp(
            linea=linea, resultado=Resultado.SIN_LEER, importe=known.excess(linea), texto=why
        )
        for linea in decision.lineas
    )
    found = _of_case(case, decision, known, numero, atendido, lineas, today)
    return found.model_copy(update={"confirmado": before.confirmado if before else None})


def _of_case(
    case: Case,
    decision: Decision,
    known: Known,
    numero: str,
    atendido: date,
    lineas: tuple[LineFollowUp, ...],
    today: date,
) -> FollowUp:
    assert decision.escenario is not None, "an attended case has a request"
    left_out = len(set(case.lineas) - set(decision.lineas))
    requested = sum((line.importe for line in lineas), Decimal(0))
    return FollowUp(
        reference=case.reference,
        ruc=case.ruc,
        sec=case.sec,
        escenario=decision.escenario,
        numero=numero,
        atendido=atendido,
        ofrecido=known.offered,
        prometido=requested + left_out * known.discount,
        lineas=lineas,
        visto=today,
    )


def _follow_line(
    known: Known, numero: str, record: LineRecord | None, atendido: date
) -> LineFollowUp:
    importe = known.excess(numero)
    if record is None:
        return LineFollowUp(
            linea=numero,
            resultado=Resultado.SIN_LEER,
            importe=importe,
            texto=f"Línea {numero}: SIAC Único ya no la muestra entre las del cliente.",
        )
    fresh = record.model_copy(update={"historial": _new_entries(known.lineas[numero], record)})
    line = Line(fresh, known.sec_date, known.offered)
    entry = line.regularized
    bills = _Bills(line, line.later_invoices if entry else _billed_after(line, atendido))
    begins = f"Línea {numero}: " + (
        f"se regularizó el {format_date(entry.fecha)}" if entry else "no se ha regularizado"
    )
    if entry and not bills.months:
        resultado = Resultado.SIN_FACTURA
        told = f"{begins} y aún no tiene factura de un periodo posterior."
    elif bills.are_right:
        resultado, told = Resultado.CONFIRMADO, f"Línea {numero}: se facturó {bills.told_newest}."
    elif entry:
        resultado = Resultado.DESALINEADO
        offered = format_money(known.offered)
        told = f"{begins} y después se facturó {bills.told_wrong}, frente a {offered} ofrecido."
    else:
        resultado, told = Resultado.NO_REGULARIZADO, f"{begins}."
    month = bills.telling(resultado)
    return LineFollowUp(
        linea=numero,
        resultado=resultado,
        importe=importe,
        regularizada=entry.fecha if entry else None,
        factura=month,
        facturado=bills.billed(month, resultado) if month else None,
        desde=min(bills.wrong) if resultado is Resultado.DESALINEADO else "",
        texto=told,
    )


def _new_entries(known: LineRecord, record: LineRecord) -> tuple[HistoryEntry, ...]:
    """The entries that were not there when it was decided."""

    def key(entry: HistoryEntry) -> tuple[date, str]:
        return entry.fecha, fold(entry.tipo)

    left = Counter(map(key, known.historial))
    fresh = []
    for entry in record.historial:
        if left[key(entry)]:
            left[key(entry)] -= 1
        else:
            fresh.append(entry)
    return tuple(fresh)


def _billed_after(line: Line, atendido: date) -> tuple[Invoice, ...]:
    return tuple(i for i in line.invoices if i.periodo > period_of(atendido))


class _Bills:
    """What a line was billed since, month by month. A month may have several invoices: it is right
    where each is at the offered charge, or all of them together are."""

    def __init__(self, line: Line, invoices: Iterable[Invoice]) -> None:
        self._line = line
        self.months: dict[str, list[Invoice]] = {}
        for invoice in invoices:
            self.months.setdefault(invoice.periodo, []).append(invoice)
        self.wrong = [month for month in self.months if not self._is_right(month)]

    @property
    def newest(self) -> str:
        return max(self.months, default="")

    @property
    def are_right(self) -> bool:
        """All of them, or the newest and the line's charge, as the decision table has it; a line
        that is not regularised is told by its newest."""
        if not self.months:
            return False
        newest_is = self.newest not in self.wrong
        settled = self._line.cargo == self._line.offered or self._line.regularized is None
        return not self.wrong or (newest_is and settled) or self._line.is_at_offered

    def telling(self, resultado: Resultado) -> str:
        """The month that tells: of wrong ones the newest."""
        return max(self.wrong) if resultado is Resultado.DESALINEADO else self.newest

    def billed(self, month: str, resultado: Resultado) -> Decimal:
        """Of several invoices their sum, where that is the offered charge, else the dearest; where
        the dearest is at the offered charge and the month is told as wrong, all of them, for none
        alone is."""
        charges = [round_cents(invoice.cargo) for invoice in self.months[month]]
        together, offered = sum(charges, Decimal(0)), self._line.offered
        is_wrong = month in self.wrong and resultado is not Resultado.CONFIRMADO
        is_wrong_together = is_wrong and max(charges) == offered
        return together if together == offered or is_wrong_together else max(charges)

    @property
    def told_newest(self) -> str:
        return ", ".join(map(told_invoice, self.months[self.newest]))

    @property
    def told_wrong(self) -> str:
        invoices = [invoice for month in sorted(self.wrong) for invoice in self.months[month]]
        return ", ".join(map(told_invoice, invoices))

    def _is_right(self, month: str) -> bool:
        invoices, line = self.months[month], self._line
        together = sum((round_cents(invoice.cargo) for invoice in invoices), Decimal(0))
        return together == line.offered or all(map(line.pays_offered, invoices))


# --- What was misaligned, as a case of its own. ---------------------------------------------------


def misaligned_case(case: Case, found: FollowUp, covered: Iterable[str]) -> Case | None:
    """The case to be filed for what was billed wrongly; None where every such line is ``covered``
    by one already."""
    taken = set(covered)
    lineas = [
        line
        for line in found.lineas
        if line.resultado is Resultado.DESALINEADO and line.linea not in taken
    ]
    if not lineas:
        return None
    return case.model_copy(
        update={
            "id": "",
            "siac_case": "",
            "escenario": None,
            "fecha_solicitud": month_of(min(line.desde for line in lineas)),
            "lineas": tuple(line.linea for line in lineas),
            "seguimiento_de": case.reference,
        }
    )
