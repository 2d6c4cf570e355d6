"""Pages that only show: every grid, and every layout of labels and values."""

from __future__ import annotations

from decimal import Decimal

from pages.contract.records import Record
from pages.contract.text import amount
from pages.core.choices import choice
from pages.core.controls import checkbox, checklist, radio
from pages.core.elements import button, field, shown, titled
from pages.core.grid import headed
from pages.core.paged import paged
from pages.core.tabular import Column
from tests.webforms.pages.frames import WorkPage

_SEC = {"numero": "N° de SEC", "ruc": "RUC"}


class GridsPage(WorkPage):
    """A grid of each kind, with 23 records or none."""

    title = "Grillas"
    branch = "Reportes"
    ready = titled("Grillas")
    numerica = paged("Numérica", **_SEC)
    extremos = paged("Numérica con extremos", **_SEC)
    siguiente = paged("Siguiente y anterior", **_SEC)
    cuatro = paged("Primera y última", **_SEC)
    doble = paged("Arriba y abajo", **_SEC)
    una = paged("Una columna", linea="Línea")
    td = headed("contratos", numero="N° de contrato", plan="Plan")
    datagrid = paged("órdenes", numero="N° de orden", fecha="Fecha").by_headers()
    datagrid_th = paged(
        "recibos", numero="N° de recibo", monto=Column("Monto", amount)
    ).by_headers()
    datagrid_siguiente = paged("notas", numero="N° de nota", emision="Emisión").by_headers()
    vacia = paged("Vacía", **_SEC)
    vacia_con_cabecera = paged("Vacía con cabecera", **_SEC)
    vacia_de_una = paged("Vacía de una columna", linea="Línea")


class Client(Record):
    codigo: str
    nombre: str
    zona: str
    cartera: str
    segmento: str
    representante: str
    correo: str
    telefono: str
    postal: str
    distrito: str
    contratos: str
    recibe_correo: str
    vigente: str
    persona: str
    canales: str
    productos: str
    alta: str
    deuda: Decimal
    observacion: str
    ejecutivo: str
    anexo: str
    sede: str
    piso: str
    contacto: str
    alterno: str


class ClientPage(WorkPage):
    """Labels and values as such pages lay them out."""

    title = "Ficha de cliente"
    branch = "Reportes"
    ready = titled("Ficha de cliente")
    codigo = shown("Código")
    nombre = shown("Nombre comercial")
    zona = shown("Zona")
    cartera = shown("Cartera")
    segmento = shown("Segmento")
    representante = shown("Representante")
    correo = shown("Correo")
    telefono = shown("Teléfono")
    postal = shown("Código postal")
    distrito = shown("Distrito")
    contratos = shown("N° de contratos")
    recibe_correo = shown("Recibe correo")
    vigente = shown("Vigente")
    persona = shown("Persona")
    canales = shown("Canales")
    productos = shown("Productos")
    alta = shown("Alta")
    deuda = shown("Deuda (S/)", amount)
    observacion = shown("Observación")
    ejecutivo = shown("Ejecutivo")
    anexo = shown("Anexo")
    sede = shown("Sede")
    piso = shown("Piso")
    contacto = shown("Contacto principal")
    alterno = shown("Contacto alterno")

    documento_tipo = choice("Documento")
    documento = field("Documento")
    persona_elegida = radio("Persona")
    vigente_marcado = checkbox("Vigente")
    canales_marcados = checklist("Canales")
    calendario = button("Calendario")
