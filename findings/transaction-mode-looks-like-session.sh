#!/usr/bin/env bash
# PgBouncer in transaction mode: on a quiet pooler a client that tries out whether it has a session of its own finds
# that it has. What it SET is there, its advisory lock is held, and it hears what it NOTIFYs.
#
# Expected: behind pool_mode = transaction a SET is gone in the next transaction, and LISTEN hears nothing.
# Seen: idle servers are given out last in, first out, so whoever is alone gets its own server back each time, with
# all that was left in it, even with five servers open; and its own NOTIFY comes with the answer to that statement.
# One test tells the two modes apart for certain, with one server or five: a connection that listens and asks
# nothing is told by a NOTIFY of another connection in session mode, and never in transaction mode. That other one
# finds what the first one SET, which is the first one's harm and a hint, but only while the pooler is quiet.
#
# Versions: Debian's PgBouncer 1.18.0-1+deb12u1 and PostgreSQL 15, psycopg 3.3.9.
# Output seen:
#   session, up to 5 servers: keeps SET, keeps lock, hears itself, hears another
#   transaction, 1 server: keeps SET, keeps lock, hears itself
#   transaction, up to 5 servers: keeps SET, keeps lock, hears itself
set -euo pipefail
dpkg-query -W -f '${Version}' pgbouncer | grep -qF 1.18.0 || { echo "needs pgbouncer 1.18.0"; exit 1; }
bin=/usr/lib/postgresql/15/bin; [ -x $bin/initdb ] || { echo "needs postgresql-15"; exit 1; }
[ "$(id -u)" = 0 ] || { echo "needs root, to become postgres"; exit 1; }
folder=$(mktemp -d); pooler=
as() { runuser -u postgres -- "$@"; }
stop() { [ -z "$pooler" ] || { kill "$pooler"; wait "$pooler" 2>/dev/null || true; pooler=; }; }
trap 'stop; as $bin/pg_ctl -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
chown postgres "$folder"; cd "$folder"
python3 -m venv "$folder/venv"; "$folder/venv/bin/pip" install --quiet "psycopg[binary]==3.3.9"
read -r server port < <(python3 -c 'import socket
a, b = (socket.create_server(("127.0.0.1", 0)) for _ in "ab")
print(a.getsockname()[1], b.getsockname()[1])')
as $bin/initdb -D "$folder/data" -A trust -U postgres >/dev/null
as $bin/pg_ctl -D "$folder/data" -w -l "$folder/log" -o "-p $server -k '' -c listen_addresses=127.0.0.1" start >/dev/null
cat > "$folder/try.py" <<'PYTHON'
import sys, time, psycopg

name, address, *seen = sys.argv[1:]
while True:  # the pooler takes a moment to start
    try:
        connections = [psycopg.connect(address, autocommit=True) for _ in range(5)]
        break
    except psycopg.OperationalError:
        time.sleep(0.1)
if "hears another" not in seen:  # as many servers as it may have, all idle
    for statement in ("BEGIN", "COMMIT"):
        for connection in connections[: int(name.split()[-2])]:
            connection.execute(statement)
one, other, *_ = connections
first = lambda query: one.execute(query).fetchone()[0]
found = []
one.execute("SET work_mem = '7777kB'; SELECT pg_advisory_lock(1)")
if first("SHOW work_mem") == "7777kB":
    found.append("keeps SET")
if first("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"):
    found.append("keeps lock")
one.execute("LISTEN here")
one.execute("NOTIFY here, 'own'")
if list(one.notifies(timeout=2, stop_after=1)):
    found.append("hears itself")
other.execute("NOTIFY here, 'from another'")
if list(one.notifies(timeout=2, stop_after=1)):
    found.append("hears another")
print(f"{name}: {', '.join(found)}")
sys.exit("no longer as seen" if found != seen else 0)
PYTHON
for setup in "session 5" "transaction 1" "transaction 5"; do
  read -r mode servers <<<"$setup"
  printf '[databases]\npostgres = host=127.0.0.1 port=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %s
unix_socket_dir =\nauth_type = trust\nauth_file = %s\nlogfile = %s\npool_mode = %s\ndefault_pool_size = %s\n' \
    "$server" "$port" "$folder/users" "$folder/pooler.log" "$mode" "$servers" > "$folder/pgbouncer.ini"
  echo '"postgres" ""' > "$folder/users"
  /usr/sbin/pgbouncer -q -u postgres "$folder/pgbouncer.ini" & pooler=$!
  seen=("keeps SET" "keeps lock" "hears itself"); [ "$mode" = transaction ] || seen+=("hears another")
  label="$mode, up to 5 servers"; [ "$servers" = 5 ] || label="$mode, 1 server"
  "$folder/venv/bin/python" "$folder/try.py" "$label" "postgresql://postgres@127.0.0.1:$port/postgres" "${seen[@]}"
  stop
done
