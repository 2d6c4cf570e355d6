"""The files of a case: their sums as they were made, and what several machines need of them.

One machine has them in its folders. A fleet shares no folder: there the database carries the
evidence from the machine with the list to the worker that files the case, and the case's pictures
back to whoever writes the report.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import sqlalchemy as sa
from pydantic import AwareDatetime

from flows.rules.case import Case, EvidenceFile
from flows.store.database import change, fetch, fetch_among, fetch_one, is_shared, lasting
from flows.store.tables import Stored, files, sums
from pages.contract.private_files import write_private

#: larger ones stay where they are made; a row's evidence has the same limit
MAX_BYTES = 10 * 1024 * 1024
#: where evidence that came through the database is, in the case's folder
EVIDENCE = PurePosixPath("evidencia")


class Sum(Stored):
    """SHA-256 of a file of the case's folder as it was made; ``name`` is its path there."""

    name: str
    sha256: str
    taken: AwareDatetime


class CaseFiles:
    """On SQLite the one machine has every file, and only their sums are kept here."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.shared = is_shared(engine)

    def hand_in(self, cases: Iterable[Case]) -> None:
        """Keep the evidence of cases that any machine may work on. A file that is gone by now, or
        is not the one that was read with the list, ends its case when it is to be filed."""
        for case in cases if self.shared else ():
            for evidence in case.evidencia:
                content = _read(Path(evidence.path), evidence.sha256)
                if content is not None:
                    self._keep(case.reference, place_of(evidence), content, evidence.sha256)

    def evidence(self, reference: str, evidence: EvidenceFile, folder: Path) -> Path | None:
        """Where the file is on this machine, as it was when the list was read; None if nowhere."""
        for path in (Path(evidence.path), folder / place_of(evidence)):
            if _read(path, evidence.sha256) is not None:
                return path
        if self.shared and (content := self._content(reference, str(place_of(evidence)))):
            return _write(folder / place_of(evidence), content)
        return None

    def write(self, reference: str, folder: Path, name: str, content: bytes) -> None:
        """Make a file in the case's folder, in the place of one that is there."""
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, content)
        self.made(reference, folder, [path])

    def made(self, reference: str, folder: Path, paths: Iterable[Path]) -> None:
        """Take the sums of files that have just been made in the case's folder, before anything
        else can happen to them, and publish them; one that is not there is left out."""
        for path in paths:
            try:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
            except FileNotFoundError:
                continue
            self._sum(reference, path.relative_to(folder).as_posix(), digest)
        self.publish(reference, folder)

    def match(self, reference: str, folder: Path, part: str) -> None:
        """Keep of a part of the case's folder what is there now, and forget what was."""
        there = [path for path in (folder / part).rglob("*") if path.is_file()]
        names = {path.relative_to(folder).as_posix() for path in there}
        known = {one.name for one in self.sums(reference)}
        gone = {name for name in known if PurePosixPath(name).parts[0] == part}
        self._forget(reference, gone - names)
        self.made(reference, folder, there)

    @lasting
    def sums(self, reference: str) -> list[Sum]:
        """By name."""
        query = sums.select().filter_by(reference=reference).order_by(sums.c.name)
        return [Sum.model_validate(row) for row in fetch(self.engine, query)]

    def publish(self, reference: str, folder: Path) -> None:
        """Keep what the case's folder holds, for reports of other machines."""
        if not self.shared:
            return
        known = self._known([reference]).get(reference, {})
        for path in folder.rglob("*"):
            name = PurePosixPath(path.relative_to(folder).as_posix())
            if name.is_relative_to(EVIDENCE) or not path.is_file():
                continue
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if len(content) <= MAX_BYTES and known.get(str(name)) != digest:
                self._keep(reference, name, content, digest)

    def bring(self, references: Iterable[str], evidence_dir: Path) -> None:
        """Put into each case's folder what other machines have published of it."""
        if not self.shared:
            return
        for reference, known in self._known(references).items():
            for name, digest in known.items():
                path = evidence_dir / reference / name
                if PurePosixPath(name).is_relative_to(EVIDENCE) or _read(path, digest):
                    continue
                content = self._content(reference, name)
                if content is not None:
                    _write(path, content)

    @lasting
    def _sum(self, reference: str, name: str, digest: str) -> None:
        key = {"reference": reference, "name": name}
        kept = {"sha256": digest, "taken": datetime.now(UTC)}
        change(self.engine, sums.delete().filter_by(**key), sums.insert().values(**key, **kept))

    @lasting
    def _forget(self, reference: str, names: Iterable[str]) -> None:
        for name in names:
            key = {"reference": reference, "name": name}
            change(self.engine, sums.delete().filter_by(**key), files.delete().filter_by(**key))

    @lasting
    def _keep(self, reference: str, name: PurePosixPath, content: bytes, digest: str) -> None:
        key = {"reference": reference, "name": str(name)}
        kept = {"sha256": digest, "content": content, "kept": datetime.now(UTC)}
        change(self.engine, files.delete().filter_by(**key), files.insert().values(**key, **kept))

    @lasting
    def _content(self, reference: str, name: str) -> bytes | None:
        query = sa.select(files.c.content).filter_by(reference=reference, name=name)
        found = fetch_one(self.engine, query)
        return bytes(found.content) if found else None

    @lasting
    def _known(self, references: Iterable[str]) -> dict[str, dict[str, str]]:
        """By case, the SHA-256 of each file that is kept of it."""
        query = sa.select(files.c.reference, files.c.name, files.c.sha256)
        found: dict[str, dict[str, str]] = {}
        for row in fetch_among(self.engine, query, files.c.reference, references):
            found.setdefault(row.reference, {})[row.name] = row.sha256
        return found


def keep_given(before: Case, case: Case) -> Case:
    """The case of a list's row, with what was given to it since by e-mail or in the console: that
    lies in the case's own folder, and no row names it."""
    own = {file.sha256 for file in case.evidencia}
    given = [
        file
        for file in before.evidencia
        if file.sha256 not in own and is_given(before.reference, file)
    ]
    if not given:
        return case
    return case.model_copy(
        update={
            "evidencia": (*case.evidencia, *given),
            "origen_evidencia": case.origen_evidencia or before.origen_evidencia,
            "oferta_vigente_hasta": case.oferta_vigente_hasta or before.oferta_vigente_hasta,
            "aprobado_por": case.aprobado_por or before.aprobado_por,
        }
    )


def is_given(reference: str, file: EvidenceFile) -> bool:
    """Whether it lies in the case's own folder, also where versions before kept it: there, with
    its sum in front of its name."""
    parts = re.split(r"[\\/]", file.path)
    return [reference, str(EVIDENCE)] in (parts[-4:-2], parts[-3:-1])


def place_of(evidence: EvidenceFile) -> PurePosixPath:
    """Its place in the case's folder, under its own name, which two files may have."""
    return EVIDENCE / evidence.sha256[:12] / evidence.name


def _read(path: Path, sha256: str) -> bytes | None:
    """The file's content, if it is this one."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)
    return path
