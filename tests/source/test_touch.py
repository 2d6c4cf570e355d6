"""How many files a change touches: the lists that CONTRIBUTING.md gives, kept true."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from flows.rules.requests import Request
from flows.rules.scenarios import Escenario, Sistema, subclase_of
from inputs.schema import BY_FIELD
from pages.contract.nintex import NintexDraft
from pages.contract.records import Record
from pages.contract.remedy import IncidentDraft
from pages.contract.siac import CaseDraft
from tests.support.machine import ROOT

pytestmark = pytest.mark.process

ROOMS = ("robots", "flows", "pages", "inputs")
PORTALS = ("sisact", "siac", "nintex", "remedy")

#: "Add a scenario": its row, and when it applies
SCENARIO = {"flows/rules/scenarios.py", "flows/rules/decision.py"}
#: one scenario stands there as an example of how one is written; another changes nothing
EXAMPLES = {"inputs/schema.py", "robots/settings.py"}

REQUESTS = "flows/rules/requests.py"
#: "Add a field typed into …": its value, its line on the form, and where it comes from
FIELD: dict[type[Record], set[str]] = {
    NintexDraft: {
        "pages/contract/nintex.py",  # or requests.py, where Remedy's form has it too
        "pages/nintex/request_form.py",
        REQUESTS,
    },
    IncidentDraft: {
        "pages/contract/remedy.py",
        "pages/remedy/incident.py",
        REQUESTS,
    },
    CaseDraft: {
        "pages/contract/siac.py",
        "pages/siac/template.py",
        "pages/siac/case_page.py",  # where the portal shows it once it is registered
        "flows/procedure/siac_case.py",
    },
}
#: "Add a column of the list", which comes before it where the advisor gives the value
COLUMN = {
    "inputs/schema.py",
    "inputs/checks.py",
    "flows/rules/case.py",
    "robots/cli/one_case.py",
    "robots/console/pages/case_form.py",
    "robots/reports/case_words.py",
    "robots/console/pages/actions.py",
}
#: what a case is known by, or a word that clients, lines and mails have too: most files that name
#: one of these do not mean the form's field
COMMON = {
    *("referencia", "caso_siac", "sec", "ruc", "lineas", "cargo", "escenario"),
    *("canal", "contacto", "ejecutivo"),
}


@cache
def sources() -> dict[str, str]:
    """Every text of the product by its path."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".py", ".j2", ".js", ".txt")
    }


@cache
def names(path: str) -> frozenset[str]:
    """Every identifier and every text in a module, each as a whole."""
    found = {
        getattr(node, part, None)
        for node in ast.walk(ast.parse(sources()[path]))
        for part in ("id", "attr", "arg", "value")
    }
    return frozenset(name for name in found if isinstance(name, str))


def naming(field: str, draft: type[Record]) -> set[str]:
    """The modules that name a field, but for other portals' own."""
    own = {path.split("/")[1] for path in FIELD[draft] if path.startswith("pages/")}
    other = {f"pages/{portal}/" for portal in PORTALS if portal not in own}
    other |= {f"pages/contract/{portal}.py" for portal in PORTALS if portal not in own}
    if draft is CaseDraft:
        other.add("pages/contract/request_records.py")
    return {
        path
        for path in sources()
        if path.endswith(".py") and not path.startswith(tuple(other)) and field in names(path)
    }


def listed_for(field: str, draft: type[Record]) -> set[str]:
    """`FIELD`, with the module in which the field is declared."""
    declared = next(kind for kind in draft.__mro__ if field in vars(kind)["__annotations__"])
    home = declared.__module__.replace(".", "/") + ".py"
    return {path for path in FIELD[draft] if not path.startswith("pages/contract/")} | {home}


FIELDS = [
    pytest.param(draft, field, id=f"{draft.__name__}.{field}")
    for draft in FIELD
    for field in draft.model_fields
    if field not in COMMON
]


#: files are not typed: the pages' own methods attach them, and their tables are read and inspected
TYPED = [param for param in FIELDS if "adjuntos" not in param.values]


@pytest.mark.parametrize(("draft", "field"), TYPED)
def test_a_field_typed_into_a_portal_touches_at_most_seven_files(
    draft: type[Record], field: str
) -> None:
    found = naming(field, draft) - (COLUMN if field in BY_FIELD else set())
    assert len(found) <= 7, sorted(found)


@pytest.mark.parametrize(("draft", "field"), TYPED)
def test_where_drafts_are_made_typed_and_shown_only_the_listed_files_name_a_field(
    draft: type[Record], field: str
) -> None:
    makes = "draft_case" if draft is CaseDraft else "draft_of"
    works_with_drafts = re.compile(rf"{draft.__name__}|{makes}|\bdescribed\b|sending\.fields")
    all_found, listed = naming(field, draft), listed_for(field, draft)
    found = {path for path in all_found if works_with_drafts.search(sources()[path])}
    if draft is CaseDraft or field in Request.model_fields:
        assert listed <= all_found and found <= listed
    else:  # what a request has under another name is in the mapping from one to the other
        assert found - {"flows/procedure/filing.py"} <= listed <= all_found | {REQUESTS}


def test_the_listed_files_are_there() -> None:
    listed = SCENARIO.union(EXAMPLES, COLUMN, *FIELD.values())
    assert listed <= set(sources())


def test_a_scenario_touches_two_files() -> None:
    member = re.compile(rf"\b(?:{'|'.join(Escenario)})\b")
    assert {path for path, text in sources().items() if member.search(text)} == SCENARIO | EXAMPLES


def accepted(scenarios: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=/dev/null"]
    return subprocess.run(
        [*command, "--follow-imports=skip", "--ignore-missing-imports", str(scenarios)],
        cwd=scenarios.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.process
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
