#!/usr/bin/env bash
# DBOS and pyspnego: a durable workflow that handles an NTLM error takes another way when it is played back.
#
# Expected: the error of a step is recorded, and a workflow that goes on after its process died is raised the same one,
# so that `except SpnegoError` answers as it did.
# Seen: DBOS pickles the error, and pyspnego's errors pickle but cannot be unpickled: their only argument is their
# text, and their constructor takes it for an error code. In its first life the workflow gets SpnegoError; in the next
# one the recorded step raises TypeError. Nothing is said when it is recorded. The errors of aiosmtplib, IMAPClient and
# Playwright come back as they were.
#
# Versions: dbos 3.4.0, pyspnego 0.12.4, aiosmtplib 5.1.3, IMAPClient 4.1.0, playwright 1.65.2, on SQLite.
# Output seen:
#   first life: SpnegoError
#   next life: TypeError
#   SMTPResponseException comes back
#   IMAPClientReadOnlyError comes back
#   TimeoutError comes back
set -euo pipefail
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet dbos==3.4.0 pyspnego==0.12.4 aiosmtplib==5.1.3 IMAPClient==4.1.0 playwright==1.65.2
cat > lives.py <<'PYTHON'
import os, sys

import spnego
from dbos import DBOS, SetWorkflowID
from spnego.exceptions import SpnegoError

life = sys.argv[1]
DBOS(config={"name": "portal", "system_database_url": "sqlite:///own.sqlite", "application_version": "1",
             "log_level": "CRITICAL", "run_admin_server": False})


@DBOS.step()
def log_in():
    assert life == "first", "the step is recorded, and not done again"
    spnego.client("user", None, protocol="ntlm")  # no password, and none in the account's cache


@DBOS.workflow()
def visit():
    told = ""
    try:
        log_in()
    except SpnegoError:
        told = "SpnegoError"
    except Exception as error:
        told = type(error).__name__
    print(f"{life} life: {told}", flush=True)
    if life == "first":
        os._exit(0)


DBOS.launch()
if life == "first":
    with SetWorkflowID("one"):
        DBOS.start_workflow(visit)
DBOS.retrieve_workflow("one").get_result()
os._exit(0)
PYTHON
cat > others.py <<'PYTHON'
import pickle

from aiosmtplib import SMTPResponseException
from imapclient.exceptions import IMAPClientReadOnlyError
from playwright.async_api import TimeoutError

errors = {"SMTPResponseException": SMTPResponseException(554, "no"),
          "IMAPClientReadOnlyError": IMAPClientReadOnlyError("no"), "TimeoutError": TimeoutError("no")}
for name, error in errors.items():
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error) and back.args == error.args
    print(name, "comes back")
PYTHON
run() { env -u NTLM_USER_FILE venv/bin/python "$@"; }
diff <(run lives.py first; run lives.py next; run others.py) - <<<"$seen"
echo "$seen"
