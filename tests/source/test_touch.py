"""How many files a change touches: the lists that CONTRIBUTING.md gives, kept true."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.rules.scenarios import Escenario, Sistema, subclase_of
from tests.support.machine import ROOT

pytestmark = pytest.mark.process

ROOMS = ("robots", "flows", "pages", "inputs")

#: "Add a scenario": its row, and when it applies
SCENARIO = {"flows/rules/scenarios.py", "flows/rules/decision.py"}
#: one scenario stands there as an example of how one is written; another changes nothing
EXAMPLES = {"inputs/schema.py", "robots/settings.py"}


def sources() -> Iterator[tuple[str, str]]:
    """Every text of the product by its path."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".py", ".j2", ".js", ".txt"):
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_a_scenario_touches_two_files() -> None:
    member = re.compile(rf"\b(?:{'|'.join(Escenario)})\b")
    assert {path for path, text in sources() if member.search(text)} == SCENARIO | EXAMPLES


def accepted(scenarios: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=/dev/null"]
    return subprocess.run(
        [*command, "--follow-imports=skip", "--ignore-missing-imports", str(scenarios)],
        cwd=scenarios.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_scenario_added_to_the_enum_alone_is_an_error_of_types(tmp_path: Path) -> None:
    text = (ROOT / "flows" / "rules" / "scenarios.py").read_text(encoding="utf-8")
    last = f'    {Escenario.POSTVENTA} = "{Escenario.POSTVENTA}"\n'
    assert text.count(last) == 1
    copy = tmp_path / "scenarios.py"
    copy.write_text(text, encoding="utf-8")
    assert accepted(copy).returncode == 0
    copy.write_text(text.replace(last, f'{last}    SEXTO = "SEXTO"\n'), encoding="utf-8")
    done = accepted(copy)
    assert done.returncode == 1 and "SEXTO" in done.stdout, done.stdout + done.stderr


def test_each_scenario_has_its_own_words() -> None:
    assert len({scenario.nombre for scenario in Escenario}) == len(Escenario)
    assert len({subclase_of(scenario) for scenario in (*Escenario, None)}) == len(Escenario) + 1
    for scenario in Escenario:  # a NINTEX form has a type, and a Remedy ticket none
        assert bool(scenario.tipo_solicitud) == (scenario.sistema is not Sistema.REMEDY)
