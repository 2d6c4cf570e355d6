"""Lines of statements in the product at a commit: no blanks, comments or docstrings.

python -m tests.benchmarks.statements 4e4cf7a 7f5a7e8 HEAD
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

from tests.support.machine import ROOT

ROOMS = ("robots", "flows", "pages", "inputs", "mock_portals")


def _git(*command: str) -> str:
    return subprocess.run(
        ["git", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def statements(source: str) -> int:
    tree = ast.parse(source)
    documented = {
        number for text in _docstrings(tree) for number in range(text.lineno, _end(text) + 1)
    }
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in documented
        for number, line in enumerate(source.splitlines(), 1)
    )


def _docstrings(tree: ast.AST) -> Iterator[ast.stmt]:
    with_one = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, with_one) and ast.get_docstring(node, clean=False) is not None:
            yield node.body[0]


def _end(text: ast.stmt) -> int:
    return text.end_lineno or text.lineno


def main() -> None:
    for commit in sys.argv[1:] or ["HEAD"]:
        rooms: Counter[str] = Counter()
        for path in _git("ls-tree", "-r", "--name-only", commit, *ROOMS).splitlines():
            if path.endswith(".py"):
                rooms[path.partition("/")[0]] += statements(_git("show", f"{commit}:{path}"))
        told = " · ".join(f"{room} {count:,}" for room, count in sorted(rooms.items()))
        sys.stdout.write(f"{commit}: {rooms.total():,} ({told})\n")


if __name__ == "__main__":
    main()
