"""Downloads: files of a case and reports of a run, for those whose business they are."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, Response

from flows.rules.case import EvidenceFile
from robots.console.context import ConsoleContext
from robots.console.guard import visitor
from robots.console.incoming import find_message, read_kept
from robots.console.uploads import safe_name
from robots.reports.report_page import PICTURES
from robots.reports.write_report import write_report

_MISSING = "No existe, o no es suyo."


def add_files(app: FastAPI, context: ConsoleContext) -> None:
    @app.get("/expediente/{reference}/{name:path}")
    async def file_of_case(request: Request, reference: str, name: str) -> FileResponse:
        user, _ = visitor(request.scope)
        found = await asyncio.to_thread(context.store.find, reference, user)
        path = await asyncio.to_thread(_inside, context.evidence_dir / reference, name)
        if found is None or path is None:
            raise HTTPException(404, _MISSING)
        return _given(path)

    @app.get("/evidencia/{reference}/{number}")
    async def evidence_of_case(request: Request, reference: str, number: int) -> FileResponse:
        """A file of the case's evidence, wherever its list had it, as long as it is that file."""
        user, _ = visitor(request.scope)
        found = await asyncio.to_thread(context.store.find, reference, user)
        files = found.case.evidencia if found else ()
        if not 0 <= number < len(files):
            raise HTTPException(404, _MISSING)
        path = await asyncio.to_thread(_unchanged, files[number])
        if path is None:
            raise HTTPException(404, "El archivo ya no está, o cambió.")
        return _given(path)

    @app.get("/correo/{key}/{part}")
    async def file_of_message(request: Request, key: str, part: str) -> Response:
        """A file of a message that waits, by its place; ``correo`` is the message itself."""
        user, _ = visitor(request.scope)
        found = await asyncio.to_thread(find_message, context, user, key)
        received = await asyncio.to_thread(read_kept, context, found) if found else None
        files = [("correo.eml", received.raw)] if received else []
        if received and part != "correo":
            files = [(file.name, file.content) for file in received.attachments]
            files = files[int(part) : int(part) + 1] if part.isdecimal() else []
        if not files:
            raise HTTPException(404, _MISSING)
        ((name, content),) = files
        # Whatever it says that it is: it is handed out to be kept, and nothing of it is shown.
        named = quote(safe_name(name) or "adjunto")
        return Response(
            content,
            media_type="application/octet-stream",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{named}"},
        )

    @app.get("/mapa/{portal}/{key}/{number}")
    async def picture_of_page(request: Request, portal: str, key: str, number: int) -> Response:
        """The picture of a page of a portal, from the newest look at it."""
        user, _ = visitor(request.scope)
        look = context.map_looks.of(portal) if user.may_run else None
        if look is None or look.key != key or not 0 <= number < len(look.pages):
            raise HTTPException(404, _MISSING)
        kept = {"Cache-Control": "private, no-store"}
        return Response(look.pages[number].picture, media_type="image/png", headers=kept)

    @app.get("/informe/{run_id}")
    async def report(request: Request, run_id: str) -> FileResponse:
        user, _ = visitor(request.scope)
        run = await asyncio.to_thread(context.ledger.run, run_id)
        if run is None or not (user.sees_all or run.requested_by == user.name):
            raise HTTPException(404, _MISSING)
        result = await asyncio.to_thread(write_report, context.ledger, run_id, context.settings)
        return FileResponse(result.path, filename=result.path.name)


def _given(path: Path) -> FileResponse:
    # Only pictures are shown: a page or a mail of a client could carry a script.
    shown = "inline" if path.suffix.lower() in PICTURES else "attachment"
    return FileResponse(path, filename=path.name, content_disposition_type=shown)


def _unchanged(file: EvidenceFile) -> Path | None:
    path = Path(file.path)
    try:
        same = hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
    except OSError:
        return None
    return path if same else None


def _inside(folder: Path, name: str) -> Path | None:
    """A file in the folder, whatever the name tries."""
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None
