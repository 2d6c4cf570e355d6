#!/usr/bin/env bash
# aiosmtplib: after asyncio.timeout() has cut a RCPT short, each recipient is given the answer of the one before.
#
# Expected: a command that is cancelled leaves a connection that nobody uses any more, as aiosmtplib's own timeout does,
# which closes it; or the late answer is dropped, and the next command has its own.
# Seen: the connection stays open, and what comes late is taken for the answer to the next command, and so on: a
# recipient whom the server refuses counts as accepted, and the one after it, who is well, as refused. Nothing is raised.
# Whoever sets limits with asyncio.timeout() or wait_for() has to close the connection where one has passed.
#
# Versions: aiosmtplib 5.1.3, aiosmtpd 1.4.6.
# Output seen:
#   rcpt(timeout=): slow SMTPReadTimeoutError, gone SMTPServerDisconnected, known SMTPServerDisconnected
#   asyncio.timeout(): slow TimeoutError, gone 250 slow, known SMTPRecipientRefused 550 gone
set -euo pipefail
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet aiosmtplib==5.1.3 aiosmtpd==1.4.6
cat > answers.py <<'PYTHON'
import asyncio

import aiosmtplib
from aiosmtpd.smtp import SMTP

LATE = asyncio.Event()


class Recipients:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == "slow":
            await LATE.wait()  # until whoever asked has given up
        if address == "gone":
            return "550 gone"
        envelope.rcpt_tos.append(address)
        return f"250 {address}"


async def told(client, how, address):
    seconds = 0.3 if address == "slow" else 10
    try:
        if how == "rcpt(timeout=)":
            return str((await client.rcpt(address, timeout=seconds)).message)
        async with asyncio.timeout(seconds):
            code, message = await client.rcpt(address)
        return f"{code} {message}"
    except Exception as error:
        code, message = getattr(error, "code", ""), getattr(error, "message", "")
        return " ".join(filter(None, (type(error).__name__, str(code), message if code else "")))
    finally:
        LATE.set()


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Recipients(), hostname="x"), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for how in ("rcpt(timeout=)", "asyncio.timeout()"):
        LATE.clear()
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        await client.ehlo()
        await client.mail("a")
        print(f"{how}:", ", ".join([f"{one} {await told(client, how, one)}" for one in ("slow", "gone", "known")]))
        client.close()


asyncio.run(main())
PYTHON
got=$(venv/bin/python answers.py)
diff <(echo "$got") - <<<"$seen"
echo "$got"
