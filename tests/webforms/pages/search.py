"""Consulta de SEC, and the windows that open from it."""

from __future__ import annotations

from decimal import Decimal

from pages.contract.records import Record
from pages.contract.text import amount
from pages.core.aspnet import AspNetPage, cascade
from pages.core.choices import choice
from pages.core.elements import button, field, shown, text, titled
from pages.core.grid import headed
from pages.core.paged import paged
from pages.core.tabs import tab
from pages.core.tabular import Column
from tests.webforms.pages.frames import WorkPage


class SecRow(Record):
    numero: str
    ruc: str
    razon: str
    estado: str
    cargo: Decimal


class Evaluation(Record):
    numero: str
    ruc: str
    razon: str
    estado: str
    persona: str
    plan: str
    cargo: Decimal
    lineas: tuple[str, ...]
    eventos: tuple[str, ...]


class LineDetail(Record):
    linea: str
    plan: str
    cargo: Decimal
    observacion: str
    recibos: tuple[Decimal, ...]


class SearchPage(WorkPage):
    """The search in an UpdatePanel, with an overlay while it works."""

    title = "Consulta de SEC"
    branch = "Evaluación"
    ready = titled("Consulta de SEC")
    numero = field("N° de SEC")
    ruc = field("RUC")
    departamento = cascade("Departamento")
    provincia = choice("Provincia")
    buscar = button("Buscar")
    limpiar = button("Limpiar")
    resultado = (
        paged(
            "resultado de la consulta",
            numero="N° de SEC",
            ruc="RUC",
            razon="Razón social",
            estado="Estado",
            cargo=Column("Cargo fijo", amount),
        )
        .by_headers()
        .telling(empty=text("No se encontraron registros"))
    )

    async def search(self, numero: str = "", ruc: str = "") -> tuple[SecRow, ...]:
        await self.numero.fill(numero)
        await self.ruc.fill(ruc)
        async with self.postback():
            await self.buscar.click()
        return tuple(SecRow(**row) for row in await self.resultado.all_rows())


class EvaluationWindow(AspNetPage):
    """The evaluation, whose tabs are an asp:Menu over a MultiView."""

    title = "Datos de la evaluación"
    ready = titled("Datos de la evaluación")
    numero = shown("N° de SEC")
    ruc = shown("RUC")
    razon = shown("Razón social")
    estado = shown("Estado")
    persona = shown("Tipo de persona")
    plan = shown("Plan tarifario")
    cargo = shown("Cargo fijo", amount)
    generales_tab = tab("Datos generales")
    lineas_tab = tab("Líneas")
    oferta_tab = tab("Oferta")
    historial_tab = tab("Historial")
    lineas = paged("líneas", linea="Línea").by_headers()
    historial = paged("historial", fecha="Fecha", evento="Evento").by_headers()

    async def read(self) -> Evaluation:
        names = ("numero", "ruc", "razon", "estado", "persona")
        generales = await self.texts(*names)
        await self.lineas_tab.open()
        lineas = [row["linea"] for row in await self.lineas.all_rows()]
        await self.oferta_tab.open()
        plan, cargo = await self.plan.read(), amount(await self.cargo.read())
        await self.historial_tab.open()
        eventos = [row["evento"] for row in await self.historial.all_rows()]
        return Evaluation(
            **generales, plan=plan, cargo=cargo, lineas=tuple(lineas), eventos=tuple(eventos)
        )


class LineWindow(AspNetPage):
    """A line's detail, in the Toolkit's TabContainer."""

    title = "Detalle de línea"
    ready = tab("Datos")
    linea = shown("Línea")
    plan = shown("Plan tarifario")
    cargo = shown("Cargo fijo", amount)
    observacion = shown("Observación")
    facturacion_tab = tab("Facturación")
    recibos = headed("recibos", periodo="Período", monto=Column("Monto", amount))

    async def read(self) -> LineDetail:
        datos = await self.fields_of(LineDetail)
        await self.facturacion_tab.open()
        recibos = tuple(row["monto"] for row in await self.recibos.rows())
        return LineDetail(**datos, recibos=recibos)
