"""The robot, and a person who files the same request while it is at work.

``python -m tests.chaos.by_hand run …`` is ``cargofijo run …``; when a case comes to the step that
files its request, that person's record is put into the portals. The variable ``BY_HAND`` says where
and what.
"""

from __future__ import annotations

import asyncio
import json
import os
import urllib.request
from typing import Any

from flows.runtime.steps import StepRunner
from robots.cli.app import main

VARIABLE = "BY_HAND"


def _file(control: str, records: dict[str, Any]) -> None:
    body = json.dumps(records).encode()
    request = urllib.request.Request(f"{control}/state", data=body, method="PATCH")
    with urllib.request.urlopen(request, timeout=30):
        pass


def _faster_than_the_robot(control: str, records: dict[str, Any]) -> None:
    run = StepRunner.run

    async def overtaken(runner: StepRunner, name: str, *given: Any) -> Any:
        if name == "file_request":
            await asyncio.to_thread(_file, control, records)
        return await run(runner, name, *given)

    StepRunner.run = overtaken  # type: ignore[method-assign]


if __name__ == "__main__":
    _faster_than_the_robot(*json.loads(os.environ[VARIABLE]))
    main()
