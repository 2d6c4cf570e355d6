"""The mock portals as a process of their own, and their control port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.machine import ROOT, free_port_base

PORTAL_OFFSETS = {"sisact": 1, "siac": 2, "nintex": 3, "remedy": 4}
#: of layouts, besides the one that all other tests have
SEEDS = range(2, 22)


def requests_of(state: Any) -> dict[str, list[dict[str, Any]]]:
    """What is filed, by system."""
    return {
        "NINTEX Activaciones": state["nintex"]["activaciones"],
        "NINTEX operador": state["nintex"]["operador"],
        "Remedy": state["remedy"]["incidents"],
    }


class MockPortals:
    """A running ``python -m mock_portals`` and its control port; ``root`` has its sources."""

    def __init__(self, *options: str, world: Path | None = None, root: Path = ROOT) -> None:
        self.base = free_port_base()
        command = [sys.executable, "-m", "mock_portals", "--imap", "--port-base", str(self.base)]
        command += options
        if world is not None:
            command += ["--world", str(world)]
        self.process = subprocess.Popen(
            command, cwd=root, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.strip() == b"ready", f"the mock portals did not start: {line!r}"

    def __enter__(self) -> MockPortals:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, portal: str) -> str:
        return f"http://127.0.0.1:{self.base + PORTAL_OFFSETS[portal]}"

    @property
    def smtp_port(self) -> int:
        return self.base + 5

    @property
    def imap_port(self) -> int:
        return self.base + 6

    def call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.base}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)

    def state(self) -> Any:
        return self.call("GET", "/state")

    def patch(self, **records: Any) -> Any:
        return self.call("PATCH", "/state", records)

    def happens(self, **world: Any) -> Any:
        """The world goes on: a bill comes, a line is regularised."""
        return self.call("PATCH", "/world", world)

    def bills(self, line: str, *charges: str, month: str = "2026-11") -> None:
        """What comes of a request: the line is regularised in October, and billed so."""
        (held,) = (one for one in self.state()["lines"] if one["number"] == line)
        regularised = {
            "date": "2026-10-02", "kind": "Regularización de cargo fijo", "detail": "",
        }  # fmt: skip
        invoices = [{"period": month, "charge": charge} for charge in charges]
        self.happens(
            lines=[
                {
                    "number": line,
                    "charge": "39.90",
                    "history": [*held["history"], regularised],
                    "invoices": [*held["invoices"], *invoices],
                }
            ]
        )

    def receives(self, raw: bytes) -> None:
        """A message comes into the mailbox."""
        url = f"http://127.0.0.1:{self.base}/mail"
        with urllib.request.urlopen(urllib.request.Request(url, data=raw), timeout=30):
            pass

    def reset(self, world: Any = None) -> None:
        self.call("POST", "/reset", world)

    def reword(self, *changes: dict[str, str]) -> None:
        """Somebody at the owner's calls things otherwise: all that is, ``before`` and ``now``, by
        portal, and ``on`` which pages."""
        self.call("PUT", "/wording", list(changes))

    def fault(self, *faults: dict[str, Any]) -> None:
        self.call("POST", "/faults", list(faults))

    def held(self) -> dict[str, list[dict[str, Any]]]:
        """What stands in the portals under a reference, by kind, and the mail."""
        state = self.state()
        kinds = {
            "siac": state["siac"]["cases"],
            "activaciones": state["nintex"]["activaciones"],
            "operador": state["nintex"]["operador"],
            "remedy": state["remedy"]["incidents"],
        }
        return {
            kind: [record for record in records if record["reference"]]
            for kind, records in kinds.items()
        } | {"mail": state["mail"]}

    def counts(self) -> dict[str, int]:
        return {kind: len(records) for kind, records in self.held().items()}

    def requests(self, portal: str) -> int:
        return sum(r["count"] for r in self.state()["requests"] if r["portal"] == portal)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)  # a busy machine takes its time
