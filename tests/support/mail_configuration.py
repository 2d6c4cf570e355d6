"""What the tests' Postfix and Dovecot are told: a port for each thing that may be wanted."""

from __future__ import annotations

DOVECOT = """
base_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
ssl = yes
ssl_cert = <{folder}/certificado.pem
ssl_key = <{folder}/clave.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
# no penalty for an address that failed before
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
default_internal_user = dovecot
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
  override_fields = uid=nobody gid=nogroup home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
  }}
  mailbox "Sent Messages" {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
  }}
}}
mail_plugins = quota
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_overquota = "552 5.2.2 Mailbox is full"
}}
service quota-status {{
  executable = quota-status -p postfix
  unix_listener {folder}/spool/private/quota-status {{
    user = postfix
    mode = 0600
  }}
}}
service lmtp {{
  unix_listener {folder}/spool/private/mailboxes {{
    user = postfix
    mode = 0600
  }}
}}
service auth {{
  unix_listener {folder}/spool/private/auth {{
    user = postfix
    mode = 0600
  }}
}}
"""

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/postfix.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.{domain}
mydestination =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = inline:{{ {known} }}
virtual_transport = lmtp:unix:private/mailboxes
transport_maps = inline:{{ {{ {narrow} = smtp:[127.0.0.1]:{small} }} }}
smtpd_tls_cert_file = {folder}/certificado.pem
smtpd_tls_key_file = {folder}/clave.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sender_login_maps = inline:{{ {{ {robot} = {robot} }} }}
smtpd_relay_restrictions = permit_sasl_authenticated, defer_unauth_destination
greylisting = check_recipient_access inline:{{ {{ {domain} = 450 4.2.0 Greylisted }} }}
smtpd_error_sleep_time = 0
alias_maps =
alias_database =
notify_classes =
# given up at the first try, in place of the fifth day
maximal_queue_lifetime = 0
"""

SERVICES = """
127.0.0.1:{plain} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
  -o smtpd_helo_required=yes
127.0.0.1:{wrapped} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{filtered} inet n - n - - smtpd
  -o smtpd_end_of_data_restrictions=check_policy_service,inet:127.0.0.1:9
127.0.0.1:{grey} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=$greylisting
127.0.0.1:{milter} inet n - n - - smtpd
  -o smtpd_milters=inet:127.0.0.1:9
127.0.0.1:{proxied} inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:9
127.0.0.1:{quota} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=check_policy_service,unix:private/quota-status
127.0.0.1:{small} inet n - n - - smtpd
  -o message_size_limit=1000
  -o smtpd_banner=lejos.example
127.0.0.1:{hasty} inet n - n - - smtpd
  -o smtpd_client_message_rate_limit=1
  -o smtpd_client_event_limit_exceptions=
127.0.0.1:{busy} inet n - n - - smtpd
  -o smtpd_client_connection_rate_limit=1
  -o smtpd_client_event_limit_exceptions=
127.0.0.1:{single} inet n - n - - smtpd
  -o smtpd_recipient_limit=1
127.0.0.1:{stranger} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:{postgrey}
127.0.0.1:{strict} inet n - n - - smtpd
  -o smtpd_helo_restrictions=reject_non_fqdn_helo_hostname
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
