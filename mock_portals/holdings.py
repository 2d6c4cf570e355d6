"""What the portals hold now: the world's records, the mailbox, and counts of what was asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from mock_portals.world import (
    Customer,
    Incident,
    Line,
    NintexRequest,
    Sec,
    SiacCase,
    Thing,
    World,
    WorldError,
    first_error,
)

INBOX = "INBOX"
PORTALS = ("sisact", "siac", "nintex", "remedy")
#: each kind of record by its place in the world's JSON, whose last name is the attribute's here,
#: with the field that tells one from another
PLACES: dict[tuple[str, ...], tuple[type[Thing], str]] = {
    ("customers",): (Customer, "ruc"),
    ("secs",): (Sec, "number"),
    ("lines",): (Line, "number"),
    ("siac", "cases"): (SiacCase, "number"),
    ("nintex", "activaciones"): (NintexRequest, "id"),
    ("nintex", "operador"): (NintexRequest, "id"),
    ("remedy", "incidents"): (Incident, "number"),
}


#: what the control port merges
STATE = frozenset({place[0] for place in PLACES} | {"mail", "today"})
#: what of it the world itself changes, and no user of a portal
WORLD = frozenset({"customers", "secs", "lines", "today"})


class Mail(Thing):
    to: list[str]
    subject: str
    text: str
    html: str = ""
    sender: str = ""
    message_id: str = ""


@dataclass
class Kept:
    """A message in a folder of the mailbox."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class Holdings:
    """Everything of all portals, in memory. Each portal reads only what is its own."""

    def __init__(self, world: World) -> None:
        self._last_uid = 0
        self.replace(world)

    def replace(self, world: World) -> None:
        """Start over from this world: records, mail and counts."""
        world = world.model_copy(deep=True)
        self.today: date = world.today
        self.customers: dict[str, Customer] = {c.ruc: c for c in world.customers}
        self.secs: dict[str, Sec] = {s.number: s for s in world.secs}
        self.lines: dict[str, Line] = {line.number: line for line in world.lines}
        self.cases: dict[str, SiacCase] = {c.number: c for c in world.siac.cases}
        self.activaciones: dict[str, NintexRequest] = {r.id: r for r in world.nintex.activaciones}
        self.operador: dict[str, NintexRequest] = {r.id: r for r in world.nintex.operador}
        self.incidents: dict[str, Incident] = {i.number: i for i in world.remedy.incidents}
        self.passwords_end = {str(portal): end for portal, end in world.passwords_end.items()}
        self.directory = world.directory
        self.mail: list[Mail] = []
        #: the mailbox, by folder
        self.folders: dict[str, list[Kept]] = {INBOX: []}
        self.requests: Counter[tuple[str, str, str]] = Counter()
        self.writes = 0
        self.logins: Counter[str] = Counter()
        self.logouts: Counter[str] = Counter()

    # what the mailbox does

    def keep(self, folder: str, raw: bytes) -> int:
        """Put a message into a folder of the mailbox; gives its UID, which no other ever had."""
        self._last_uid += 1
        self.folders[folder].append(Kept(self._last_uid, raw))
        return self._last_uid

    # what portals do

    def password_ends(self, portal: str) -> str:
        """As the portal writes it; a person's password, so by the real calendar."""
        end = self.passwords_end.get(portal) or date.today() + timedelta(days=60)  # noqa: DTZ011
        return end.strftime("%d/%m/%Y")

    def lines_of(self, ruc: str) -> list[Line]:
        return [line for line in self.lines.values() if line.ruc == ruc]

    def business_name(self, ruc: str) -> str:
        customer = self.customers.get(ruc)
        return customer.business_name if customer else ""

    def wrote(self) -> None:
        """A record was made or changed by a portal's user."""
        self.writes += 1

    def next_case_number(self) -> str:
        return str(1 + max((int(n) for n in self.cases), default=70_000_000))

    def next_nintex_id(self, library: dict[str, NintexRequest]) -> str:
        return str(1 + max((int(n) for n in library), default=0))

    def next_incident_number(self) -> str:
        newest = max((int(n.removeprefix("INC")) for n in self.incidents), default=1000)
        return f"INC{newest + 1:012d}"

    # what the control port shows and takes

    def snapshot(self) -> dict[str, Any]:
        """The body of ``GET /state``."""
        shown: dict[str, Any] = {"today": self.today.isoformat()}
        for place in PLACES:
            inside = shown
            for name in place[:-1]:
                inside = inside.setdefault(name, {})
            inside[place[-1]] = [r.model_dump(mode="json") for r in self._held(place).values()]
        return shown | {
            "mail": [mail.model_dump() for mail in self.mail],
            "requests": [
                {"portal": portal, "method": method, "path": path, "count": count}
                for (portal, method, path), count in sorted(self.requests.items())
            ],
            "writes": self.writes,
            "sessions": {
                portal: {"logins": self.logins[portal], "logouts": self.logouts[portal]}
                for portal in PORTALS
            },
        }

    def merge(self, patch: dict[str, Any], known: frozenset[str] = STATE) -> None:
        """``PATCH /state`` and, of ``WORLD`` alone, ``PATCH /world``: records by their number, a
        list in one in place of the list that it had; ``"deleted": true`` takes one away.

        All of it or, with `WorldError`, none of it.
        """
        changes: list[tuple[dict[str, Any], str, Any]] = []
        for name in patch:
            if name not in known:
                raise WorldError(f"{name}: cannot be patched")
        for place, (model, key) in PLACES.items():
            held, where = self._held(place), ".".join(place)
            for item in _at(patch, place):
                if not isinstance(item, dict) or not isinstance(item.get(key), str | int):
                    raise WorldError(f"{where}: each record needs its {key}")
                number = str(item[key])
                if item.get("deleted"):
                    changes.append((held, number, None))
                    continue
                before = held[number].model_dump() if number in held else {}
                try:
                    after = model.model_validate({**before, **item, key: number})
                except ValidationError as error:
                    raise WorldError(f"{where} {number}: {first_error(error)}") from None
                changes.append((held, number, after))
        if "today" in patch:
            self.today = date.fromisoformat(patch["today"])
        if "mail" in patch:
            self.mail = [Mail.model_validate(mail) for mail in patch["mail"]]
        for held, number, record in changes:
            if record is None:
                held.pop(number, None)
            else:
                held[number] = record

    def _held(self, place: tuple[str, ...]) -> dict[str, Any]:
        held: dict[str, Any] = getattr(self, place[-1])
        return held


def _at(patch: dict[str, Any], place: tuple[str, ...]) -> list[Any]:
    found: Any = patch
    for name in place:
        if not isinstance(found, dict):
            raise WorldError(f"{'.'.join(place)}: expected an object")
        found = found.get(name, {} if name != place[-1] else [])
    if not isinstance(found, list):
        raise WorldError(f"{'.'.join(place)}: expected a list")
    return found
