"""The robot as it was before its flow was changed, and killed in the middle.

``python -m tests.chaos.other_flow run …`` is the sabotaged ``cargofijo run …`` of that robot: the
variable ``OTHER`` says what was different in it.
"""

from __future__ import annotations

import os
from typing import Any

import flows.runtime.workflows
from flows.runtime.steps import StepRunner
from tests.chaos.saboteur import main

VARIABLE = "OTHER"
#: a version of its own, as the rule asks; or other steps under the same version, against the rule
VERSION, STEPS = "version", "steps"


def _other_steps() -> None:
    run = StepRunner.run

    async def renamed(runner: StepRunner, name: str, *given: Any) -> Any:
        return await run(runner, f"former_{name}" if name == "consult_client" else name, *given)

    StepRunner.run = renamed  # type: ignore[method-assign]


if __name__ == "__main__":
    match os.environ[VARIABLE]:
        case "version":
            flows.runtime.workflows.FLOW_VERSION = "of yesterday"
        case "steps":
            _other_steps()
    main()
