"""Upload area, where files are dropped or chosen; each is sent at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from nicegui import ui
from nicegui.events import UploadEventArguments

from robots.console.context import Visit

#: Quasar's own has a nameless button with the file input inside it, which no screen reader knows
#: what to do with. The input stays, out of sight: the button opens it.
_UPLOAD_HEADER = """
<div class="row items-center no-wrap q-px-sm q-py-xs" style="gap:10px">
  <div class="col text-weight-bold">LABEL</div>
  <q-spinner v-if="props.isUploading" size="22px" />
  <q-btn flat no-caps icon="attach_file" label="Elegir" aria-label="Elegir: LABEL"
    @click="props.pickFiles" />
  <div aria-hidden="true" style="position:relative;width:0;height:0;overflow:hidden">
    <q-uploader-add-trigger />
  </div>
</div>
"""

#: Quasar's own offers to take a file out, by a nameless button, when it has been sent already.
_UPLOAD_LIST = """
<div v-for="file in props.files" :key="file.__key" class="row no-wrap q-py-xs" style="gap:8px">
  <div class="col" style="overflow-wrap:anywhere">{{ file.name }}</div>
  <div class="cf-soft">{{ file.__sizeLabel }}</div>
</div>
"""


def upload_area(
    visit: Visit,
    folder: Callable[[], Path],
    put: Callable[[Path, str, bytes], Path],
    came: Callable[[Path], Awaitable[None]],
    *,
    largest: int,
    label: str = "Arrastre aquí los archivos",
) -> None:
    """Add an upload area; ``put`` takes the file into the folder under a name of its own, and
    ``came`` is told it."""

    async def uploaded(event: UploadEventArguments) -> None:
        content = await event.file.read()
        await came(await asyncio.to_thread(put, folder(), event.file.name, content))

    box = ui.upload(
        label=label,
        multiple=True,
        auto_upload=True,
        max_file_size=largest,
        on_upload=visit.guarded(uploaded),
        on_rejected=lambda: ui.notify(
            f"No se tomó: pasa de {largest // 1024 // 1024} MB.", type="negative"
        ),
    )
    box.props("flat bordered color=secondary").classes("w-full")
    box.add_slot("header", _UPLOAD_HEADER.replace("LABEL", label))
    box.add_slot("list", _UPLOAD_LIST)
