"""Everything that is known of one case, for its packet: the record's rows, and its files."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from flows.rules.attachments import attached_as
from flows.rules.case import EvidenceFile
from flows.rules.follow_up import FollowUp
from flows.runtime.history import FILE, FOLDER
from flows.runtime.queue_client import QueueClient
from flows.runtime.submit_journal import SubmitJournal
from flows.store.approvals import Approval, Approvals
from flows.store.case_files import EVIDENCE, CaseFiles, Sum
from flows.store.follow_ups import FollowUps
from flows.store.ledger import Attempt, Ledger, StepRecord
from pages.contract.siac import ClientRecord
from robots.console.audit import Audit, AuditEntry
from robots.packet.manifest import Taken, digest_of
from robots.reports.report_page import PICTURES


@dataclass(frozen=True)
class CaseFile:
    """A file: ``name`` is its path in the case's folder, ``content`` None where it is gone, and
    ``sha256`` what it was when its sum was ``taken``."""

    name: str
    content: bytes | None
    sha256: str
    how: Taken
    taken: datetime | None = None

    @property
    def is_changed(self) -> bool:
        """It is not what it was any more."""
        return self.content is None or digest_of(self.content) != self.sha256

    @property
    def is_picture(self) -> bool:
        return self.content is not None and self.name.lower().endswith(PICTURES)

    @property
    def kind(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


@dataclass(frozen=True)
class Dossier:
    """A case as it is known now; ``mails`` tells of what was handed to the mail server, by its
    kind, when it was accepted, and None where that is not known."""

    attempts: Sequence[Attempt]
    steps: Sequence[StepRecord]
    approvals: Sequence[Approval]
    audit: Sequence[AuditEntry]
    mails: dict[str, datetime | None]
    follow_up: FollowUp | None
    client: ClientRecord | None
    files: Sequence[CaseFile]

    @property
    def newest(self) -> Attempt:
        return self.attempts[-1]

    @property
    def reference(self) -> str:
        return self.newest.reference


async def gather(ledger: Ledger, reference: str, evidence_dir: Path) -> Dossier | None:
    """All of it, also what other machines keep of the case; None for no such case."""
    attempts = ledger.attempts([reference]).get(reference)
    if not attempts:
        return None
    engine = ledger.engine
    case_files = CaseFiles(engine)
    case_files.bring([reference], evidence_dir)
    values = await _values(ledger, attempts)
    client = values.get("consult_client")
    return Dossier(
        attempts=attempts,
        steps=ledger.steps([reference]).get(reference, []),
        approvals=Approvals(engine).about(reference),
        audit=Audit(engine).entries(reference)[::-1],
        mails=SubmitJournal(engine).handed_over(reference),
        follow_up=FollowUps(engine).of([reference]).get(reference),
        client=ClientRecord.model_validate(client) if client else None,
        files=tuple(_files(case_files, attempts, evidence_dir / reference)),
    )


async def _values(ledger: Ledger, attempts: Sequence[Attempt]) -> dict[str, Any]:
    """What the newest attempt that came so far has read in the portals."""
    queue = QueueClient(ledger.engine)
    try:
        for attempt in reversed(attempts):
            if values := await queue.values(attempt.reference, attempt.attempt):
                return values
        return {}
    finally:
        queue.close()


def _files(case_files: CaseFiles, attempts: Sequence[Attempt], folder: Path) -> Iterator[CaseFile]:
    """What the robot made, by name, and then the evidence that the list came with."""
    reference = attempts[-1].reference
    sums = {one.name: one for one in case_files.sums(reference)}
    evidence = {file.sha256: file for one in attempts for file in one.case.evidencia}
    there = {name: folder / name for name in _names(folder)}
    copies = {str(folder / name) for name in there} & {file.path for file in evidence.values()}
    for name in sorted({*there, *filter(_is_packed, sums)}):
        if str(there.get(name)) not in copies and not name.startswith(f"{EVIDENCE}/"):
            yield _made(name, there.get(name), sums.get(name))
    names = attached_as(file.name for file in evidence.values())
    for name, file in zip(names, evidence.values(), strict=True):
        content = _evidence(case_files, reference, file, folder)
        yield CaseFile(f"{EVIDENCE}/{name}", content, file.sha256, Taken.LISTED)


def _names(folder: Path) -> list[str]:
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return [name for name in names if _is_packed(name)]


def _is_packed(name: str) -> bool:
    """What a failure left, of a step or of a look, is for whoever mends it, and its pages may show
    other people: of it only what happened when."""
    return not PurePosixPath(name).parts[0].endswith(FOLDER) or name == f"{FOLDER}/{FILE}"


def _made(name: str, path: Path | None, known: Sum | None) -> CaseFile:
    content = path.read_bytes() if path else None
    if known is None:
        assert content is not None  # it is there, or its sum is
        return CaseFile(name, content, digest_of(content), Taken.PACKED)
    return CaseFile(name, content, known.sha256, Taken.MADE, known.taken)


def _evidence(
    case_files: CaseFiles, reference: str, file: EvidenceFile, folder: Path
) -> bytes | None:
    """As the list had it, or as it is now where nobody has that any more."""
    path = case_files.evidence(reference, file, folder) or Path(file.path)
    try:
        return path.read_bytes()
    except OSError:
        return None
