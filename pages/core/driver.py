"""Playwright's driver, a Node.js process: how it is started, and how little it keeps."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: What Node.js is started with. It keeps every request until its context ends, and Node.js 26 what
#: a request sends in a slab of 64 KB; its collector lets the heap grow to a multiple of that.
#: Measured with four worker slots and 40 cases: 130 MB, and 200 without
#: (`findings/a-post-keeps-a-slab.sh`).
_OPTIONS = (
    "--max-semi-space-size=2",
    "--heap-growing-percent=25",
    "--import=data:text/javascript,Buffer.poolSize=0",
)
#: for what it starts, too: 30 MB less with three slots, as not each thread has an arena of its own
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


@contextmanager
def driver_as_ours() -> Iterator[None]:
    """Context in which Playwright starts its driver in a group of its own, and sparing of memory.

    Ctrl-C reaches every process of a terminal's group. The driver would end at once and take the
    browser along, where the cases at work are to end first. It still ends with this process, whose
    pipe it reads.
    """
    start = asyncio.create_subprocess_exec
    group: dict[str, Any] = (
        {"creationflags": 0x00000200}  # CREATE_NEW_PROCESS_GROUP
        if sys.platform == "win32"
        else {"start_new_session": True}
    )

    async def started(node: str, *arguments: str, **given: Any) -> asyncio.subprocess.Process:
        env = _ENVIRONMENT | dict(given.get("env") or os.environ)
        return await start(node, *_OPTIONS, *arguments, **(given | group | {"env": env}))

    asyncio.create_subprocess_exec = started  # type: ignore[assignment]
    try:
        yield
    finally:
        asyncio.create_subprocess_exec = start
