"""How long an advisor's case takes in the console, in a browser, and how much of it is a wait.

``python -m tests.benchmarks.console_wait`` tells in seconds: from *Validar* to the decision, the
wait as it is seen, the steps that ask the portals, and what is left, which is the console's own;
then a whole case, from the blank page to its result, at the pace of somebody who types it in. It
fails where the console's own share is over a second, or the whole case over two minutes.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from inputs.schema import REQUIRED
from robots.console.user_store import Role
from tests.support.console import LONG, PATIENCE, Place, a_place
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals

#: seconds by the keystroke-level model (Card, Moran and Newell, 1980): a key of an average typist,
#: the hand to the mouse and the mouse to its target, and the thought before each field and button
KEY, POINT, THINK = 0.28, 0.4 + 1.1, 1.35
#: given for what the model does not know: to read what was decided, and what would be filed
READ = 10.0
#: looked for with each frame: `Locator.wait_for` would notice it up to half a second later
#: (`findings/longer-timeout-sees-later.sh`)
DECIDED = """() => [...document.querySelectorAll('.q-page *')].some((e) =>
  !e.childElementCount && e.textContent.trim() === 'Procede' && e.getClientRects().length)"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=6)
    cases: int = parser.parse_args().cases
    mini = MiniWorld()
    for _ in range(cases + 1):
        mini.configuration()
    mock = MockPortals("--seed", "1")
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            a_place(mock, Path(folder), mini, ana=Role.ASESOR) as place,
        ):
            own = []
            for serial in range(1, cases + 1):
                seen = _validate(place, serial)
                asked = _steps(place, serial)
                own.append(seen - asked)
                print(
                    f"case {serial}: {seen:5.1f} s to the decision, {asked:5.1f} s of steps, "
                    f"{seen - asked:5.2f} s the console's"
                )
            whole = _type_it_in(place, cases + 1)
    finally:
        mock.stop()
    return int(max(own) > 1.0 or whole > 120.0)


def _validate(place: Place, serial: int) -> float:
    page = place.of("ana")
    place.type_case(page, serial)
    button = page.get_by_role("button", name="Validar", exact=True)
    button.wait_for(timeout=LONG)
    begun = time.monotonic()
    button.click()
    page.wait_for_function(DECIDED, timeout=PATIENCE)
    seen = time.monotonic() - begun
    page.context.close()
    return seen


def _steps(place: Place, serial: int) -> float:
    """What its steps took, in seconds, as the log has them."""
    reference = f"CF-{place.mini.rows[serial - 1]['sec']}-"
    log = place.robot.folder / "var" / "logs" / "cargofijo.log"
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return sum(
        event["seconds"]
        for event in events
        if event["event"] == "step_ended" and event["case"].startswith(reference)
    )


def _type_it_in(place: Place, serial: int) -> float:
    """Seconds until its result is there."""
    page, row = place.of("ana"), place.mini.rows[serial - 1]
    place.go(page, "/")
    begun = time.monotonic()
    keys = 0
    for column in REQUIRED:
        box = page.get_by_label(f"{column.header} *", exact=True)
        value = str(row[column.field])
        if box.input_value() in ("", value) and not column.options:
            _pause(page, THINK + POINT)
            box.fill("")
            box.press_sequentially(value, delay=KEY * 1000)
            keys += len(value)
    _press(page, "Validar")
    page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    decided = time.monotonic() - begun
    _pause(page, READ)
    _press(page, "Siguiente")
    _pause(page, READ)
    _press(page, "Registrar")
    page.get_by_text("Paso 3 de 3 · Seguimiento").wait_for(timeout=PATIENCE)
    assert page.get_by_text("Atendido", exact=True).is_visible()
    whole = time.monotonic() - begun
    print(f"typed in: {keys} keys, the decision after {decided:.0f} s, the result {whole:.0f} s")
    return whole


def _press(page: Page, name: str) -> None:
    _pause(page, THINK + POINT)
    page.get_by_role("button", name=name, exact=True).click(timeout=PATIENCE)


def _pause(page: Page, seconds: float) -> None:
    """As a person does, who is part of what is measured."""
    page.wait_for_timeout(seconds * 1000)


if __name__ == "__main__":
    sys.exit(main())
