"""The demo's cases, each built to end as one row of the procedure's tables says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flows.rules.case import Estado, Motivo
from flows.rules.peru import format_date
from flows.rules.scenarios import Escenario
from tests.demo import files
from tests.demo.people import (
    BOLSA_1299,
    ILIMITADO_129,
    MAX_59,
    MAX_79,
    MAX_99,
    NEGOCIOS_45,
    People,
)
from tests.demo.world import (
    TODAY,
    DemoWorld,
    Json,
    Plan,
    Sale,
    Story,
    applied,
    demo_ruc,
    entry,
    lost,
    months,
    never_applied,
    regularised,
)

#: The demo's settings ask for a supervisor's yes before a request of this scenario.
APPROVAL_FOR = Escenario.VENTAS_SIN_OFERTA

_CONFIGURACION = Escenario.ACTIVACIONES_CONFIGURACION
_DESALINEACION = Escenario.ACTIVACIONES_DESALINEACION


@dataclass(frozen=True)
class DemoRow:
    """What the list's row says, by field and as typed, and how the case is to end."""

    fields: dict[str, str]
    executive: str
    expected: dict[str, str | None]


def ends(
    estado: Estado, motivo: Motivo | None = None, escenario: Escenario | None = None
) -> dict[str, str | None]:
    """How a case is to end; the system follows from the scenario."""
    sistema = escenario.sistema if escenario else None
    return {"estado": estado, "motivo": motivo, "escenario": escenario, "sistema": sistema}


def attended(escenario: Escenario) -> dict[str, str | None]:
    return ends(Estado.ATENDIDO, escenario=escenario)


def rejected(motivo: Motivo) -> dict[str, str | None]:
    return ends(Estado.NO_PROCEDE, motivo)


def to_advisor(motivo: Motivo, escenario: Escenario | None = None) -> dict[str, str | None]:
    return ends(Estado.REQUIERE_ASESOR, motivo, escenario)


class Demo:
    """Builds the rows and, with them, what the portals know about each."""

    def __init__(self) -> None:
        self.world = DemoWorld()
        self.people = People(self.world)
        self.rows: list[DemoRow] = []
        self._sec_serial = 45_012_300

    def sale(
        self,
        customer: Json,
        plan: Plan,
        offered: str,
        sold: str,
        *stories: Story,
        text: str = "",
        operation: str = "Alta",
        campaign: str = "Campaña Empresas 2026",
        width: int = 8,
    ) -> tuple[str, list[str]]:
        """A SEC and its lines, each with its story: the SEC's number, and theirs."""
        self._sec_serial += 17
        number = str(self._sec_serial).zfill(width)
        origin = entry(sold, operation, f"SEC {number}")
        terms = Sale(sold, plan.charge, offered)
        ruc = customer["ruc"]
        lines = [self.world.line(ruc, plan.name, terms, story, origin) for story in stories]
        self.world.sec(
            number, ruc, operation, sold, plan, campaign=campaign, description=text, lines=lines
        )
        return number, lines

    def row(
        self,
        expected: dict[str, str | None],
        customer: Json,
        sec: str,
        lines: Sequence[str],
        offered: str,
        *,
        day: str = "",
        canal: str = "Correo",
        contact: int = 0,
        evidence: Sequence[str] = (),
        named: bool = False,
        waiting: bool = False,
        **more: str,
    ) -> None:
        """A row of the list; ``named`` or ``waiting`` says that an advisor registered the case.

        ``more`` are further fields, or replace those that follow from the rest.
        """
        day = day or f"2026-11-{16 + len(self.rows) % 4}"
        person = customer["contacts"][contact]
        siac = ""
        if named or waiting:
            siac = self.world.siac_case(sec, customer["ruc"], lines, day)
        fields = {
            "siac_case": siac if named else "",
            "fecha_solicitud": format_date(date.fromisoformat(day)),
            "canal": canal,
            "sec": sec,
            "ruc": customer["ruc"],
            "lineas": ", ".join(lines),
            "cargo_fijo_ofrecido": offered,
            "contacto": person["name"],
            "contacto_dni": person["dni"],
            "contacto_correo": person["email"],
            "evidencia": "; ".join(evidence),
            **more,
        }
        self.rows.append(DemoRow(fields, People.executive(customer), expected))


def build() -> Demo:
    """The whole demo, the same each time."""
    demo = Demo()
    parts: tuple[Callable[[Demo], None], ...] = (
        _configuracion,
        _desalineacion,
        _postventa,
        _ventas,
        _sin_evidencia,
        _mixed_and_requested,
        _checks_of_the_sale,
        _checks_of_the_client,
        _checks_of_the_offer,
        _invalid,
    )
    for part in parts:
        part(demo)
    _other_peoples_work(demo)
    return demo


def _configuracion(demo: Demo) -> None:
    people, expected = demo.people, attended(_CONFIGURACION)
    text = "CF especial S/ 39.90 (antes S/ 59.90)"
    sec, lines = demo.sale(people.nevado, MAX_59, "39.90", "2026-07-14", never_applied(), text=text)
    demo.row(expected, people.nevado, sec, lines, "39.90", canal="135")

    text = "Dscto. 25% sobre CF por 12 meses"
    sec, lines = demo.sale(
        people.clinica,
        MAX_59,
        "44.93",
        "2026-06-03",
        *[never_applied()] * 3,
        text=text,
        operation="Portabilidad",
        campaign="Portabilidad Negocios 25",
    )
    demo.row(expected, people.clinica, sec, lines, "44.93", named=True, escenario=_CONFIGURACION)

    text = "Oferta especial: cargo fijo S/1,039.90"
    sec, lines = demo.sale(
        people.bermejo,
        BOLSA_1299,
        "1039.90",
        "2026-08-11",
        never_applied(),
        text=text,
        operation="Renovación",
        width=10,
    )
    demo.world.siac_case(
        sec, people.bermejo["ruc"], lines, "2026-09-02", status="Cerrado", resolution="Informado"
    )
    demo.row(expected, people.bermejo, sec, lines, "1039.90", contact=1, waiting=True)

    # A SEC of 45 lines, one of the four already right: the request is for three.
    text = "Descuento S/. 10.00 mensual"
    stories = [*[never_applied()] * 3, applied, *[applied] * 41]
    sec, lines = demo.sale(
        people.huaral,
        NEGOCIOS_45,
        "35.90",
        "2026-05-20",
        *stories,
        text=text,
        campaign="Flota Agro 45",
    )
    notes = "El cliente pregunta también por la línea que ya factura bien."
    demo.row(expected, people.huaral, sec, lines[:4], "35.90", observaciones=notes)

    # Regularised and billed right before this sale: that was for the sale before it.
    text = "30 % dcto cargo fijo"
    sec, lines = demo.sale(
        people.pesquera,
        MAX_79,
        "55.93",
        "2026-04-09",
        *[never_applied()] * 2,
        text=text,
        operation="Renovación",
    )
    for line in demo.world.lines[-2:]:
        line["history"].insert(0, entry("2025-10-02", "Regularización de cargo fijo", "Ajuste"))
        line["invoices"][:0] = months("2025-11", "2026-03", "55.93")
    demo.row(expected, people.pesquera, sec, lines, "55.93", canal="135", day="2026-11-20")


def _desalineacion(demo: Demo) -> None:
    people, expected = demo.people, attended(_DESALINEACION)
    text = "Cargo fijo promocional S/ 49.90, precio de lista S/ 79.90"
    stories = [regularised("2026-08-18")] * 2
    sec, lines = demo.sale(people.hilo, MAX_79, "49.90", "2026-05-12", *stories, text=text)
    demo.row(expected, people.hilo, sec, lines, "49.90", waiting=True, day="2026-11-17")

    # Nothing in Descripción: the line's own charge shows what was offered.
    sec, lines = demo.sale(people.tambo, MAX_59, "42.90", "2026-03-25", regularised("2026-07-07"))
    demo.row(expected, people.tambo, sec, lines, "42.90", canal="135")

    # Put right twice; the ticket of the first time is closed and no obstacle to a new one.
    text = "Dcto 20% CF x 18 meses"
    stories = [regularised("2026-07-20", "2026-09-02")]
    sec, lines = demo.sale(people.hotel, MAX_99, "79.92", "2026-04-16", *stories, text=text)
    ruc = people.hotel["ruc"]
    demo.world.incident(sec, ruc, lines, "2026-08-14", status="Cerrado", charge="79.92")
    demo.row(expected, people.hotel, sec, lines, "79.92", named=True, escenario=_DESALINEACION)


def _postventa(demo: Demo) -> None:
    people, expected = demo.people, attended(Escenario.POSTVENTA)
    renewal = ("2026-08-03", "Renovación", "Renovación de equipo a pedido del cliente")
    sec, lines = demo.sale(people.nevado, MAX_99, "74.90", "2026-03-10", lost(renewal))
    demo.row(expected, people.nevado, sec, lines, "74.90", contact=1, canal="135")

    text = "Dscto especial 40% en el cargo fijo por 24 meses"
    swap = ("2026-09-14", "Reposición", "Reposición de SIM por pérdida")
    pause = ("2026-08-21", "Suspensión", "Suspensión temporal a solicitud del cliente")
    stories = [lost(swap), lost(swap), lost(pause)]
    sec, lines = demo.sale(
        people.colegio, MAX_59, "35.94", "2026-04-28", *stories, text=text, operation="Portabilidad"
    )
    demo.row(expected, people.colegio, sec, lines, "35.94", named=True)

    # The request of the first loss was attended to; this is the second.
    first = ("2026-06-09", "Suspensión", "Suspensión temporal a solicitud del cliente")
    second = ("2026-09-04", "Migración", "Migración de plataforma a pedido del cliente")
    sec, lines = demo.sale(people.bermejo, MAX_79, "59.90", "2026-02-19", lost(first, second))
    demo.world.nintex(
        demo.world.operador,
        sec,
        people.bermejo["ruc"],
        lines,
        "2026-06-15",
        request_type="Modificación de cargo fijo: beneficio perdido por postventa",
        charge="59.90",
        status="Atendido",
    )
    demo.row(expected, people.bermejo, sec, lines, "59.90", escenario=Escenario.POSTVENTA)


def _ventas(demo: Demo) -> None:
    people, expected = demo.people, attended(Escenario.VENTAS_CON_OFERTA)
    sec, lines = demo.sale(people.puente, MAX_59, "39.90", "2026-08-06", *[never_applied()] * 2)
    demo.row(
        expected,
        people.puente,
        sec,
        lines,
        "39.90",
        canal="135",
        evidence=[files.PDF_OFFER],
        origen_evidencia="CAE",
        oferta_vigente_hasta="31/12/2026",
    )

    # The address in the row is not the one that SIAC has for this contact.
    sec, lines = demo.sale(people.huaral, ILIMITADO_129, "99.90", "2026-09-01", never_applied())
    demo.row(
        expected,
        people.huaral,
        sec,
        lines,
        "99.90",
        contact=1,
        evidence=[files.MAIL, files.PDF_APPROVAL],
        origen_evidencia="DACE",
        aprobado_por="Gerencia de Ventas Corporativas",
        contacto_correo="ivan.pizarro@correo-personal.example",
        waiting=True,
    )

    sec, lines = demo.sale(
        people.clinica,
        MAX_99,
        "74.90",
        "2026-09-17",
        *[never_applied()] * 4,
        operation="Renovación",
    )
    demo.row(
        expected,
        people.clinica,
        sec,
        lines,
        "74.90",
        evidence=[files.PRICES],
        origen_evidencia="CAE",
        oferta_vigente_hasta="30/09/2026",
        escenario=Escenario.VENTAS_CON_OFERTA,
    )

    unsupported = ends(Estado.PENDIENTE_DE_APROBACION, escenario=APPROVAL_FOR)
    sec, lines = demo.sale(people.tambo, MAX_59, "29.90", "2026-08-20", never_applied())
    notes = "El vendedor lo ofreció por mensaje para cerrar la venta."
    demo.row(
        unsupported,
        people.tambo,
        sec,
        lines,
        "29.90",
        evidence=[files.CHAT],
        origen_evidencia="Cliente",
        observaciones=notes,
    )

    # The offer had ended before the sale.
    sec, lines = demo.sale(
        people.puente,
        MAX_79,
        "64.90",
        "2026-07-30",
        *[never_applied()] * 2,
        operation="Portabilidad",
    )
    demo.row(
        unsupported,
        people.puente,
        sec,
        lines,
        "64.90",
        canal="135",
        evidence=[files.PROPOSAL, files.CHAT],
        origen_evidencia="Cliente",
        oferta_vigente_hasta="30/06/2026",
        named=True,
    )


def _sin_evidencia(demo: Demo) -> None:
    people = demo.people
    expected = ends(Estado.PENDIENTE_DE_EVIDENCIA, Motivo.FALTA_EVIDENCIA)
    sec, lines = demo.sale(people.pesquera, MAX_59, "45.90", "2026-08-27", *[never_applied()] * 2)
    demo.row(expected, people.pesquera, sec, lines, "45.90", named=True)

    # Regularised, but to what? Nothing shows the charge that the row names.
    story = regularised("2026-07-22", listed=True)
    sec, lines = demo.sale(people.colegio, MAX_79, "54.90", "2026-05-06", story)
    demo.row(expected, people.colegio, sec, lines, "54.90", canal="135")


def _mixed_and_requested(demo: Demo) -> None:
    people, world = demo.people, demo.world
    text = "CF negociado S/ 69.90 mensual"
    stories = [never_applied(), regularised("2026-08-05")]
    sec, lines = demo.sale(people.nevado, MAX_99, "69.90", "2026-06-10", *stories, text=text)
    expected = to_advisor(Motivo.LINEAS_EN_DISTINTOS_ESCENARIOS)
    demo.row(expected, people.nevado, sec, lines, "69.90")

    text = "15% de descuento en CF"
    sec, lines = demo.sale(people.hilo, MAX_59, "50.92", "2026-07-02", never_applied(), text=text)
    expected = to_advisor(Motivo.ESCENARIO_NO_COINCIDE)
    demo.row(expected, people.hilo, sec, lines, "50.92", escenario=Escenario.POSTVENTA)

    text = "Dscto. 50% CF por 6 meses"
    stories = [never_applied()] * 2
    sec, lines = demo.sale(people.bermejo, MAX_59, "29.95", "2026-08-13", *stories, text=text)
    ruc = people.bermejo["ruc"]
    world.nintex(
        world.activaciones,
        sec,
        ruc,
        lines[1:],
        "2026-11-12",
        request_type="Modificación de cargo fijo: error de configuración",
        charge="29.95",
    )
    expected = to_advisor(Motivo.YA_SOLICITADO, _CONFIGURACION)
    demo.row(expected, people.bermejo, sec, lines, "29.95")

    text = "Se otorga CF S/ 89.90"
    story = regularised("2026-08-25")
    sec, lines = demo.sale(people.hotel, ILIMITADO_129, "89.90", "2026-06-24", story, text=text)
    ruc = people.hotel["ruc"]
    world.incident(sec, ruc, lines, "2026-11-09", charge="89.90")
    expected = to_advisor(Motivo.YA_SOLICITADO, _DESALINEACION)
    demo.row(expected, people.hotel, sec, lines, "89.90", canal="135")

    # Closed, but filed after the renewal that took the benefit away: asked for all the same.
    renewal = ("2026-09-08", "Renovación", "Renovación de equipo a pedido del cliente")
    sec, lines = demo.sale(people.clinica, MAX_79, "61.90", "2026-05-27", lost(renewal))
    ruc = people.clinica["ruc"]
    world.nintex(
        world.operador,
        sec,
        ruc,
        lines,
        "2026-11-04",
        request_type="Modificación de cargo fijo: beneficio perdido por postventa",
        charge="61.90",
        status="Atendido",
    )
    expected = to_advisor(Motivo.YA_SOLICITADO, Escenario.POSTVENTA)
    demo.row(expected, people.clinica, sec, lines, "61.90")


def _checks_of_the_sale(demo: Demo) -> None:
    people = demo.people
    text = "CF especial S/ 39.90"
    _, lines = demo.sale(people.tambo, MAX_59, "39.90", "2026-07-09", never_applied())
    demo.row(rejected(Motivo.SEC_NO_EXISTE), people.tambo, "45990017", lines, "39.90")

    sec, lines = demo.sale(people.hilo, MAX_59, "39.90", "2026-07-16", never_applied(), text=text)
    expected = rejected(Motivo.SEC_DE_OTRO_CLIENTE)
    demo.row(expected, people.tambo, sec, lines, "39.90", canal="135")

    sec, lines = demo.sale(
        people.puente,
        MAX_79,
        "59.90",
        "2026-06-18",
        never_applied(),
        text="CF especial S/ 59.90",
        operation="Cambio de plan",
    )
    demo.row(rejected(Motivo.OPERACION_NO_APLICA), people.puente, sec, lines, "59.90")

    stories = [applied] * 2
    text = "Cargo fijo especial: S/ 64.90 por línea"
    sec, lines = demo.sale(people.colegio, MAX_79, "64.90", "2026-06-11", *stories, text=text)
    demo.row(rejected(Motivo.YA_APLICADO), people.colegio, sec, lines, "64.90", canal="135")

    text = "Dscto S/ 20.00 en CF x 12 meses"
    story = regularised("2026-11-05")
    sec, lines = demo.sale(people.nevado, MAX_59, "39.90", "2026-08-19", story, text=text)
    demo.row(rejected(Motivo.REGULARIZACION_EN_CURSO), people.nevado, sec, lines, "39.90")


def _checks_of_the_client(demo: Demo) -> None:
    people = demo.people
    text = "Dscto. 25% sobre CF"
    stranger = {
        "ruc": demo_ruc(900),
        "executive": None,
        "contacts": [
            {
                "dni": "48120356",
                "name": "Gladys Inga Poma",
                "email": "gladys.inga@laestacion.example",
            }
        ],
    }
    for customer in (stranger, people.ferreteria, people.botica):
        sec, lines = demo.sale(customer, MAX_59, "44.93", "2026-07-23", never_applied(), text=text)
        demo.row(rejected(Motivo.CLIENTE_NO_APLICA), customer, sec, lines, "44.93")

    expected = rejected(Motivo.TITULARIDAD_NO_VALIDADA)
    sec, lines = demo.sale(people.hotel, MAX_59, "44.93", "2026-08-04", never_applied(), text=text)
    demo.row(
        expected,
        people.hotel,
        sec,
        lines,
        "44.93",
        canal="135",
        contacto="Wilfredo Sánchez Roca",
        contacto_dni="70112233",
        contacto_correo="wsanchez@killawasi.example",
    )
    sec, lines = demo.sale(
        people.pesquera, MAX_59, "44.93", "2026-08-10", never_applied(), text=text
    )
    with_another = [*lines, demo.world.number_without_line()]
    demo.row(expected, people.pesquera, sec, with_another, "44.93")

    expected = rejected(Motivo.LINEA_NO_APLICA)
    stories = [never_applied(), never_applied(status="Suspendida")]
    sec, lines = demo.sale(people.huaral, MAX_59, "44.93", "2026-08-12", *stories, text=text)
    demo.row(expected, people.huaral, sec, lines, "44.93", canal="135")
    _, others = demo.sale(people.huaral, MAX_59, "44.93", "2026-08-14", never_applied(), text=text)
    demo.row(expected, people.huaral, sec, [lines[0], *others], "44.93", day="2026-11-19")

    expected = to_advisor(Motivo.PLAN_DISTINTO)
    stories = [never_applied(plan=MAX_99.name)]
    sec, lines = demo.sale(people.clinica, MAX_59, "44.93", "2026-07-28", *stories, text=text)
    demo.row(expected, people.clinica, sec, lines, "44.93")


def _checks_of_the_offer(demo: Demo) -> None:
    people = demo.people
    for customer, text, motivo in (
        (people.hilo, "Cliente pide mejora, ver acuerdo con gerencia", Motivo.OFERTA_ILEGIBLE),
        (people.tambo, "Dscto. 25% CF / CF S/ 39.90", Motivo.OFERTA_ILEGIBLE),
        (people.colegio, "CF especial S/ 42.90 (antes S/ 59.90)", Motivo.OFERTA_NO_COINCIDE),
    ):
        sec, lines = demo.sale(customer, MAX_59, "39.90", "2026-08-24", never_applied(), text=text)
        demo.row(to_advisor(motivo), customer, sec, lines, "39.90")


def _invalid(demo: Demo) -> None:
    people, expected = demo.people, ends(Estado.DATO_INVALIDO)
    _, lines = demo.sale(people.nevado, MAX_59, "39.90", "2026-09-10", never_applied())
    demo.row(
        expected,
        people.nevado,
        "45O12999",
        [lines[0], "98765432"],
        "39.90",
        ruc="20990001018",
        contacto_dni="0765432",
        fecha_solicitud="30/11/2026",
    )
    sec, lines = demo.sale(people.bermejo, MAX_79, "59.90", "2026-09-11", never_applied())
    demo.row(
        expected,
        people.bermejo,
        sec,
        lines,
        "gratis",
        ruc="2.06E+10",
        evidence=[f"{files.FOLDER}/contrato_firmado.pdf"],
        origen_evidencia="Ventas",
    )
    sec, lines = demo.sale(people.puente, MAX_59, "39.90", "2026-09-12", never_applied())
    demo.row(
        expected,
        people.puente,
        sec,
        lines,
        "39.90",
        canal="WhatsApp",
        contacto_correo="jramos.puentecolgante.example",
        evidence=[files.PDF_OFFER],
    )


def _other_peoples_work(demo: Demo) -> None:
    """What else the portals hold, so that nothing is the only one in its list."""
    world, customer = demo.world, demo.people.huaral
    fleet = [line["number"] for line in world.lines if line["ruc"] == customer["ruc"]]
    for serial in range(14):
        sec, line = str(44_700_100 + 13 * serial), fleet[20 + serial]
        day = date.fromordinal(date.fromisoformat(TODAY).toordinal() - 9 - 3 * serial).isoformat()
        status = "Cerrado" if serial % 3 == 0 else "Registrado"
        world.siac_case(sec, customer["ruc"], [line], day, status=status)
        done = "Atendido" if serial % 2 else "Pendiente"
        for library, kind in (
            (world.activaciones, "Modificación de cargo fijo: error de configuración"),
            (world.operador, "Modificación de cargo fijo: venta con oferta vigente"),
        ):
            world.nintex(
                library,
                sec,
                customer["ruc"],
                [line],
                day,
                request_type=kind,
                charge="35.90",
                status=done,
            )
        closed = "Cerrado" if serial % 2 else "Asignado"
        world.incident(sec, customer["ruc"], [line], day, status=closed, charge="35.90")
