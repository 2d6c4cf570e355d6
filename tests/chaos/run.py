"""``make chaos``: so many kills, chain by chain, and the tally by boundary.

Each chain that has ended is a line in the tally file; stopped by Ctrl-C or anything else, the next
call goes on with the chains that were under way. Several are at work at once, each on portals of
its own: one alone leaves more than a third of two cores idle.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from tests.chaos.chain import random_chain, run_chain
from tests.support.mock import MockPortals
from tests.support.postgres import server


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--tally", type=Path)
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--share", type=int, help=argparse.SUPPRESS)  # one of those at once
    parser.add_argument(
        "--postgres", action="store_true", help="on a PostgreSQL of its own, as a fleet has it"
    )
    options = parser.parse_args()
    if options.tally is None:
        options.tally = Path(f"var/chaos/tally{'-postgres' * options.postgres}.jsonl")
    options.tally.parent.mkdir(parents=True, exist_ok=True)
    if options.share is not None:
        with suppress(KeyboardInterrupt):
            _work(options)
        return 0
    command = [sys.executable, "-m", "tests.chaos.run", *sys.argv[1:], "--share"]
    workers = [subprocess.Popen([*command, str(share)]) for share in range(options.at_once)]
    try:
        codes = [worker.wait() for worker in workers]
    except KeyboardInterrupt:  # they have got it too
        codes = [worker.wait() for worker in workers]
        print("Stopped; the next call goes on from here.")  # noqa: T201
    return max(_show(_read(options.tally)), *map(bool, codes))


def _work(options: argparse.Namespace) -> None:
    """Every so-many-th seed that has not been done, until all together have killed enough."""
    mock = MockPortals("--seed", "7")
    try:
        for seed in count(options.first_seed + options.share, options.at_once):
            done = _read(options.tally)
            if _kills(done) >= options.kills:
                break
            if seed in {result["seed"] for result in done}:
                continue
            started = time.monotonic()
            kinds, plans = random_chain(seed)
            with tempfile.TemporaryDirectory() as folder, database(options.postgres) as settings:
                result = run_chain(seed, plans, mock, Path(folder), kinds=kinds, **settings)
                if result.wrong:
                    _keep(options.tally.parent / f"chain-{seed}", Path(folder), mock)
            with options.tally.open("a", encoding="utf-8") as file:
                file.write(result.as_line() + "\n")
            print(  # noqa: T201
                f"chain {seed} ({kinds[0]}): {sum(result.kills.values())} kills in "
                f"{time.monotonic() - started:.0f} s, {_kills(_read(options.tally))} of "
                f"{options.kills}; {'; '.join(result.wrong) or 'all as it should be'}",
                flush=True,
            )
    finally:
        mock.stop()


def _kills(done: list[dict[str, Any]]) -> int:
    return sum(sum(result["kills"].values()) for result in done)


def _keep(target: Path, folder: Path, mock: MockPortals) -> None:
    """What tells how it came to this: the robot's folder, and the portals' state."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("tmp"), dirs_exist_ok=True)
    (target / "state.json").write_text(json.dumps(mock.state(), ensure_ascii=False, indent=1))


@contextmanager
def database(postgres: bool) -> Iterator[dict[str, str]]:
    """The settings for an empty one."""
    if not postgres:
        yield {}
        return
    with server() as started:
        yield {"CARGOFIJO_DATABASE_URL": started.address}


def _read(tally: Path) -> list[dict[str, Any]]:
    if not tally.exists():
        return []
    return [json.loads(line) for line in tally.read_text(encoding="utf-8").splitlines()]


def _show(done: list[dict[str, Any]]) -> int:
    kills: Counter[str] = Counter()
    for result in done:
        kills.update(result["kills"])
    for name, times in sorted(kills.items()):
        print(f"{times:6} {name}")  # noqa: T201
    wrong = [f"chain {result['seed']}: {one}" for result in done for one in result["wrong"]]
    told = sum(result["told"] for result in done)
    print(  # noqa: T201
        f"{sum(kills.values())} kills in {len(done)} chains; {len(wrong)} disagreements; "
        f"{told} e-mails that a person was told to ask about"
    )
    for sentence in wrong:
        print(sentence)  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
