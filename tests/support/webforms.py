"""A real ASP.NET Web Forms application: `tests/webforms/site` on Debian's Mono, behind nginx.

As root on Debian the packages are installed where they are missing; elsewhere, a machine without
them skips these tests and says so. As root it runs as `www-data`.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.debian import install
from tests.support.machine import ROOT, free_port_base, wait_for

SITE = ROOT / "tests" / "webforms" / "site"
PACKAGES = (
    "mono-fastcgi-server4",
    "libmono-system-web-extensions4.0-cil",
    "mono-mcs",
    "nginx-light",
)
_PROGRAMS = ("fastcgi-mono-server4", "mcs", "nginx")
_OWNER = "www-data"
#: Debian keeps nginx off a user's path
_PATH = os.environ.get("PATH", "") + ":/usr/sbin"

_NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off; charset utf-8;  # Mono sends text/html without one
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port};
    location = / {{ return 302 /Default.aspx; }}
    location / {{
      fastcgi_pass 127.0.0.1:{behind}; include /etc/nginx/fastcgi_params;
      fastcgi_param PATH_INFO ""; fastcgi_param SCRIPT_FILENAME {folder}/site$fastcgi_script_name;
    }}
  }}
}}
"""


@functools.cache
def installed() -> bool:
    if not _found():
        install(*PACKAGES)
    return _found()


def _found() -> bool:
    extensions = Path("/usr/lib/mono/4.5/System.Web.Extensions.dll").exists()
    return extensions and all(shutil.which(name, path=_PATH) for name in _PROGRAMS)


@dataclass
class WebForms:
    """It listens on 127.0.0.1 only, and keeps nothing. `ana` comes in with `clave`."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def control(self, **asked: object) -> dict[str, Any]:
        """What was saved (``casos``) and how many postbacks came (``envios``); see `Control.cs`."""
        address = f"{self.url}/Control.axd?{urlencode(asked)}"
        with urllib.request.urlopen(address, timeout=60) as reply:
            return json.load(reply)

    def cases(self, referencia: str) -> list[dict[str, Any]]:
        return [case for case in self.control()["casos"] if case["Referencia"] == referencia]

    def answers(self) -> bool:
        with suppress(OSError):
            return bool(self.control())
        return False

    def warm_up(self) -> None:
        """The first page that is asked for has all of them compiled with it."""
        urllib.request.urlopen(f"{self.url}/Login.aspx", timeout=120).close()


@contextmanager
def webforms() -> Iterator[WebForms]:
    """Running, with its pages compiled; skips the test where its packages are not there."""
    if not installed():
        pytest.skip(f"needs Mono's Web Forms (Debian: apt-get install {' '.join(PACKAGES)})")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        served = WebForms(free_port_base(2))
        site = shutil.copytree(SITE, folder / "site", ignore=shutil.ignore_patterns("code"))
        (site / "bin").mkdir()
        _compile(site / "bin" / "Ventanilla.dll")
        conf = folder / "nginx.conf"
        conf.write_text(_NGINX.format(folder=folder, port=served.port, behind=served.port + 1))
        if os.geteuid() == 0:
            for one in (folder, *folder.rglob("*")):
                shutil.chown(one, _OWNER)
        socket = f"tcp:127.0.0.1:{served.port + 1}"
        server = ["fastcgi-mono-server4", f"--applications=/:{site}", f"--socket={socket}"]
        stack.enter_context(_running(folder, *server, "--printlog=False"))
        stack.enter_context(_running(folder, "nginx", "-e", f"{folder}/nginx.log", "-c", str(conf)))
        wait_for(served.answers)
        served.warm_up()
        yield served


def _compile(library: Path) -> None:
    sources = sorted(str(source) for source in (SITE / "code").glob("*.cs"))
    options = ("-target:library", "-r:System.Web.dll", "-r:System.Web.Extensions.dll")
    subprocess.run(["mcs", *options, f"-out:{library}", *sources], check=True)


@contextmanager
def _running(folder: Path, *command: str) -> Iterator[None]:
    """A program that ends with the context; its log is in the folder."""
    # Mono keeps its compiled pages in TMPDIR, and its own files in HOME
    environment = {**os.environ, "PATH": _PATH, "HOME": str(folder), "TMPDIR": str(folder)}
    owner = {"user": _OWNER, "group": _OWNER, "extra_groups": []} if os.geteuid() == 0 else {}
    with (folder / f"{command[0]}.out").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, **owner
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
