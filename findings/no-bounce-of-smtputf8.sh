#!/usr/bin/env bash
# Postfix and Dovecot: of a mail with an ñ in an address (SMTPUTF8) that cannot be delivered, its sender never hears.
#
# Expected: Postfix takes the mail with 250, finds that the mailbox's server does not offer SMTPUTF8 (Dovecot 2.3 does
# not), and the sender, whose own address is plain ASCII, gets a bounce like that of any other mail.
# Seen: the bounce is lost. It inherits the mail's wish for SMTPUTF8, and Postfix takes the headers of the mail within
# it for its own: so it too requires SMTPUTF8, the sender's Dovecot does not offer that, and of a bounce that bounces
# nobody hears: the postmaster's report of notify_classes=2bounce is discarded for the same reason. It is so without an
# ñ in any address, too, if there is one in the subject. With RET=HDRS, which puts the headers in as text, it comes.
#
# Versions: Debian's postfix 3.7.11, dovecot-core and dovecot-lmtpd 2.3.19.1; to be run as root.
# Output seen:
#   unknown address, ñ in the subject, encoded: taken, reports to the sender: 1, to postmaster: 0
#   unknown address, SMTPUTF8, no ñ anywhere: taken, reports to the sender: 1, to postmaster: 0
#   unknown address, SMTPUTF8, ñ in the subject: taken, reports to the sender: 0, to postmaster: 0
#   SMTPUTF8, ñ in the address: taken, reports to the sender: 0, to postmaster: 0
#   SMTPUTF8 RET=HDRS, ñ in the address: taken, reports to the sender: 1, to postmaster: 0
set -euo pipefail
has() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null | grep -qF "$2" || { echo "needs $1 $2"; exit 1; }; }
has postfix 3.7.11; has dovecot-core 2.3.19.1; has dovecot-lmtpd 2.3.19.1
[ "$(id -u)" = 0 ] || { echo "needs root"; exit 1; }
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); cd "$folder"
trap '{ postfix -c "$folder" stop; doveadm -c dovecot.conf stop; } >log 2>&1 || :; rm -rf "$folder"' EXIT
chmod 755 .; mkdir -p mail data spool/private; chown nobody mail; chown postfix data spool/private
printf '%s:::::::\n' ana postmaster > users
port=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
cat > dovecot.conf <<CONF
base_dir = $folder/run
log_path = $folder/dovecot.log
protocols = lmtp
ssl = no
mail_location = maildir:$folder/mail/%n
first_valid_uid = 1
passdb {
  driver = static
}
userdb {
  driver = passwd-file
  args = username_format=%n $folder/users
  override_fields = uid=nobody gid=nogroup home=$folder/mail/%n
}
service lmtp {
  unix_listener $folder/spool/private/mailboxes {
    user = postfix
  }
}
CONF
printf '%s\n' compatibility_level=3.6 queue_directory="$folder/spool" data_directory="$folder/data" alias_maps= \
  maillog_file_prefixes="$folder" maillog_file="$folder/postfix.log" inet_interfaces=127.0.0.1 mydestination= \
  myhostname=x.example virtual_mailbox_domains=x.example virtual_mailbox_maps=static:ok \
  virtual_transport=lmtp:unix:private/mailboxes > main.cf
for one in rewrite:trivial-rewrite bounce:bounce defer:bounce lmtp:lmtp error:error retry:error anvil:anvil
do echo "${one%:*} unix - - n - 0 ${one#*:}"; done > master.cf
printf '%s\n' "postlog unix-dgram n - n - 1 postlogd" "qmgr unix n - n 300 1 qmgr" "cleanup unix n - n - 0 cleanup" \
  "127.0.0.1:$port inet n - n - - smtpd -o local_recipient_maps=" >> master.cf
cat > send.py <<'PYTHON'
import pathlib, smtplib, sys, time
from email.message import EmailMessage
from email.policy import SMTP

MAILS = [("unknown address, ñ in the subject, encoded", "gone", "ñ", []),
         ("unknown address, SMTPUTF8, no ñ anywhere", "gone", "n", ["SMTPUTF8"]),
         ("unknown address, SMTPUTF8, ñ in the subject", "gone", "ñ", ["SMTPUTF8"]),
         ("SMTPUTF8, ñ in the address", "peña", "n", ["SMTPUTF8"]),
         ("SMTPUTF8 RET=HDRS, ñ in the address", "peña", "n", ["SMTPUTF8", "RET=HDRS"])]
there = lambda user: len(list(pathlib.Path("mail", user).glob("new/*")))
for done, (name, to, subject, options) in enumerate(MAILS, 1):
    mail, before = EmailMessage(policy=SMTP.clone(utf8="SMTPUTF8" in options)), there("ana")
    mail["From"], mail["To"], mail["Subject"] = "ana@x.example", f"{to}@x.example", subject
    with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=60) as server:
        server.sendmail("ana@x.example", [f"{to}@x.example"], mail.as_bytes(), options)
    end = time.monotonic() + 60  # until the mail and its bounce have left the queue
    while pathlib.Path("postfix.log").read_text().count(": removed") < 2 * done and time.monotonic() < end:
        time.sleep(0.1)
    print(f"{name}: taken, reports to the sender: {there('ana') - before}, to postmaster: {there('postmaster')}")
PYTHON
dovecot -c dovecot.conf; postfix -c "$folder" start 2>log; python3 send.py "$port" > found
diff found - <<<"$seen"
echo "$seen"
