"""Files on their way into a form, which takes their names from the disk."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from pages.contract.request_records import Attachment, RequestDraft

D = TypeVar("D", bound=RequestDraft)


@asynccontextmanager
async def staged(draft: D) -> AsyncIterator[D]:
    """The draft with each of its files where it is called as it is to be attached.

    A browser reads a file only when the form is sent, so a copy stays until the block ends. Handed
    over as bytes it would have any name, but together no more than 50 MB.
    """
    if all(file.path.name == file.name for file in draft.adjuntos):
        yield draft
        return
    with tempfile.TemporaryDirectory(prefix="cargofijo-", ignore_cleanup_errors=True) as folder:
        files = await asyncio.to_thread(_called, draft.adjuntos, Path(folder))
        yield draft.model_copy(update={"adjuntos": files})


def _called(files: tuple[Attachment, ...], folder: Path) -> tuple[Attachment, ...]:
    def place(file: Attachment) -> Attachment:
        if file.path.name == file.name:
            return file
        return Attachment(name=file.name, path=Path(shutil.copyfile(file.path, folder / file.name)))

    return tuple(map(place, files))
