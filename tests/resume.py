"""`make test-full` takes hours: stopped, it goes on at the next call with what has not passed yet.

What has passed counts for these very sources and no others. ``var/test-full/<sources>.jsonl`` has a
line for each test that has ended, as it ends: its name, how it ended, its seconds. Deleting the
file begins anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: what had passed when this call began; its workers must leave out the same
_PASSED = "CARGOFIJO_TEST_PASSED"


def _sources() -> str:
    """The commit, and what has been changed since."""

    def git(*words: str) -> bytes:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout

    new = git("ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
    changes = git("diff", "HEAD") + b"".join((ROOT / os.fsdecode(n)).read_bytes() for n in new if n)
    digest = f"-{hashlib.sha256(changes).hexdigest()[:8]}" if changes else ""
    return git("rev-parse", "--short=12", "HEAD").decode().strip() + digest


class Record:
    """The record of one state of the sources, kept by the process that the workers report to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def passed(self) -> list[str]:
        if not self.path.exists():
            return []
        lines = map(json.loads, self.path.read_text(encoding="utf-8").splitlines())
        last = {line["test"]: line["ended"] for line in lines}
        return [test for test, ended in last.items() if ended == "passed"]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        line = {"test": report.nodeid, "ended": report.outcome, "seconds": round(report.duration)}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


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
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in passed])
    items[:] = [item for item in items if item.nodeid not in passed]


def pytest_report_header() -> str:
    return f"going on from {os.environ[_PASSED]}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing left to run is as good as having run it."""
    had_passed = Path(os.environ[_PASSED]).stat().st_size
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and had_passed:
        session.exitstatus = pytest.ExitCode.OK
