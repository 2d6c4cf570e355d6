#!/usr/bin/env bash
# Dovecot: a message larger than quota_max_mail_size is refused over LMTP as if it could be sent again.
#
# Expected: a message that a mailbox will never take is refused for good, with 552 5.2.3 (RFC 3463: a limit of this
# mailbox), as one for which there is no room left is with 552 5.2.2.
# Seen: no room left, which may pass, is 552 5.2.2, and too large, which never does, 451 4.2.0. The server in front
# keeps the message and tries again, Postfix for five days if it is not told otherwise, and says nothing before. Its
# report (seen with maximal_queue_lifetime=0) has "Action: failed" beside "Status: 4.2.0": whoever goes by the 4 takes it
# for a delay.
#
# Versions: Debian's dovecot-core and dovecot-lmtpd 2.3.19.1; to be run as root.
# Output seen:
#   quota_rule=*:storage=1k: 552 5.2.2 <a> Quota exceeded (mailbox for user is full)
#   quota_max_mail_size=1000: 451 4.2.0 <a> Mail size is larger than the maximum size allowed by server configuration
set -euo pipefail
has() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null | grep -qF "$2" || { echo "needs $1 $2"; exit 1; }; }
has dovecot-core 2.3.19.1; has dovecot-lmtpd 2.3.19.1
[ "$(id -u)" = 0 ] || { echo "needs root"; exit 1; }
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
chmod 755 .; mkdir mail; chown nobody mail
cat > deliver.py <<'PYTHON'
import smtplib, sys

with smtplib.LMTP(sys.argv[1]) as server:
    server.ehlo_or_helo_if_needed()
    server.mail("x@x.example")
    server.rcpt("a")
    code, told = server.data("Subject: x\r\n\r\n" + "x\r\n" * 1000)
    print(code, told.decode())
PYTHON
deliver() {  # the limit of the mailbox
  cat > dovecot.conf <<CONF
base_dir = $folder/run
log_path = $folder/log
protocols = lmtp
ssl = no
mail_location = maildir:$folder/mail/%u
first_valid_uid = 1
mail_plugins = quota
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$folder/mail/%u allow_all_users=yes
}
service lmtp {
  unix_listener $folder/lmtp {
  }
}
plugin {
  quota = count:User quota
  quota_vsizes = yes
  $1
}
CONF
  rm -rf mail/a
  dovecot -c dovecot.conf
  python3 deliver.py "$folder/lmtp" 
  doveadm -c dovecot.conf stop
}
for limit in 'quota_rule=*:storage=1k' quota_max_mail_size=1000; do
  echo "$limit: $(deliver "$limit")"
done > found
diff found - <<<"$seen"
echo "$seen"
