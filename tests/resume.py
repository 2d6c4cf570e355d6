"""`make test-full` takes hours: stopped, it goes on at the next call with what has not passed yet.

What has passed counts for these very sources and no others; documents are none.
``var/test-full/<sources>.jsonl`` has a line for each test that has ended, as it ends: its name,
how it ended, its seconds. Deleting the file begins anew. ``PART=k/n`` is one of n parts, and a part
ends itself in time.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.machine import ROOT

#: what had passed when this call began; its workers must leave out the same
_PASSED = "CARGOFIJO_TEST_PASSED"
_PART = "CARGOFIJO_TEST_PART"
#: seconds after which a part begins no test any more: the longest ones take some minutes
_LIMIT = 55 * 60.0
#: documents, and what real software did: tests of theirs are never left out
_DOCUMENTS = ("docs/", "findings/", "tests/docs/")
#: how long a test may take, roughly: what parts are made equal by
_HOURS_LONG, _LONG, _SHORT = 40, 10, 1


def _sources() -> str:
    """A digest of all that tests run, as it stands now."""

    def git(*words: str) -> list[str]:
        done = subprocess.run(["git", *words, "-z"], cwd=ROOT, capture_output=True, check=True)
        return [os.fsdecode(line) for line in done.stdout.split(b"\0") if line]

    digest = hashlib.sha256()
    for name in sorted({*git("ls-files"), *git("ls-files", "--others", "--exclude-standard")}):
        if name.startswith(_DOCUMENTS) or name.endswith(".md") or not (ROOT / name).is_file():
            continue
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()[:12]


def _part(items: list[pytest.Item], part: str) -> list[pytest.Item]:
    """The k-th of n parts of about equal weight, in the order of the files: tests of one file share
    what they start."""
    number, _, count = part.partition("/")
    ordered = sorted(items, key=lambda item: item.nodeid)
    weights = list(map(_weight, ordered))
    share = sum(weights) / int(count)
    placed, before = [], 0
    for item, weight in zip(ordered, weights, strict=True):
        if int(before // share) == int(number) - 1:
            placed.append(item)
        before += weight
    return placed


def _weight(item: pytest.Item) -> int:
    if not item.get_closest_marker("process"):
        return _SHORT
    return _HOURS_LONG if item.get_closest_marker("full") else _LONG


class Record:
    """The record of one state of the sources, kept by the process that the workers report to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.begun = time.monotonic()
        path.parent.mkdir(parents=True, exist_ok=True)

    def passed(self) -> list[str]:
        if not self.path.exists():
            return []
        lines = map(json.loads, self.path.read_text(encoding="utf-8").splitlines())
        last = {line["test"]: line["ended"] for line in lines}
        return [
            test
            for test, ended in last.items()
            if ended == "passed" and not test.startswith(_DOCUMENTS)
        ]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        line = {
            "test": report.nodeid,
            "ended": report.outcome,
            "seconds": round(report.duration),
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.session = session

    def pytest_runtest_logfinish(self) -> None:
        if os.environ.get(_PART) and time.monotonic() > self.begun + _LIMIT:
            ends = self.session.config.pluginmanager.getplugin("dsession") or self.session
            ends.shouldstop = "an hour is over: the same call goes on from here"


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    record = Record(ROOT / "var" / "test-full" / f"{_sources()}.jsonl")
    left_out = record.path.with_suffix(".passed")
    left_out.write_text("\n".join(record.passed()), encoding="utf-8")
    os.environ[_PASSED] = str(left_out)
    config.pluginmanager.register(record)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    passed = set(Path(os.environ[_PASSED]).read_text(encoding="utf-8").splitlines())
    part = os.environ.get(_PART)
    chosen = set(_part(items, part)) if part else set(items)
    left = [item for item in items if item in chosen and item.nodeid not in passed]
    config.hook.pytest_deselected(items=[item for item in items if item not in {*left}])
    items[:] = left


def pytest_report_header() -> str:
    return f"going on from {os.environ[_PASSED]}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing left to run is as good as having run it."""
    had_passed = Path(os.environ[_PASSED]).stat().st_size
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and had_passed:
        session.exitstatus = pytest.ExitCode.OK
