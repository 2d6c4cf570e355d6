#!/usr/bin/env bash
# rich: when nobody reads standard error any more, what goes to standard output is lost too.
#
# Expected: Console(stderr=True).print() raises BrokenPipeError, as print(file=sys.stderr) does. Whoever catches
# that goes on, and standard output, which has its reader, is as it was.
# Seen: rich raises SystemExit(1), which no "except Exception" catches, and before that it puts /dev/null in the
# place of standard output, whichever stream was broken. Whoever catches SystemExit writes the result to nowhere
# and ends with 0. typer, which looks for BrokenPipeError around a command, never meets one.
#
# Versions: rich 15.0.0 (Console.on_broken_pipe), typer 0.29.2, CPython 3.11.
# Output seen:
#   print: BrokenPipeError, exit 0, result on standard output
#   rich: SystemExit, exit 0, nothing on standard output
#   rich in a typer command: exit 1, nothing on standard output
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet rich==15.0.0 typer==0.29.2
cat > "$folder/plain.py" <<'PYTHON'
import os, sys
from rich.console import Console

err = Console(stderr=True)
WAYS = {"print": lambda: print("progress", file=sys.stderr, flush=True), "rich": lambda: err.print("progress")}
try:
    WAYS[sys.argv[1]]()
except (BrokenPipeError, SystemExit) as caught:
    with open(os.environ["TOLD"], "w") as file:
        file.write(type(caught).__name__)
sys.stderr = None  # the interpreter would flush it as it ends, and end with 120
print("result")
PYTHON
cat > "$folder/command.py" <<'PYTHON'
import typer
from rich.console import Console

def work() -> None:
    try:
        Console(stderr=True).print("progress")
    except Exception:
        pass
    print("result")

typer.run(work)
PYTHON
cat > "$folder/all.py" <<'PYTHON'
import os, subprocess, sys

folder, failed = sys.argv[1], False

def seen(script, *arguments):
    read, write = os.pipe()
    os.close(read)  # nobody listens
    told = f"{folder}/told"
    open(told, "w").close()
    done = subprocess.run(
        [sys.executable, f"{folder}/{script}", *arguments],
        stdout=subprocess.PIPE, stderr=write, text=True, env={**os.environ, "TOLD": told},
    )
    os.close(write)
    caught = open(told).read()
    what = f"{done.stdout.strip() or 'nothing'} on standard output"
    return f"{caught + ', ' if caught else ''}exit {done.returncode}, {what}"


for name, arguments, expected in (
    ("print", ("plain.py", "print"), "BrokenPipeError, exit 0, result on standard output"),
    ("rich", ("plain.py", "rich"), "SystemExit, exit 0, nothing on standard output"),
    ("rich in a typer command", ("command.py",), "exit 1, nothing on standard output"),
):
    came = seen(*arguments)
    print(f"{name}: {came}")
    failed |= came != expected
sys.exit("no longer as seen" if failed else 0)
PYTHON
"$folder/venv/bin/python" "$folder/all.py" "$folder"
