#!/usr/bin/env bash
# DBOS: a queue that is registered after launch is worked on a second later, however often it is to be looked at.
#
# Expected: of a queue with `polling_interval_sec=0.1`, registered right after `DBOS.launch()` as the documentation has
# it, the first workflow begins within a few tenths of a second.
# Seen: whoever looks for new queues does so once a second, whatever their own interval is, and has just looked. The
# same queue, known to the database before the launch (from an earlier process, or by `DBOSClient.register_queue`), is
# worked on within its interval: so a program is slow on its first start, and never again on the same database.
#
# Versions: dbos 3.4.0, on SQLite.
# Output seen:
#   registered after launch: the first workflow begins within 0.5 s: False
#   launched again: the first workflow begins within 0.5 s: True
#   registered before the first launch: the first workflow begins within 0.5 s: True
set -euo pipefail
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet dbos==3.4.0
cat > first_case.py <<'PYTHON'
import os, sys, threading, time

from dbos import DBOS, DBOSClient

what, database, when = sys.argv[1:]
url = f"sqlite:///{database}"


def register(by):
    by.register_queue("cases", polling_interval_sec=0.1)


begun = threading.Event()
DBOS(config={"name": "night", "system_database_url": url, "application_version": "1", "log_level": "CRITICAL",
             "run_admin_server": False})


@DBOS.workflow()
def work():
    begun.set()


if when == "before":
    DBOS.migrate(url)
    client = DBOSClient(system_database_url=url, application_name="night")
    register(client)
    client.destroy()
DBOS.launch()
if when == "after":
    register(DBOS)
since = time.monotonic()
DBOS.enqueue_workflow("cases", work)
begun.wait()
print(f"{what}: the first workflow begins within 0.5 s: {time.monotonic() - since < 0.5}", flush=True)
os._exit(0)
PYTHON
night() { timeout 60 venv/bin/python first_case.py "$@" 2>/dev/null; }
diff <(
  night "registered after launch" one.sqlite after
  night "launched again" one.sqlite never
  night "registered before the first launch" two.sqlite before
) - <<<"$seen"
echo "$seen"
