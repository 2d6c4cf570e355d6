"""The same work in plain Playwright, as an engineer writes it who knows these portals by heart.

``python -m tests.benchmarks.plain ORDERS`` does one-line cases of `ACTIVACIONES_CONFIGURACION` and
nothing else: no other ending, no fault, no other layout, no second run. It is what the robot's cost
is measured against (see ``case_cost``), so it may become faster and never slower.
"""

from __future__ import annotations

import asyncio
import json
import re
import smtplib
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    Dialog,
    Frame,
    FrameLocator,
    Locator,
    Page,
    Response,
    async_playwright,
)

LIBRARY = "/dir/operacionescomerciales/Activaciones"
LIST = f"{LIBRARY}/_layouts/15/start.aspx#/BuzonActivaciones/Forms/AllItems.aspx"
#: a page that has just been replaced has no manager yet
IDLE = "() => self.Sys && !Sys.WebForms.PageRequestManager.getInstance().get_isInAsyncPostBack()"
#: what stands beside a label that is in sight; SISACT's have invisible characters in them
BESIDE = """
  const clean = (text) => text.replace(/[\\u200b\\u200c\\ufeff\\u00ad]/g, '')
    .replace(/[\\s\\u00a0]+/g, ' ').trim();
  const beside = (label) => [...document.querySelectorAll('td, th, dt, label')].find((e) =>
    e.getClientRects().length > 0 && clean(e.textContent).replace(/ ?:$/, '') === label
  ).nextElementSibling;
  const boxIn = (e) => e.matches('input, textarea') ? e : e.querySelector('input, textarea');
"""
VALUES = f"""(labels) => {{ {BESIDE} return labels.map((label) => {{
  const value = beside(label), box = boxIn(value);
  return clean(box ? box.value : value.textContent);
}}); }}"""
FIELD = f"(label) => {{ {BESIDE} return boxIn(beside(label)); }}"
ROWS = """(table) => [...table.tBodies].flatMap((body) => [...body.rows]).map((row) =>
  [...row.cells].map((cell) => (cell.querySelector('input') || {value: cell.innerText}).value))"""


@dataclass(frozen=True)
class Order:
    """A case, and what a person would type for it."""

    reference: str
    requested: str
    sec: str
    ruc: str
    line: str
    charge: str
    contact: str
    dni: str
    channel: str

    def detail(self, description: str, charge: str, invoice: Sequence[str]) -> str:
        period, billed = invoice
        return (
            f"Descripción indica un cargo fijo de S/ {self.charge}. Línea {self.line}: su cargo "
            f"actual es {charge} y su última factura ({period}, {billed}), frente a "
            f"S/ {self.charge} ofrecido. La SEC registra la oferta y no se aplicó."
        )


@dataclass(frozen=True)
class Places:
    sisact: str
    siac: str
    nintex: str
    smtp: int
    executable: str | None
    arguments: tuple[str, ...]


async def _yes(dialog: Dialog) -> None:
    await dialog.accept()


async def posted(page: Page, work: Frame, path: str, act: Callable[[], Awaitable[object]]) -> None:
    """A postback to its end, in part or whole."""

    def is_answer(response: Response) -> bool:
        return path in response.url and response.request.method == "POST"

    async with page.expect_response(is_answer):
        await act()
    await work.wait_for_function(IDLE)


async def opened(context: BrowserContext, part: str, act: Callable[[], Awaitable[object]]) -> Page:
    """The new window with this in its address; another may open it."""
    before = set(context.pages)
    async with asyncio.timeout(30):
        await act()
        while True:
            for window in set(context.pages) - before:
                if part in window.url:
                    return window
            await asyncio.sleep(0.02)


async def values(place: Page | Frame, *labels: str) -> list[str]:
    found: list[str] = await place.evaluate(VALUES, labels)
    return found


async def grid(place: Page | Frame, caption: str) -> list[list[str]]:
    """Its rows once it is filled."""
    table = place.locator(
        "table[aria-busy=false]", has=place.locator(f"caption:text-is('{caption}')")
    )
    rows: list[list[str]] = await table.evaluate(ROWS)
    return rows


class Frames:
    """A portal of frames, with a login before them and a way out in the topmost."""

    work: Frame

    def __init__(self, page: Page) -> None:
        self.page = page
        page.on("dialog", _yes)

    async def enter(self, url: str) -> None:
        await self.page.goto(url)
        await self.page.get_by_label("Usuario").fill("robot")
        await self.page.get_by_label("Contraseña").fill("robot")
        await self.page.get_by_role("button", name="Ingresar").click()

    async def in_work(self, shown: Callable[[Frame], Locator]) -> None:
        """Wait for the frame of the work, and what it shows."""
        # attached before it has its document, which tells its name
        async with asyncio.timeout(30):
            while True:
                if work := self.page.frame(name="trabajo"):
                    break
                await asyncio.sleep(0.02)
        self.work = work
        await shown(work).wait_for()

    async def leave(self, head: str, outside: Locator) -> None:
        await self.page.frame_locator(head).get_by_role("link", name="Cerrar sesión").click()
        await outside.wait_for()


class Sisact(Frames):
    async def log_in(self, url: str) -> None:
        await self.enter(url)
        menu = self.page.frame_locator("frame[name=menu]")
        await menu.get_by_role("link", name="Evaluación", exact=True).click()
        await menu.get_by_role("link", name="Consulta de SEC").click()
        await self.in_work(lambda work: work.get_by_role("button", name="Buscar"))

    async def log_out(self) -> None:
        login = self.page.get_by_role("button", name="Ingresar")
        await self.leave("frame[name=cabecera]", login)

    async def read(self, sec: str, picture: Path) -> tuple[list[str], str]:
        number = (await self.work.evaluate_handle(FIELD, "N° de SEC")).as_element()
        assert number is not None
        await number.fill(sec)
        await self.work.get_by_role("button", name="Buscar").click()
        found = self.work.get_by_role("row").filter(has_text=sec).get_by_role("link", name="Ver")
        window = await opened(self.page.context, "DatosEvaluacion.aspx", found.click)
        tab = window.locator("[data-tab=Descripcion]")
        await tab.wait_for()
        data = await values(window, "RUC", "Razón social", "Campaña", "Cargo fijo de lista")
        await tab.click()
        offer = window.locator("textarea[readonly]").filter(visible=True)
        description = await offer.input_value()
        await window.screenshot(path=picture)
        await window.close()
        return data, description


class Siac(Frames):
    async def log_in(self, url: str) -> None:
        await self.enter(url)
        self.menu = self.page.frame_locator("frame[title='Menú']")
        await self.menu.get_by_role("link", name="Bandeja de casos").wait_for()
        await self.in_work(lambda work: work.get_by_role("heading", name="Bienvenido"))

    async def log_out(self) -> None:
        goodbye = self.page.get_by_role("link", name="Ingresar")
        await self.leave("frame[title='Cabecera']", goodbye)

    def labelled(self, label: str) -> Locator:
        words = "".join(r"\s\u200b?" if c == " " else rf"{c}\u200b?" for c in label)
        name = re.compile(rf"^{words}\s*:?\s*$")
        return self.work.get_by_label(name).filter(visible=True)

    async def open(self, entry: str) -> None:
        await self.menu.get_by_role("link", name=entry).click()
        await self.work.get_by_role("heading", name=entry).wait_for()

    async def post(self, path: str, act: Callable[[], Awaitable[object]]) -> None:
        await posted(self.page, self.work, path, act)

    async def press(self, path: str, button: str) -> None:
        await self.post(path, self.work.get_by_role("button", name=button).click)

    async def read(self, order: Order) -> tuple[list[str], list[list[str]], str, list[list[str]]]:
        """The executive and the contacts; the line's charge and its invoices."""
        await self.open("Consulta de cliente")
        await self.labelled("RUC").fill(order.ruc)
        await self.press("ConsultaCliente", "Buscar")
        executive = await values(self.work, "Ejecutivo", "Correo del ejecutivo")
        table = self.work.locator(
            "table", has=self.work.locator("caption:text-is('Contactos autorizados')")
        )
        contacts: list[list[str]] = await table.evaluate(ROWS)
        see = self.work.get_by_title(f"Ver detalle de la línea {order.line}")
        window = await opened(self.page.context, "DetalleLinea.aspx?linea", see.click)
        window.on("dialog", _yes)
        await window.get_by_role("tab", name="Datos").wait_for()
        number, charge = await values(window, "N° de línea", "Cargo fijo actual")
        assert number == order.line
        await window.get_by_role("tab", name="Historial").click()
        history = await grid(window, "Historial de la línea")
        assert history
        await window.get_by_role("tab", name="Facturación").click()
        invoices = await grid(window, "Recibos emitidos")
        await window.close()
        return executive, contacts, charge, invoices

    async def cases(self, sec: str) -> list[list[str]]:
        await self.open("Consulta de casos")
        await self.labelled("SEC o referencia").fill(sec)
        await self.press("ConsultaCasos", "Buscar")
        return [row for row in await grid(self.work, "Casos encontrados") if len(row) > 1]

    async def register(self, order: Order, campaign: str, detail: str) -> str:
        await self.open("Registrar caso")
        work, path = self.work, "RegistrarCaso"
        await self.post(path, lambda: self.labelled("Tipo").select_option("Reclamo/Variaciones"))
        await self.post(path, lambda: self.labelled("Clase").select_option("Cargo fijo"))

        async def client() -> None:
            await self.labelled("RUC del cliente").fill(order.ruc)
            await self.labelled("RUC del cliente").blur()

        await self.post(path, client)
        await self.labelled("Subclase").select_option(
            await work.get_by_role("option", name="(ACTIVACIONES_CONFIGURACION)").inner_text()
        )
        await self.labelled("Canal de atención").select_option(order.channel)
        await self.labelled("Cola de derivación").select_option("Variaciones Corporativas")
        for label, text in {
            "N° de SEC": order.sec,
            "Líneas afectadas": order.line,
            "Contacto": order.contact,
            "DNI del contacto": order.dni,
            "Campaña ofrecida": campaign,
            "Cargo fijo ofrecido": order.charge,
            "Referencia externa": order.reference,
            "Detalle del caso": detail,
        }.items():
            await self.labelled(label).fill(text)
        await work.get_by_role("button", name="Registrar").click()
        await work.get_by_role("heading", name="Caso registrado").wait_for()
        (number,) = await values(work, "N° de caso generado")
        return number

    async def take(self, number: str) -> None:
        await self.open("Bandeja de casos")
        queue = self.labelled("Cola")
        await self.post("Bandeja", lambda: queue.select_option("Variaciones Corporativas"))
        await self.labelled("N° de caso").fill(number)
        await self.press("Bandeja", "Filtrar")
        row = self.work.get_by_role("row").filter(has_text=number)
        await row.get_by_role("button", name="Tomar caso").click()
        await self.work.get_by_role("heading", name=f"Caso N° {number}").wait_for()

    async def close(self, resolution: str) -> None:
        await self.labelled("Tipo de resolución").select_option("Solicitud registrada")
        await self.labelled("Texto de la resolución").fill(resolution)
        await self.work.get_by_role("button", name="Cerrar caso").click()
        # not just "correctamente": on a slow portal that is still what taking the case has said
        await self.work.get_by_role("status").filter(has_text="Los datos se guardaron").wait_for()

    async def note(self, text: str) -> None:
        add = self.work.get_by_role("button", name="Agregar nota")
        window = await opened(self.page.context, "Nota.aspx", add.click)
        await window.get_by_label("Nueva nota").fill(text)
        await window.get_by_role("button", name="Guardar nota").click()
        await self.work.get_by_role("cell", name=text).wait_for()


class Nintex:
    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self.host = host

    async def log_in(self) -> None:
        await self.page.goto(f"{self.host}{LIST}")

    async def log_out(self) -> None:
        await self.page.goto(f"{self.host}{LIBRARY}/_layouts/15/SignOut.aspx")

    async def requests(self, sec: str) -> int:
        box = self.page.get_by_title("Buscar un elemento")
        table = self.page.locator("table.ms-listviewtable[aria-busy=false]")
        await table.wait_for()
        await box.fill(sec)
        await box.press("Enter")
        status = self.page.get_by_role("status").filter(has_text=f"Resultados de «{sec}»")
        await status.wait_for()
        await table.wait_for()
        return await table.locator("a.ms-listlink").count()

    async def file(self, texts: dict[str, str], executive: str, order: Order, picture: Path) -> str:
        await self.page.locator("#Hero-WPQ1 a.ms-heroCommandLink").click()
        form = self.page.frame_locator("div.ms-dlgContent iframe.ms-dlgFrame")
        save = form.get_by_role("button", name="Guardar")
        await form.locator("button.nf-save:enabled").wait_for()
        kind = self._control(form, "TipoSolicitud")
        await kind.select_option(label="Modificación de cargo fijo: error de configuración")
        for name, text in texts.items():
            control = self._control(form, name)
            await control.fill(text)
            await control.dispatch_event("change")
            if name == "FechaSolicitud":
                await control.press("Tab")
        person = form.locator(".nf-filler-control[data-controlname=Ejecutivo]")
        await person.locator("input").fill(executive)
        await person.locator(".ms-core-menu-label", has_text=executive).click()
        row = form.locator(".nf-repeater-row:not(.nf-repeater-row-hidden)")
        for name, text in {"Linea": order.line, "CargoLinea": order.charge}.items():
            cell = row.locator(f"[data-controlname={name}] .nf-associated-control")
            await cell.fill(text)
            await cell.dispatch_event("change")
        async with self.page.expect_file_chooser() as chooser:
            await form.locator(".nf-attachmentsLink").click()
        await (await chooser.value).set_files(picture)
        await save.click()
        await self.page.locator("div.ms-dlgContent").wait_for(state="detached")
        # the list is drawn anew, still of the search before; the notice may not tell the number
        row = self.page.locator("tr.ms-itmhover", has_text=order.reference)
        return await row.locator("td").first.inner_text()

    @staticmethod
    def _control(form: FrameLocator, name: str) -> Locator:
        return form.locator(
            f".nf-filler-control[data-controlname={name}] .nf-associated-control"
        ).filter(visible=True)


@dataclass
class Seat:
    sisact: Sisact
    siac: Siac
    nintex: Nintex
    smtp: int
    folder: Path

    async def work(self, order: Order) -> None:
        picture = self.folder / order.sec / "descripcion.png"
        picture.parent.mkdir(parents=True)
        (ruc, name, campaign, listed), description = await self.sisact.read(order.sec, picture)
        assert ruc == order.ruc
        assert order.charge in description
        (executive, _), contacts, charge, invoices = await self.siac.read(order)
        (address,) = [row[2] for row in contacts if row[0] == order.dni]
        assert not await self.siac.cases(order.sec)
        assert not await self.nintex.requests(order.sec)
        detail = order.detail(description, charge, max(invoices, key=lambda row: row[0][3:]))
        case = await self.siac.register(order, campaign, detail)
        await self.siac.take(case)
        texts = {
            "Escenario": "ACTIVACIONES_CONFIGURACION",
            "Referencia": order.reference,
            "CasoSIAC": case,
            "FechaSolicitud": order.requested,
            "SEC": order.sec,
            "RUC": ruc,
            "RazonSocial": name,
            "Campana": campaign,
            "CargoLista": listed.removeprefix("S/ "),
            "CargoOfrecido": order.charge,
            "Detalle": detail,
        }
        number = await self.nintex.file(texts, executive, order, picture)
        await self.siac.close(
            f"Solicitud {number} registrada en NINTEX Activaciones. {order.reference}"
        )
        await asyncio.to_thread(self.send, order, address, case, number)
        note = "Correo de respuesta enviado al contacto autorizado."
        await self.siac.note(f"{note} [{order.reference} respuesta]")

    def send(self, order: Order, address: str, case: str, number: str) -> None:
        message = EmailMessage()
        message["From"], message["To"] = "robot@cargofijo.example", address
        message["Subject"] = (
            f"Su solicitud de modificación de cargo fijo ha sido atendida - Caso {case}"
        )
        message.set_content(f"Estimado(a) {order.contact}:\n\nSolicitud {number}, caso {case}.\n")
        with smtplib.SMTP("127.0.0.1", self.smtp) as server:
            server.send_message(message)


async def seated(browser: Browser, places: Places, folder: Path) -> Seat:
    # NTLM alone asks for credentials, and they make every request of their context dearer
    window: BrowserContext = await browser.new_context(viewport={"width": 1366, "height": 900})
    ntlm = await browser.new_context(
        viewport={"width": 1366, "height": 900},
        http_credentials={"username": "CLARO\\robot", "password": "robot"},
    )
    sisact, siac = Sisact(await window.new_page()), Siac(await window.new_page())
    nintex = Nintex(await ntlm.new_page(), places.nintex)
    await asyncio.gather(sisact.log_in(places.sisact), siac.log_in(places.siac), nintex.log_in())
    return Seat(sisact, siac, nintex, places.smtp, folder)


async def run(orders: Sequence[Order], places: Places, seats: int, folder: Path) -> None:
    left = list(reversed(orders))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=places.executable, args=list(places.arguments)
        )

        async def shift() -> None:
            seat = await seated(browser, places, folder)
            while left:
                await seat.work(left.pop())
            await asyncio.gather(seat.sisact.log_out(), seat.siac.log_out(), seat.nintex.log_out())

        await asyncio.gather(*(shift() for _ in range(seats)))
        await browser.close()


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    orders = [Order(**order) for order in given["orders"]]
    places = Places(**given["places"])
    asyncio.run(run(orders, places, given["seats"], Path(given["folder"])))


if __name__ == "__main__":
    main()
