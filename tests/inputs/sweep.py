"""The reader over every workbook of a folder: ``python -m tests.inputs.sweep FOLDER [FOLDER …]``.

Each is read as a list, and each cell of each sheet compared with openpyxl and python-calamine. What
comes out is counted by kind: what was said of the files that are no list, the differences, and the
slowest. Exit code 1 where there is a traceback, a difference that nothing here explains, or more
than `MOST_SECONDS` of processor time for a file under `SMALL` bytes.

OPENPYXL_DEFUSEDXML=False in the environment lets openpyxl take a third of the time.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import time
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from inputs.reader import ListError, read_list
from inputs.workbook import WorkbookError, WorkbookReader
from tests.inputs.second_readers import CALAMINE, OPENPYXL, Difference, differences

ENDINGS = {f".{ending}" for ending in (
    "xlsx", "xlsm", "xltx", "xltm", "xlsb", "xlam", "xls", "ods", "docx", "pptx"
)}  # fmt: skip
SMALL, MOST_SECONDS = 1_000_000, 10.0
#: bytes of a file that is compared, and seconds after which a library is no longer waited for
LARGEST, PATIENCE = 150_000, 20


@dataclass
class Found:
    """What one file gave; ``seconds`` are the product's, of the processor."""

    path: Path
    said: str = ""
    crash: str = ""
    seconds: float = 0.0
    cells: int = 0
    compared: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


def look_at(path: Path) -> Found:
    warnings.simplefilter("ignore")
    found = Found(path)
    began = time.process_time()
    try:
        rows = read_list(path, today=date(2026, 11, 20)).rows
        found.said = "leído como lista" if rows else ""
    except ListError as error:
        found.said = _kind_of(str(error), path)
    except Exception:
        found.crash = traceback.format_exc()
    found.seconds = time.process_time() - began
    if found.crash or path.stat().st_size > LARGEST:
        return found
    try:
        with WorkbookReader(path) as book:
            ours = {
                sheet.name: {
                    (number, place): cell
                    for number, cells in book.rows(sheet)
                    for place, cell in enumerate(cells, start=1)
                    if cell.kind != "empty"
                }
                for sheet in book.sheets
            }
    except WorkbookError:
        return found
    except Exception:
        found.crash = traceback.format_exc()
        return found
    found.cells = sum(map(len, ours.values()))
    for library in (OPENPYXL, CALAMINE):
        try:
            with _patience():
                found.differences += differences(ours, path, library)
            found.compared.add(library.name)
        except BaseException as error:  # calamine's panic is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            found.refused[library.name] = f"{type(error).__name__}: {str(error)[:80]}"
    return found


def _kind_of(sentence: str, path: Path) -> str:
    return re.sub(r"«[^»]*»(?:, «[^»]*»| y «[^»]*»)*", "«…»", sentence.replace(path.name, "X"))


@contextmanager
def _patience() -> Iterator[None]:
    def enough(*_: object) -> None:
        raise TimeoutError(f"over {PATIENCE} s")

    signal.signal(signal.SIGPROF, enough)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def workbooks(folders: list[Path]) -> list[Path]:
    paths = (path for folder in folders for path in sorted(folder.rglob("*")))
    return [path for path in paths if path.is_file() and path.suffix.lower() in ENDINGS]


def tell(all_found: list[Found]) -> bool:
    """Print what came out; gives whether there is nothing to be explained."""
    cells = sum(found.cells for found in all_found)
    say(f"{len(all_found)} archivos, {cells:,} celdas con contenido")
    for name in (OPENPYXL.name, CALAMINE.name):
        compared = sum(name in found.compared for found in all_found)
        refused = sum(name in found.refused for found in all_found)
        say(
            f"  comparados con {name}, hasta {LARGEST:,} B: {compared}; este no puede con {refused}"
        )
    say("\nQué dijo el lector")
    for said, count in Counter(found.said or "sin palabra" for found in all_found).most_common():
        say(f"{count:6}  {said}")
    by_kind: dict[tuple[str, str], list[tuple[Found, Difference]]] = defaultdict(list)
    for found in all_found:
        for difference in found.differences:
            by_kind[difference.library, difference.kind].append((found, difference))
    say("\nDiferencias: celdas, archivos, tipo")
    unexplained = False
    for (library, kind), cases in sorted(by_kind.items(), key=lambda item: -len(item[1])):
        files = {found.path for found, _ in cases}
        explained = all(difference.explained for _, difference in cases)
        unexplained |= not explained
        mark = "" if explained else "  SIN EXPLICAR"
        say(f"{len(cases):8} {len(files):5}  {library}: {kind}{mark}")
        if not explained:
            for found, difference in random.Random(1).sample(cases, min(8, len(cases))):
                say(f"              {found.path}  {difference}")
    say("\nLos más lentos, en segundos de procesador")
    for found in sorted(all_found, key=lambda found: -found.seconds)[:10]:
        say(f"{found.seconds:8.1f}  {found.path.stat().st_size:10,} B  {found.path}")
    slow = [
        found
        for found in all_found
        if found.seconds > MOST_SECONDS and found.path.stat().st_size < SMALL
    ]
    crashed = [found for found in all_found if found.crash]
    say(f"\n{len(crashed)} tracebacks, {len(slow)} demasiado lentos")
    for found in crashed:
        say(f"{found.path}\n{found.crash}")
    return not (crashed or slow or unexplained)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.inputs.sweep", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    paths = workbooks(given.folders)
    all_found: list[Found] = []
    with ProcessPoolExecutor(given.workers) as pool:
        for found in pool.map(look_at, paths):
            all_found.append(found)
            if len(all_found) % 100 == 0:
                print(f"{len(all_found)} de {len(paths)}", file=sys.stderr)  # noqa: T201
    return 0 if tell(all_found) else 1


if __name__ == "__main__":
    sys.exit(main())
