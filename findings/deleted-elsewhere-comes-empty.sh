#!/usr/bin/env bash
# Dovecot and IMAPClient: a message that somebody else has just deleted is fetched as one that is there and empty.
#
# Expected: of the UIDs that are asked for, one that is gone is left out, as one that never was; or the command fails.
# And move() of several takes along those that are still there.
# Seen: until its session has been told of the deletion, fetch() succeeds and has the message: a body that is None, an
# envelope without a field, received in 1970. Dovecot fills in NIL and says OK. move() does the opposite: for the one
# it refuses all, and moves nothing. Done again, each does what was expected. Whoever reads a mailbox that people use
# too has to take None for "gone", not for "empty" or "too large", and to do a refused move() once more.
#
# Versions: Debian's dovecot-core and dovecot-imapd 2.3.19.1, IMAPClient 4.1.0; to be run as root.
# Output seen:
#   fetch: 1 has no body, no subject, came in 1970; 2 has a body, a subject, came in 2026
#   fetch again: 2 has a body, a subject, came in 2026
#   move: [EXPUNGEISSUED], and 0 are moved
#   move again: done, and 2 are moved
set -euo pipefail
has() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null | grep -qF "$2" || { echo "needs $1 $2"; exit 1; }; }
has dovecot-core 2.3.19.1; has dovecot-imapd 2.3.19.1
[ "$(id -u)" = 0 ] || { echo "needs root"; exit 1; }
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); cd "$folder"
trap 'doveadm -c dovecot.conf stop 2>/dev/null || :; rm -rf "$folder"' EXIT
chmod 755 .; mkdir mail; chown nobody mail
python3 -m venv venv; venv/bin/pip install --quiet IMAPClient==4.1.0
port=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
cat > dovecot.conf <<CONF
base_dir = $folder/run
log_path = $folder/log
protocols = imap
ssl = no
mail_location = maildir:$folder/mail
first_valid_uid = 1
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$folder/mail
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = $port
  }
}
CONF
dovecot -c dovecot.conf
venv/bin/python - "$port" > found <<'PYTHON'
import datetime, sys
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

MAIL, CAME = b"Subject: x\r\n\r\nx\r\n", datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
ours, other = (IMAPClient("127.0.0.1", int(sys.argv[1]), ssl=False) for _ in range(2))
ours.normalise_times = False
for box in (ours, other):
    box.login("a", "a")
ours.create_folder("done")
for _ in range(4):
    ours.append("INBOX", MAIL, msg_time=CAME)
ours.select_folder("INBOX"), other.select_folder("INBOX")
for again in "", " again":
    other.delete_messages([1]), other.expunge([1])
    found = ours.fetch([1, 2], ["ENVELOPE", "INTERNALDATE", "BODY.PEEK[]"])
    print(f"fetch{again}:", "; ".join(
        f"{uid} has {'a' if one[b'BODY[]'] else 'no'} body, {'a' if one[b'ENVELOPE'].subject else 'no'} subject, "
        f"came in {one[b'INTERNALDATE'].year}"
        for uid, one in sorted(found.items())))
for again in "", " again":
    other.delete_messages([2]), other.expunge([2])
    try:
        told = ours.move([2, 3, 4], "done") or "done"
    except IMAPClientError as error:
        told = next(word for word in str(error).split() if word.startswith("["))
    print(f"move{again}: {told}, and {ours.folder_status('done', ['MESSAGES'])[b'MESSAGES']} are moved")
PYTHON
diff found - <<<"$seen"
echo "$seen"
