#!/usr/bin/env bash
# DBOS: a cancelled workflow gives up its place in the queue while its function is still at work.
#
# Expected: in a queue with `concurrency=1` two workflows are never at work at once; one that is cancelled keeps its
# place until its step has returned, as a cancel stops nothing before the next step begins.
# Seen: the place is free as soon as the status is CANCELLED. The next workflow begins at once, beside the step that is
# still running: where the one place stands for one session in a portal, there are two in it.
#
# Versions: dbos 3.4.0, on SQLite.
# Output seen:
#   first begins
#   first is cancelled
#   second begins
#   second ends: SUCCESS
#   first ends: CANCELLED
set -euo pipefail
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet dbos==3.4.0
cat > queue_of_one.py <<'PYTHON'
import os, threading

from dbos import DBOS, SetWorkflowID

DBOS(config={"name": "portal", "system_database_url": "sqlite:///own.sqlite", "application_version": "1",
             "log_level": "CRITICAL", "run_admin_server": False})
begun, go_on, over = threading.Event(), threading.Event(), threading.Event()


@DBOS.step()
def in_the_portal(name):
    print(name, "begins", flush=True)
    if name == "first":
        begun.set()
        go_on.wait()
        over.set()


@DBOS.workflow()
def visit(name):
    in_the_portal(name)


DBOS.launch()
DBOS.register_queue("sessions", concurrency=1)
for name in ("first", "second"):
    with SetWorkflowID(name):
        DBOS.enqueue_workflow("sessions", visit, name)
begun.wait()
DBOS.cancel_workflow("first")
print("first is cancelled", flush=True)
DBOS.retrieve_workflow("second").get_result()
assert not over.is_set(), "the first one's step is still at work"
print("second ends:", DBOS.get_workflow_status("second").status, flush=True)
go_on.set()
over.wait()
print("first ends:", DBOS.get_workflow_status("first").status, flush=True)
os._exit(0)
PYTHON
diff <(timeout 60 venv/bin/python queue_of_one.py 2>/dev/null) - <<<"$seen"
echo "$seen"
