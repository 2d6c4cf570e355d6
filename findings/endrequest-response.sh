#!/usr/bin/env bash
# ASP.NET's client scripts: in PageRequestManager's endRequest, the response can be read after one answer and
# throws after the next, when the answer brought a script along.
#
# Expected: args.get_response().get_responseData() is the answer's text in each endRequest without an error.
# Seen: where the answer has script blocks, endRequest is raised after they ran, when the executor has let its
# XMLHttpRequest go: "Cannot read properties of null (reading 'responseText')", out of the handler. The handlers
# after it are not called any more, get_isInAsyncPostBack() is false: whoever waits for them waits for ever.
#
# Versions: System.Web.Extensions 4.0 of Debian's Mono 6.8.0.105 (Microsoft's own scripts), nginx 1.22.1,
# Playwright for Python 1.65.2, chromium-headless-shell 156.0.8078.108.
# Output seen:
#   plain: read, next handler called
#   script: TypeError
set -euo pipefail
has() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null | grep -qF "$2" || { echo "needs $1 $2"; exit 1; }; }
has libmono-system-web-extensions4.0-cil 6.8.0.105; has mono-fastcgi-server4 4.2-; has nginx-light 1.22.1
has mono-mcs 6.8.0.105; has chromium-headless-shell 156.0.8078.108
folder=$(mktemp -d); mono=; web=
trap 'kill $mono $web 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
mkdir "$folder/site"; python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet playwright==1.65.2
cat > "$folder/site/web.config" <<'XML'
<?xml version="1.0"?><configuration><system.web><compilation targetFramework="4.0"><assemblies><add
assembly="System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"/></assemblies>
</compilation><httpHandlers><add verb="GET" path="ScriptResource.axd" validate="false"
type="System.Web.Handlers.ScriptResourceHandler, System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"/>
</httpHandlers><httpModules><add name="ScriptModule"
type="System.Web.Handlers.ScriptModule, System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"/>
</httpModules><pages><controls><add tagPrefix="asp" namespace="System.Web.UI"
assembly="System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"/></controls></pages>
</system.web></configuration>
XML
cat > "$folder/site/page.aspx" <<'ASPX'
<%@ Page Language="C#" %><script runat="server">void Plain(object s, EventArgs e) { }
void Script(object s, EventArgs e) { ScriptManager.RegisterStartupScript(this, GetType(), "k", "window.ran = 1;", true); }
</script><html><head runat="server"/><body><form id="f" runat="server"><asp:ScriptManager ID="m" runat="server"/>
<asp:UpdatePanel ID="u" runat="server"><ContentTemplate><asp:Button ID="plain" Text="plain" OnClick="Plain" runat="server"/>
<asp:Button ID="script" Text="script" OnClick="Script" runat="server"/></ContentTemplate></asp:UpdatePanel></form></body></html>
ASPX
read -r port behind < <(python3 -c 'import socket
a, b = (socket.create_server(("127.0.0.1", 0)) for _ in "ab")
print(a.getsockname()[1], b.getsockname()[1])')
cat > "$folder/nginx.conf" <<CONF
daemon off; pid $folder/pid; error_log $folder/log; events {} http { access_log off; client_body_temp_path $folder/a;
proxy_temp_path $folder/b; fastcgi_temp_path $folder/c; uwsgi_temp_path $folder/d; scgi_temp_path $folder/e;
server { listen 127.0.0.1:$port; location / { fastcgi_pass 127.0.0.1:$behind; include /etc/nginx/fastcgi_params;
fastcgi_param SCRIPT_FILENAME $folder/site\$fastcgi_script_name; fastcgi_param PATH_INFO ""; } } }
CONF
fastcgi-mono-server4 --applications=/:"$folder/site" --socket="tcp:127.0.0.1:$behind" >"$folder/out" 2>&1 & mono=$!
PATH=$PATH:/usr/sbin nginx -e "$folder/log" -c "$folder/nginx.conf" & web=$!
"$folder/venv/bin/python" - "http://127.0.0.1:$port/page.aspx" <<'PYTHON'
import os, shutil, sys
from playwright.sync_api import sync_playwright

LISTEN = """() => { const manager = Sys.WebForms.PageRequestManager.getInstance(); window.said = [];
manager.add_endRequest((_, args) => { try { args.get_response().get_responseData(); said.push('read'); }
  catch (error) { said.push(error.name); throw error; } });
manager.add_endRequest(() => said.push('next handler called')); }"""
SEEN = {"plain": ["read", "next handler called"], "script": ["TypeError"]}
wrong = False
with sync_playwright() as playwright:
    program, as_root = shutil.which("chromium-headless-shell"), os.geteuid() == 0
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"] * as_root)
    for name, seen in SEEN.items():
        page = browser.new_page()
        for _ in range(120):  # Mono takes its time to start
            answer = page.request.get(sys.argv[1], fail_on_status_code=False, timeout=120_000)
            if answer.ok: break
            page.wait_for_timeout(500)
        page.goto(sys.argv[1])
        page.evaluate(LISTEN)
        page.click(f"#{name}")
        page.wait_for_function("said.length", timeout=60_000)
        page.wait_for_timeout(500)  # for the next handler
        print(f"{name}: {', '.join(page.evaluate('said'))}")
        wrong |= page.evaluate("said") != seen
sys.exit("no longer as seen" if wrong else 0)
PYTHON
