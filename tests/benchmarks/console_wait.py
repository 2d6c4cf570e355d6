"""How long an advisor waits from *Validar* to the decision, and how much of it is the portals'.

``python -m tests.benchmarks.console_wait`` validates cases one after the other in the console, in
a browser, and tells in seconds: the wait as it is seen, the steps that ask the portals, and what
is left, which is the console's own.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from robots.console.people import Role
from tests.conftest import MockPortals
from tests.console.harness import LONG, PATIENCE, Place, chromium
from tests.robots.small import Small


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=6)
    cases: int = parser.parse_args().cases
    small = Small()
    for _ in range(cases):
        small.configuration()
    mock = MockPortals("--seed", "1")
    try:
        with tempfile.TemporaryDirectory() as folder, chromium() as browser:
            place = Place(mock, Path(folder), browser, small, ana=Role.ASESOR)
            for serial in range(1, cases + 1):
                seen = _validate(place, serial)
                asked = _steps(place, serial)
                print(  # noqa: T201
                    f"case {serial}: {seen:5.1f} s seen, {asked:5.1f} s of steps, "
                    f"{seen - asked:5.1f} s the console's"
                )
            place.console.stop()
    finally:
        mock.stop()


def _validate(place: Place, serial: int) -> float:
    page = place.of("ana")
    place.type_case(page, serial)
    button = page.get_by_role("button", name="Validar", exact=True)
    button.wait_for(timeout=LONG)
    begun = time.monotonic()
    button.click()
    page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    seen = time.monotonic() - begun
    page.context.close()
    return seen


def _steps(place: Place, serial: int) -> float:
    """What its steps took, in seconds, as the log has them."""
    reference = f"CF-{place.small.rows[serial - 1]['sec']}-"
    log = place.robot.folder / "var" / "logs" / "cargofijo.log"
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return sum(
        event["seconds"]
        for event in events
        if event["event"] == "step_ended" and event["case"].startswith(reference)
    )


if __name__ == "__main__":
    main()
