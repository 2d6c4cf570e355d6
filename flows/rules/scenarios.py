"""The guide's scenarios, and all that depends on which of them a case falls into. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, assert_never

from pages.contract.siac import POR_DETERMINAR


class Sistema(StrEnum):
    """Where a request is filed."""

    NINTEX_ACTIVACIONES = "NINTEX Activaciones"
    NINTEX_OPERADOR = "NINTEX operador"
    REMEDY = "Remedy"


class Scenario(NamedTuple):
    """One row of the table.

    ``por_factura``: its ground is what was billed, so that the lines' history and invoices go with
    the request.
    ``nombre`` is what people read in reports; ``tipo_solicitud`` the *Tipo de solicitud* of the
    NINTEX forms, empty for a Remedy ticket, which has none; ``subclase`` what SIAC Único classifies
    the case as, without the code that it shows behind it; ``mala_practica`` whether the sale itself
    was one.
    """

    sistema: Sistema
    nombre: str
    tipo_solicitud: str
    subclase: str
    mala_practica: bool = False
    por_factura: bool = False


class Escenario(StrEnum):
    """The guide's three scenarios with their subdivisions."""

    ACTIVACIONES_CONFIGURACION = "ACTIVACIONES_CONFIGURACION"
    ACTIVACIONES_DESALINEACION = "ACTIVACIONES_DESALINEACION"
    VENTAS_CON_OFERTA = "VENTAS_CON_OFERTA"
    VENTAS_SIN_OFERTA = "VENTAS_SIN_OFERTA"
    POSTVENTA = "POSTVENTA"

    @property
    def sistema(self) -> Sistema:
        return _row(self).sistema

    @property
    def nombre(self) -> str:
        return _row(self).nombre

    @property
    def tipo_solicitud(self) -> str:
        return _row(self).tipo_solicitud

    @property
    def mala_practica(self) -> bool:
        return _row(self).mala_practica

    @property
    def por_factura(self) -> bool:
        return _row(self).por_factura


def subclase_of(escenario: Escenario | None) -> str:
    """The *Subclase* to choose in SIAC Único; None is a case that waits for evidence."""
    return f"{_row(escenario).subclase} ({escenario})" if escenario else POR_DETERMINAR


def request_types() -> dict[Escenario, str]:
    """The *Tipo de solicitud* of each that NINTEX has one for."""
    return {one: one.tipo_solicitud for one in Escenario if one.tipo_solicitud}


def _row(escenario: Escenario) -> Scenario:
    match escenario:
        case Escenario.ACTIVACIONES_CONFIGURACION:
            return Scenario(
                Sistema.NINTEX_ACTIVACIONES,
                nombre="Activaciones: error de configuración",
                tipo_solicitud="Modificación de cargo fijo: error de configuración",
                subclase="Activaciones - error de configuración",
            )
        case Escenario.ACTIVACIONES_DESALINEACION:
            return Scenario(
                Sistema.REMEDY,
                nombre="Activaciones: desalineación de la línea",
                tipo_solicitud="",
                subclase="Activaciones - desalineación de la línea",
                por_factura=True,
            )
        case Escenario.VENTAS_CON_OFERTA:
            return Scenario(
                Sistema.NINTEX_OPERADOR,
                nombre="Ventas: con oferta vigente o aprobada",
                tipo_solicitud="Modificación de cargo fijo: venta con oferta vigente",
                subclase="Ventas - con oferta vigente o negociada",
            )
        case Escenario.VENTAS_SIN_OFERTA:
            return Scenario(
                Sistema.NINTEX_OPERADOR,
                nombre="Ventas: sin oferta vigente",
                tipo_solicitud="Modificación de cargo fijo: venta sin oferta vigente "
                "(mala práctica)",
                subclase="Ventas - sin oferta vigente",
                mala_practica=True,
            )
        case Escenario.POSTVENTA:
            return Scenario(
                Sistema.NINTEX_OPERADOR,
                nombre="Postventa: beneficio perdido",
                tipo_solicitud="Modificación de cargo fijo: beneficio perdido por postventa",
                subclase="Postventa - pérdida del beneficio",
                por_factura=True,
            )
    assert_never(escenario)
