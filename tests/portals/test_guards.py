"""The page objects survive by their care, and by nothing else: without it the test fails."""

from __future__ import annotations

import re

import pytest

from tests.portals.guards import TRIALS, Trial
from tests.support.machine import ROOT

PORTALES = (ROOT / "docs" / "portales.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PORTALES.splitlines()
    if line.startswith("| ")
]


def test_each_of_the_25_has_a_trial() -> None:
    assert {trial.number for trial in TRIALS} == set(range(26))


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_a_trial_can_be_made(trial: Trial) -> None:
    for care in trial.cares:
        assert (ROOT / care.file).read_text(encoding="utf-8").count(care.code) == 1, (
            f"{care.file} changed: say in tests/portals/guards.py what the care is now"
        )
    file, _, name = trial.test.partition("::")
    assert f"def {name}(" in (ROOT / "tests" / "portals" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_the_document_tells_it(trial: Trial) -> None:
    file, _, name = trial.test.partition("::")
    number = str(trial.number or "L")
    told = [row for row in ROWS if row[0] == number and row[1].startswith(trial.portal)]
    wanted = (f"`{file.removesuffix('.py')}`", f"`{name}`", f"`{trial.cares[0].file}`")
    assert any(all(word in " ".join(row) for word in wanted) for row in told), wanted


def test_the_document_says_where_each_of_the_25_is() -> None:
    places = {row[0]: row for row in ROWS if row[0].isdigit() and len(row) == 4}
    assert set(places) == {str(number) for number in range(1, 26)}
    for row in places.values():
        files = re.findall(r"`(mock_portals/[\w/.]+)`", row[3])
        assert files, row
        assert all((ROOT / file).is_file() for file in files), row


@pytest.mark.full
@pytest.mark.browser
@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_without_its_care_the_test_fails(trial: Trial) -> None:
    code, words = trial.outcome()
    assert code == 1, words  # 1: tests failed; anything else is no answer
    assert re.search(trial.fails, words), words
