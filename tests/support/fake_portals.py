"""Fakes of the four portals, in memory, from the same world file as the mock portals.

They keep what they hold in the shape of the mock portals' ``/state``. What goes wrong is told them
beforehand, a `Trouble` for each write or reading in turn; time is counted in what is asked of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import pickle
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar

from flows.mail.mail_error import MailError, MailRefused, MailUnavailable, MailUncertain
from pages.contract.errors import (
    FormAltered,
    FormRefused,
    PersonUnclear,
    PortalDown,
    SessionLost,
    SubmitWithheld,
    WriteUncertain,
)
from pages.contract.missing import PageLook
from pages.contract.nintex import NintexDraft, NintexRequest, Site
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT, Lease, LinePicture, Sending
from pages.contract.records import Record
from pages.contract.remedy import Incident, IncidentDraft
from pages.contract.siac import (
    CaseDraft,
    ClientRecord,
    Contact,
    Executive,
    HistoryEntry,
    Invoice,
    LineRecord,
    QueuedCase,
    SiacCase,
)
from pages.contract.sisact import SecRecord
from pages.contract.surface import Surface

T = TypeVar("T")

USER = "robot"
QUEUE = "Variaciones Corporativas"


class Died(BaseException):
    """The process is gone, as if killed: nothing of ours may catch it."""


class Trouble(Enum):
    """What becomes of one write, from the press on, or of one reading."""

    NONE = auto()
    #: before anybody is asked, after the yes, and after the portal has done it
    DIES_BEFORE, DIES_AGREED, DIES_DONE = auto(), auto(), auto()
    #: the portal does it later, and the process is gone by then
    DIES_LATE = auto()
    #: nothing is done, and an error answers, or the form's own words
    REFUSED, FORM_REFUSES = auto(), auto()
    #: it is done, and nobody hears of it
    LOST = auto()
    #: it is done some looks later, and an error answers at once
    LATE = auto()
    #: the browser itself sends it a second time
    DOUBLED = auto()
    #: of a reading: the session is over, or the portal is down
    SESSION_ENDS, DOWN = auto(), auto()


def _copied(held: dict[str, Any]) -> dict[str, Any]:
    """As `copy.deepcopy` would, four times as fast."""
    copied: dict[str, Any] = pickle.loads(pickle.dumps(held))
    return copied


class FakePortals:
    """The pool of sessions and the portals in one; ``late`` is how many questions a late write
    lets pass, and ``spoil`` what a portal does by itself to a record that is made."""

    def __init__(
        self,
        world: dict[str, Any],
        *,
        writes: Iterable[Trouble] = (),
        readings: Iterable[Trouble] = (),
        late: int = 1,
        spoil: Callable[[dict[str, Any]], object] = lambda record: None,
    ) -> None:
        held = _copied(world)
        self.today = date.fromisoformat(held["today"])
        self.customers = {c["ruc"]: c for c in held.get("customers", ())}
        self.secs = {s["number"]: s for s in held.get("secs", ())}
        self.lines = {line["number"]: line for line in held.get("lines", ())}
        self.cases: list[dict[str, Any]] = [
            _CASE | c for c in held.get("siac", {}).get("cases", ())
        ]
        nintex = held.get("nintex", {})
        self.requests: dict[Site, list[dict[str, Any]]] = {
            Site.ACTIVACIONES: [_REQUEST | r for r in nintex.get("activaciones", ())],
            Site.OPERADOR: [_REQUEST | r for r in nintex.get("operador", ())],
        }
        self.incidents: list[dict[str, Any]] = [
            _REQUEST | i for i in held.get("remedy", {}).get("incidents", ())
        ]
        self.directory: list[dict[str, Any]] = held.get("directory", [])
        #: whether NINTEX's form must have an executive
        self.needs_executive = False
        self.writes, self.readings = iter(writes), iter(readings)
        self.late = late
        self.spoil = spoil
        #: how often each portal's records were made or changed
        self.wrote = 0
        #: how often each portal was asked anything
        self.asked: dict[str, int] = dict.fromkeys((SISACT, SIAC, NINTEX, REMEDY), 0)
        self._later: list[tuple[int, Callable[[], object]]] = []

    # the pool

    @asynccontextmanager
    async def sisact(self, lease: Lease) -> AsyncIterator[FakeSisact]:
        yield FakeSisact(self, lease)

    @asynccontextmanager
    async def siac(self, lease: Lease) -> AsyncIterator[FakeSiac]:
        yield FakeSiac(self, lease)

    @asynccontextmanager
    async def nintex(self, lease: Lease) -> AsyncIterator[FakeNintex]:
        yield FakeNintex(self, lease)

    @asynccontextmanager
    async def remedy(self, lease: Lease) -> AsyncIterator[FakeRemedy]:
        yield FakeRemedy(self, lease)

    async def revive(self) -> None:
        pass

    def lend(self, case: str) -> None:
        pass

    def leave(self, case: str) -> None:
        pass

    async def case_ended(self) -> None:
        pass

    # what happens in them

    def do_later(self, work: Callable[[], object]) -> None:
        self._later.append((self.late, work))

    def settle(self) -> None:
        """Whatever was to be done late is done."""
        while self._later:
            self._later.pop(0)[1]()

    def time_passes(self) -> None:
        self._later = [(left - 1, work) for left, work in self._later]
        while self._later and self._later[0][0] < 0:
            self._later.pop(0)[1]()

    def state(self) -> dict[str, Any]:
        """What they hold now, as ``GET /state`` tells it of the mock portals."""
        return _copied(
            {
                "siac": {"cases": self.cases},
                "nintex": {
                    "activaciones": self.requests[Site.ACTIVACIONES],
                    "operador": self.requests[Site.OPERADOR],
                },
                "remedy": {"incidents": self.incidents},
                "writes": self.wrote,
            }
        )


#: what the mock portals fill in where a world says nothing
_CASE = {"reference": "", "queue": QUEUE, "status": "Registrado", "scenario": "", "resolution": ""}
_CASE |= {"created": "", "created_by": "asesor1", "history": [], "fields": {}}
_REQUEST = {"reference": "", "siac_case": "", "request_type": "", "scenario": "", "status": ""}
_REQUEST |= {"charge": "0.00", "created": "", "created_by": "asesor1", "attachments": []}


class _FakePortal:
    """One portal, leased to one step."""

    name: str

    def __init__(self, portals: FakePortals, lease: Lease) -> None:
        self.portals, self.lease = portals, lease
        self.where = "Página"
        self.map_version = ""  # none: these have no surface
        self.met: set[PageLook] = set()
        self.seen: dict[tuple[str, ...], Surface] = {}
        lease.portal = self

    def _looks(self) -> None:
        """Before each reading."""
        self.portals.time_passes()
        self.portals.asked[self.name] += 1
        match next(self.portals.readings, Trouble.NONE):
            case Trouble.SESSION_ENDS:
                raise SessionLost(self.name, self.where, "la sesión expiró")
            case Trouble.DOWN:
                raise PortalDown(self.name, self.where, "respondió con error 500")
            case Trouble.DIES_BEFORE:
                raise Died

    async def _submit(
        self, what: str, typed: Record | dict[str, str], press: Callable[[], T], refusal: str = ""
    ) -> T:
        """As `pages.core.base_portal.Portal.submit`: asked once, pressed once; ``refusal`` is what
        the form says to what is typed."""
        draft = typed if isinstance(typed, Record) else None
        fields = typed if isinstance(typed, dict) else typed.model_dump(mode="json")

        async def picture(path: Path) -> None:
            await asyncio.to_thread(path.write_bytes, what.encode())

        portals = self.portals
        portals.time_passes()
        portals.asked[self.name] += 1
        trouble = next(portals.writes, Trouble.NONE)
        if refusal:
            trouble = Trouble.FORM_REFUSES
        if trouble is Trouble.DIES_BEFORE:
            raise Died
        if not await self.lease.submit_hook(Sending(self.name, what, fields, draft), picture):
            raise SubmitWithheld(self.name, what, "no se envió")
        if trouble is Trouble.DIES_AGREED:
            raise Died
        if trouble in (Trouble.LATE, Trouble.DIES_LATE):
            portals.do_later(lambda: self._done(press))
        elif trouble not in (Trouble.REFUSED, Trouble.FORM_REFUSES):
            done = self._done(press)
        if trouble is Trouble.DOUBLED:
            self._done(press)
        if trouble in (Trouble.DIES_DONE, Trouble.DIES_LATE):
            raise Died
        if trouble in (Trouble.REFUSED, Trouble.FORM_REFUSES, Trouble.LOST, Trouble.LATE):
            words = refusal or "falta la clase"
            refused = FormRefused(self.name, what, f"el formulario no aceptó: {words}")
            raise WriteUncertain(self.name, what, "no se sabe si se registró") from (
                refused if trouble is Trouble.FORM_REFUSES else None
            )
        return done

    def _done(self, press: Callable[[], T]) -> T:
        self.portals.wrote += 1
        return press()


class FakeSisact(_FakePortal):
    name = SISACT

    async def read_sec(self, numero: str, picture: Path) -> SecRecord | None:
        self._looks()
        sec = self.portals.secs.get(numero)
        if sec is None:
            return None
        customer = self.portals.customers.get(sec["ruc"], {})
        shown = sec.get("description", "").encode()
        await asyncio.to_thread(picture.write_bytes, shown)
        return SecRecord(
            numero=sec["number"],
            ruc=sec["ruc"],
            razon_social=customer.get("business_name", ""),
            operacion=sec["operation"],
            fecha=sec["date"],
            estado=sec.get("status", "Aprobada"),
            segmento=customer.get("segment", ""),
            plan=sec["plan"],
            cargo_lista=sec["list_charge"],
            campana=sec.get("campaign", ""),
            descripcion=sec.get("description", ""),
            lineas=sec.get("lines", ()),
        )


class FakeSiac(_FakePortal):
    name = SIAC

    async def read_client(
        self, ruc: str, lineas: Sequence[str], picture: LinePicture | None = None
    ) -> ClientRecord | None:
        self._looks()
        customer = self.portals.customers.get(ruc)
        if customer is None:
            return None
        executive = customer.get("executive")
        lines = self.portals.lines
        own = [lines[n] for n in lineas if n in lines and lines[n]["ruc"] == ruc]
        if picture is not None:
            for line in own:
                path = picture(line["number"], _line(line).historial)
                shown = json.dumps([line.get("history"), line.get("invoices")]).encode()
                if path is not None:
                    await asyncio.to_thread(path.write_bytes, shown)
        return ClientRecord(
            ruc=ruc,
            razon_social=customer["business_name"],
            segmento=customer.get("segment", "Corporativo"),
            en_cartera=customer.get("portfolio", True),
            ejecutivo=executive
            and Executive(
                nombre=executive["name"], canal=executive["channel"], correo=executive["email"]
            ),
            contactos=tuple(
                Contact(dni=c["dni"], nombre=c["name"], correo=c["email"])
                for c in customer.get("contacts", ())
            ),
            lineas=tuple(map(_line, own)),
        )

    async def search_cases(self, texto: str) -> tuple[SiacCase, ...]:
        self._looks()
        found = (c for c in self.portals.cases if texto in c["sec"] or texto in c["reference"])
        return tuple(self._case(c, whole=False) for c in found)

    async def read_case(self, numero: str) -> SiacCase | None:
        self._looks()
        found = self._held(numero)
        return None if found is None else self._case(found)

    async def read_queue(self) -> tuple[str, ...]:
        self._looks()
        waiting = (c for c in self.portals.cases if c["queue"] == QUEUE)
        return tuple(c["number"] for c in waiting if c["status"] != "Cerrado")

    async def read_registered(self, referencia: str) -> tuple[SiacCase, ...]:
        self._looks()
        waiting = (c for c in self.portals.cases if c["queue"] == QUEUE)
        own = (c for c in waiting if c["reference"] == referencia and c["status"] != "Cerrado")
        return tuple(self._case(c, whole=False) for c in own)

    async def read_queued(self, numero: str) -> QueuedCase | None:
        self._looks()
        held = self._held(numero)
        if held is None:
            return None
        fields = held["fields"]
        taken = [e.get("user", "") for e in held["history"] if "tomado" in e["text"]]
        return QueuedCase(
            numero=numero,
            referencia=held["reference"],
            sec=held["sec"],
            ruc=held["ruc"],
            lineas=held["lines"],
            estado=held["status"],
            creado=held["created"] or self.portals.today,
            tomado_por=taken[-1] if taken else "",
            tipo=fields.get("Tipo", ""),
            clase=fields.get("Clase", ""),
            canal=fields.get("Canal de atención", ""),
            contacto=fields.get("Contacto", ""),
            contacto_dni=fields.get("DNI del contacto", ""),
            cargo=fields.get("Cargo ofrecido", ""),
        )

    async def register_case(self, draft: CaseDraft) -> str:
        newest = max((int(c["number"]) for c in self.portals.cases), default=70_000_000)

        def press() -> str:
            number = str(max(newest, *(int(c["number"]) for c in self.portals.cases), 0) + 1)
            case = {
                **_CASE,
                "number": number,
                "reference": draft.referencia,
                "sec": draft.sec,
                "ruc": draft.ruc,
                "lines": list(draft.lineas),
                "scenario": _code(draft.subclase),
                "created": self.portals.today.isoformat(),
                "created_by": USER,
                "history": [{"text": f"Caso registrado y derivado a {QUEUE}."}],
                "fields": {
                    "Canal de atención": draft.canal,
                    "Contacto": draft.contacto,
                    "DNI del contacto": draft.contacto_dni,
                    "Cargo ofrecido": "" if draft.cargo is None else f"{draft.cargo:,.2f}",
                    "Detalle": draft.detalle,
                },
            }
            self.portals.spoil(case)
            self.portals.cases.append(case)
            return number

        return await self._submit("registro del caso", draft, press)

    async def altered_fields(self, numero: str, draft: CaseDraft) -> tuple[str, ...]:
        self._looks()
        held = self._held(numero)
        assert held is not None
        pairs = {"Líneas": (list(draft.lineas), held["lines"]), "RUC": (draft.ruc, held["ruc"])}
        pairs["Detalle"] = (draft.detalle, held["fields"]["Detalle"])
        return tuple(name for name, (typed, kept) in pairs.items() if typed != kept)

    async def write_reference(self, numero: str, referencia: str) -> SiacCase:
        return await self._change(numero, "referencia externa", {"reference": referencia})

    async def take_case(self, numero: str) -> SiacCase | None:
        self._looks()
        held = self._held(numero)
        if held is None or held["status"] != "Registrado" or held["queue"] != QUEUE:
            return None
        taken = {"status": "En atención"}
        return await self._change(numero, "toma del caso", taken, "Caso tomado de la bandeja.")

    async def add_note(self, numero: str, texto: str) -> SiacCase:
        return await self._change(numero, "nota", {}, note=texto)

    async def close_case(self, numero: str, resolucion: str) -> SiacCase:
        held = self._held(numero)
        assert held is not None
        if held["status"] == "Cerrado":
            return self._case(held)
        changes = {"status": "Cerrado", "resolution": resolucion}
        return await self._change(numero, "cierre del caso", changes)

    async def _change(
        self, number: str, what: str, changes: dict[str, Any], note: str = ""
    ) -> SiacCase:
        held = self._held(number)
        if held is None:
            raise FormAltered(self.name, "Caso", "el caso ya no está en el portal")

        def press() -> SiacCase:
            held.update(changes)
            held["history"] = [*held["history"], {"text": note or what, "user": USER}]
            return self._case(held)

        return await self._submit(what, {"N° de caso": number, **changes, "Nota": note}, press)

    def _held(self, number: str) -> dict[str, Any] | None:
        return next((c for c in self.portals.cases if c["number"] == number), None)

    def _case(self, held: dict[str, Any], *, whole: bool = True) -> SiacCase:
        return SiacCase(
            numero=held["number"],
            referencia=held["reference"],
            sec=held["sec"],
            ruc=held["ruc"],
            lineas=held["lines"],
            cola=held["queue"],
            estado=held["status"],
            escenario=held["scenario"],
            resolucion=held["resolution"] if whole else "",
            creado=held["created"] or self.portals.today,
            creado_por=held["created_by"],
            notas=tuple(entry["text"] for entry in held["history"]) if whole else (),
        )


class FakeNintex(_FakePortal):
    name = NINTEX

    async def search(self, site: Site, texto: str) -> tuple[NintexRequest, ...]:
        self._looks()
        return tuple(
            NintexRequest(
                numero=held["id"],
                tipo_solicitud=held["request_type"],
                estado=held["status"] or "Pendiente",
                ejecutivo=held.get("fields", {}).get("Ejecutivo", ""),
                **_common(held, self.portals.today),
            )
            for held in _found(self.portals.requests[site], texto)
        )

    async def file(self, site: Site, draft: NintexDraft) -> str:
        library = self.portals.requests[site]
        who = self._who(draft.ejecutivo)
        draft = draft if who else draft.model_copy(update={"ejecutivo": None})

        def press() -> str:
            number = str(max((int(r["id"]) for r in library), default=0) + 1)
            record = {"id": number, "request_type": draft.tipo_solicitud, "status": "Pendiente"}
            record = _filed(draft, self.portals.today) | record | {"fields": who}
            self.portals.spoil(record)
            library.append(record)
            return number

        names = [file.name for file in draft.adjuntos]
        refusal = "" if names_hold(names) else "Adjuntos: un nombre no se permite"
        return await self._submit(f"solicitud en {site}", draft, press, refusal)

    def _who(self, executive: Executive | None) -> dict[str, str]:
        """What the form keeps of a person: nothing where several have the name and the channel."""
        if executive is None:
            return {}
        portals = self.portals
        titles = [f"Ejecutivo {executive.canal}"] if executive.canal else []
        titles += [c["title"] for c in portals.directory if c["name"] == executive.nombre]
        if sum(f"Ejecutivo {executive.canal}" == title for title in titles) != 1:
            if portals.needs_executive:
                raise PersonUnclear(self.name, "Nuevo elemento", "el directorio no dice quién es")
            return {}
        return {"Ejecutivo": executive.nombre}

    def altered_fields(self, draft: NintexDraft, kept: NintexRequest) -> tuple[str, ...]:
        typed = draft.ejecutivo.nombre if draft.ejecutivo else ""
        return _altered(draft, kept) + (("Ejecutivo",) if kept.ejecutivo != typed else ())


class FakeRemedy(_FakePortal):
    name = REMEDY

    async def search(self, texto: str) -> tuple[Incident, ...]:
        self._looks()
        return tuple(
            Incident(
                numero=held["number"],
                resumen=held.get("summary", ""),
                estado=held["status"] or "Asignado",
                **_common(held, self.portals.today),
            )
            for held in _found(self.portals.incidents, texto)
        )

    async def file(self, draft: IncidentDraft) -> str:
        incidents = self.portals.incidents

        def press() -> str:
            newest = max((int(i["number"][3:]) for i in incidents), default=1000)
            record = {"number": f"INC{newest + 1:012}", "status": "Asignado"}
            record["summary"] = draft.resumen
            record = _filed(draft, self.portals.today) | record
            self.portals.spoil(record)
            incidents.append(record)
            return str(record["number"])

        return await self._submit("Nueva incidencia", draft, press)

    def altered_fields(self, draft: IncidentDraft, kept: Incident) -> tuple[str, ...]:
        return _altered(draft, kept)


def names_hold(names: list[str]) -> bool:
    """Whether SharePoint takes files of these names in one item."""
    bad = r'[~#%&*{}\\:<>?/|"\x00-\x1f]|^\.|\.$|\.\.|^.{129}'
    is_single = len({name.casefold() for name in names}) == len(names)
    return is_single and not any(re.search(bad, name) for name in names)


def _code(subclase: str) -> str:
    return subclase[subclase.rfind("(") + 1 : -1] if subclase.endswith(")") else ""


def _line(held: dict[str, Any]) -> LineRecord:
    return LineRecord(
        numero=held["number"],
        plan=held["plan"],
        cargo=held["charge"],
        estado=held.get("status", "Activa"),
        historial=tuple(
            HistoryEntry(fecha=e["date"], tipo=e["kind"], detalle=e.get("detail", ""))
            for e in held.get("history", ())
        ),
        facturas=tuple(
            Invoice(periodo=i["period"], cargo=i["charge"]) for i in held.get("invoices", ())
        ),
    )


def _found(held: list[dict[str, Any]], texto: str) -> list[dict[str, Any]]:
    return [record for record in held if texto in record["sec"] or texto in record["reference"]]


def _common(held: dict[str, Any], today: date) -> dict[str, Any]:
    return {
        "referencia": held["reference"],
        "caso_siac": held["siac_case"],
        "escenario": held["scenario"],
        "sec": held["sec"],
        "ruc": held["ruc"],
        "lineas": held["lines"],
        "cargo": Decimal(held["charge"]),
        "creado": held["created"] or today,
        "creado_por": held["created_by"],
        "adjuntos": tuple(a["name"] for a in held["attachments"]),
        "otros": held.get("fields", {}),
    }


def _altered(draft: NintexDraft | IncidentDraft, kept: NintexRequest | Incident) -> tuple[str, ...]:
    typed = draft.model_dump(include=set(type(kept).model_fields) - {"adjuntos", "ejecutivo"})
    names = [name for name, value in typed.items() if getattr(kept, name) != value]
    attached = tuple(file.name for file in draft.adjuntos)
    return (*names, *(["adjuntos"] if kept.adjuntos != attached else []))


def _filed(draft: NintexDraft | IncidentDraft, today: date) -> dict[str, Any]:
    return {
        **_REQUEST,
        "reference": draft.referencia,
        "siac_case": draft.caso_siac,
        "scenario": draft.escenario,
        "sec": draft.sec,
        "ruc": draft.ruc,
        "lines": list(draft.lineas),
        "charge": f"{draft.cargo:.2f}",
        "created": today.isoformat(),
        "created_by": USER,
        "attachments": [
            {"name": f.name, "sha256": hashlib.sha256(f.path.read_bytes()).hexdigest()}
            for f in draft.adjuntos
        ],
    }


class FakeMailServer:
    """Keeps what it takes; ``troubles`` in turn, as of a portal's writes. ``refusals`` are by what
    a recipient begins with, empty for all."""

    def __init__(self, troubles: Iterable[Trouble] = ()) -> None:
        self.sent: list[EmailMessage] = []
        self.troubles = iter(troubles)
        self.refusals: dict[str, MailError] = {}

    async def send(self, message: EmailMessage) -> None:
        for address in message["To"].addresses:
            for begin, error in self.refusals.items():
                if address.addr_spec.startswith(begin):
                    raise error
        trouble = next(self.troubles, Trouble.NONE)
        if trouble in (Trouble.DIES_BEFORE, Trouble.DIES_AGREED):
            raise Died
        if trouble is Trouble.DOWN:
            raise MailUnavailable("El servidor de correo no responde.")
        if trouble is Trouble.REFUSED:
            raise MailRefused("El servidor de correo rechazó el mensaje (550).")
        self.sent.append(message)
        if trouble in (Trouble.DIES_DONE, Trouble.DIES_LATE):
            raise Died
        if trouble in (Trouble.LOST, Trouble.LATE):
            raise MailUncertain("Se perdió la conexión.")

    async def probe(self, recipient: str) -> None:
        pass
