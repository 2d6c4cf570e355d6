"""Ports: what the flow asks of each portal, as records and errors, and who leases the portals.

Page objects implement them in a browser (`pages.session_pool`), the tests' fakes in memory. Public
methods raise `PortalError`; each begins from any state the portal may have been left in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pages.contract.missing import PageLook
from pages.contract.nintex import NintexDraft, NintexRequest, Site
from pages.contract.records import Record
from pages.contract.remedy import Incident, IncidentDraft
from pages.contract.siac import CaseDraft, ClientRecord, HistoryEntry, QueuedCase, SiacCase
from pages.contract.sisact import SecRecord
from pages.contract.surface import Surface

#: the portals as people call them
SISACT, SIAC, NINTEX, REMEDY = "SISACT", "SIAC Único", "NINTEX", "Remedy"
#: what is sent by e-mail is shown and confirmed like what goes into a portal
MAIL = "Correo"

#: Saves a picture of what would be sent, as it is shown now.
Picture = Callable[[Path], Awaitable[None]]
#: Where a picture of a line's history and invoices is to be, by its number and its history; None
#: where none is needed.
LinePicture = Callable[[str, Sequence[HistoryEntry]], Path | None]


@dataclass(frozen=True)
class Sending:
    """What the next press would send: ``fields`` as people read them, by their labels; ``draft`` is
    what they were typed from, where it was one."""

    portal: str
    what: str
    fields: Mapping[str, str]
    draft: Record | None = None


class SubmitHook(Protocol):
    """Asked before each submit; False withholds it (dry run, or a person said no)."""

    async def __call__(self, sending: Sending, picture: Picture) -> bool: ...


async def always_submit(sending: Sending, picture: Picture) -> bool:
    """Submit without asking."""
    return True


async def never_submit(sending: Sending, picture: Picture) -> bool:
    """Withhold every submit: for those who only look."""
    return False


class Leased(Protocol):
    """A portal in use; ``where`` is the page that was waited for or worked on last, ``map_version``
    tells which map it was used by, empty where there is none, ``met`` what was found there and
    ``seen`` what its pages showed."""

    @property
    def name(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def map_version(self) -> str: ...
    @property
    def met(self) -> Set[PageLook]: ...
    @property
    def seen(self) -> Mapping[tuple[str, ...], Surface]: ...


#: Within it somebody waits for others, who have what is wanted.
Waiting = Callable[[], AbstractAsyncContextManager[None]]


@dataclass
class Lease:
    """One step's use of portals: what it asks of whoever leases them, and what they tell it."""

    #: where a failure's pictures, pages and trace go
    folder: Path
    submit_hook: SubmitHook = always_submit
    #: entered while the portal's sessions are all in use
    waiting: Waiting = nullcontext
    #: the case that it is a step of, and whether that goes on where SIAC Único shows its pages
    case: str = ""
    stays: bool = False
    #: a trace costs more than half of the work itself: only what failed once is done under it
    traced: bool = False
    #: the page on which something was missing though all had been waited for
    lacking: str = ""
    #: the portal that is used, or was last
    portal: Leased | None = None


class Sisact(Protocol):
    """SISACT: the sale's evaluation, to be read only."""

    async def read_sec(self, numero: str, picture: Path) -> SecRecord | None:
        """A SEC, and a picture of its Descripción tab at ``picture``; None for no such SEC."""


class Siac(Protocol):
    """SIAC Único: the client, its lines, and the cases."""

    async def read_client(
        self, ruc: str, lineas: Sequence[str], picture: LinePicture | None = None
    ) -> ClientRecord | None:
        """A client with those of the asked-for lines that are its own, each pictured where
        ``picture`` says; None where unknown."""

    async def search_cases(self, texto: str) -> tuple[SiacCase, ...]:
        """The cases whose SEC or reference contains the text: without resolution and notes."""

    async def read_case(self, numero: str) -> SiacCase | None:
        """The whole case as it is now; None where there is none."""

    async def read_queue(self) -> tuple[str, ...]:
        """The numbers of the cases in *Variaciones Corporativas* that are not closed, as shown."""

    async def read_registered(self, referencia: str) -> tuple[SiacCase, ...]:
        """The cases with this reference that wait in the queue, right after one was registered;
        none where a search costs less."""

    async def read_queued(self, numero: str) -> QueuedCase | None:
        """A case of the queue as its template was filled in; None where there is none."""

    async def register_case(self, draft: CaseDraft) -> str:
        """Register a case from the template; its number."""

    async def altered_fields(self, numero: str, draft: CaseDraft) -> tuple[str, ...]:
        """What a case that was registered from this draft holds otherwise than it was typed."""

    async def write_reference(self, numero: str, referencia: str) -> SiacCase:
        """The case after its *Referencia externa* was written."""

    async def take_case(self, numero: str) -> SiacCase | None:
        """The case after it was taken from the queue; None where it does not wait there."""

    async def add_note(self, numero: str, texto: str) -> SiacCase:
        """The case after the note; closed cases take notes too."""

    async def close_case(self, numero: str, resolucion: str) -> SiacCase:
        """The case after it was closed; as it is where it was closed before."""


class Nintex(Protocol):
    """The two NINTEX sites."""

    async def search(self, site: Site, texto: str) -> tuple[NintexRequest, ...]:
        """The requests whose SEC or reference contains the text, newest first, read whole."""

    async def file(self, site: Site, draft: NintexDraft) -> str:
        """Make a new request; its number, or "" where the portal does not tell it."""

    def altered_fields(self, draft: NintexDraft, kept: NintexRequest) -> tuple[str, ...]:
        """The labels of what the request holds otherwise than it was typed."""


class Remedy(Protocol):
    """BMC Remedy."""

    async def search(self, texto: str) -> tuple[Incident, ...]:
        """Every incident whose SEC or reference contains the text, read whole."""

    async def file(self, draft: IncidentDraft) -> str:
        """File an incident; its number, or "" where the portal does not tell it."""

    def altered_fields(self, draft: IncidentDraft, kept: Incident) -> tuple[str, ...]:
        """The labels of what the incident holds otherwise than it was typed."""


class Portals(Protocol):
    """Leases each portal to one step at a time, logged in when it is first needed."""

    def sisact(self, lease: Lease) -> AbstractAsyncContextManager[Sisact]: ...
    def siac(self, lease: Lease) -> AbstractAsyncContextManager[Siac]: ...
    def nintex(self, lease: Lease) -> AbstractAsyncContextManager[Nintex]: ...
    def remedy(self, lease: Lease) -> AbstractAsyncContextManager[Remedy]: ...

    async def revive(self) -> None:
        """Start again what the portals are reached by, where it is gone."""

    def lend(self, case: str) -> None:
        """Let others have what is kept for a case, which is elsewhere for now."""

    def leave(self, case: str) -> None:
        """Give up what was kept for a case, which has ended or waits."""

    async def case_ended(self) -> None:
        """Told after each case, between its steps and the next case's."""
