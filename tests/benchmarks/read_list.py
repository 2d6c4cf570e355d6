"""What reading and checking a long case list costs: ``python -m tests.benchmarks.read_list``.

The same rows as openpyxl writes them (texts in the cells) and, where LibreOffice is there, as it
and Excel do (shared strings). Each is read in a process of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from inputs.reader import read_list
from tests.support.lists import TODAY, long_list, resaved

ROWS = 20_000


class Measured(NamedTuple):
    """``cpu`` tells the reader from a busy machine; ``megabytes`` is the peak of the process."""

    rows: int
    valid: int
    wall: float
    cpu: float
    megabytes: int


def measure(path: Path) -> Measured:
    command = [sys.executable, "-m", __spec__.name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Measured(*json.loads(done.stdout))


def read(path: Path) -> Measured:
    wall, cpu = time.perf_counter(), time.process_time()
    rows = read_list(path, today=TODAY).rows
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Measured(len(rows), sum(row.case is not None for row in rows), wall, cpu, _peak())


def _peak() -> int:
    status = Path("/proc/self/status")  # getrusage would count what the parent had too
    if not status.exists():
        return 0
    return int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024


def main() -> None:
    with TemporaryDirectory() as folder:
        lists = {"openpyxl": long_list(Path(folder) / "larga.xlsx", ROWS)}
        if shutil.which("soffice"):
            (lists["LibreOffice"],) = resaved(Path(folder) / "saved", lists["openpyxl"])
        for maker, path in lists.items():
            for _ in range(3):
                found = measure(path)
                print(  # noqa: T201
                    f"{maker:11}  {found.valid}/{found.rows} filas  "
                    f"{found.wall:5.1f} s, {found.cpu:5.1f} s de procesador  {found.megabytes} MB"
                )


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(read(Path(sys.argv[1]))))  # noqa: T201
    else:
        main()
