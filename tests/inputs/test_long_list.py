"""A list of 20,000 rows: all of them read, in little memory. The benchmark states the time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from inputs.demo_world import demo_ruc
from tests.inputs.lists import HEADERS, PLACE, good

ROWS = 20_000
MEGABYTES = 200

_READ = """
import sys
from pathlib import Path
from tests.inputs.lists import read
rows = read(Path(sys.argv[1])).rows
status = Path("/proc/self/status").read_text()  # getrusage would count what the parent had too
used = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(len(rows), sum(1 for row in rows if row.case), used)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads its peak from /proc")
def test_twenty_thousand_rows(tmp_path: Path) -> None:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Casos")
    sheet.append(HEADERS)
    for number in range(ROWS):
        row = good(
            id=f"VC-{number}",
            sec=str(10_000_000 + number),
            ruc=demo_ruc(number),
            lineas=f"9{number:08}, 9{number + 1:08}",
            cargo_fijo_ofrecido=f"S/ {39.9 + number / 100:,.2f}",
            contacto=f"Núñez Peña {'abcdefghij'[number % 10]}",
            contacto_dni=f"{number:08}",
            contacto_correo=f"persona{number}@empresa.example",
            observaciones=f"Nota {number}",
        )
        sheet.append([row.get(field) for field in PLACE])
    path = tmp_path / "larga.xlsx"
    workbook.save(path)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True
    )
    rows, valid, megabytes = done.stdout.split()
    assert (int(rows), int(valid)) == (ROWS, ROWS)
    assert int(megabytes) < MEGABYTES
