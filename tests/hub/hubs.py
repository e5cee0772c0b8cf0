"""A real JupyterHub on loopback with the example of the documentation, and nothing left of it afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest
import websocket

from aralify_kernel.app import Application
from aralify_kernel.settings import load
from tests.labs import free_port

EXAMPLE = Path(__file__).parents[2] / "docs" / "jupyterhub_config.py"
PASSWORD = "a password for everybody"
OPERATOR_TOKEN = "a-token-of-the-operator-of-this-test"
PATIENCE_SEC = 240

CONFIG = """
load_subconfig({example!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.services[0]["url"] = "http://127.0.0.1:{service_port}"
c.JupyterHub.services[0]["command"] = [{python!r}, "-m", "aralify_kernel", "serve"]
c.JupyterHub.services[0]["environment"]["ARALIFY_HOME"] = {home!r}
c.JupyterHub.services[0]["timeout"] = {patience}
c.JupyterHub.services.append({{"name": "operator", "api_token": {token!r}}})
c.JupyterHub.load_roles.append({{"name": "operator", "services": ["operator"], "scopes": ["admin:users", "admin:servers", "admin:groups", "tokens"]}})
c.Spawner.environment["ARALIFY_SERVER"] = "http://127.0.0.1:{port}/services/aralify"
c.Spawner.args = ["--allow-root"]
c.Spawner.http_timeout = c.Spawner.start_timeout = {patience}
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.JupyterHub.cookie_secret_file = "cookie_secret"
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = "proxy.pid"
"""


class Hub:
    """A running Hub: its address, and whoever asks it."""

    def __init__(self, process: subprocess.Popen, port: int, folder: Path):
        self.process, self.folder = process, folder
        self.family: set[psutil.Process] = {psutil.Process(process.pid)}
        self.url = f"http://127.0.0.1:{port}"
        self.service = f"{self.url}/services/aralify"
        self.operator = httpx.Client(
            base_url=f"{self.url}/hub/api", headers={"Authorization": f"token {OPERATOR_TOKEN}"}, timeout=60
        )

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def until(self, holds, what: str):
        """Return what `holds` returns, once it is true."""
        deadline = time.monotonic() + PATIENCE_SEC
        while time.monotonic() < deadline and self.process.poll() is None:
            self.look_at_family()
            with suppress(httpx.HTTPError):
                if found := holds():
                    return found
            time.sleep(1)  # the Hub answers each try, and has more to do
        raise AssertionError(f"{what}\n{self.log}")

    def look_at_family(self) -> None:
        """Remember every process that the Hub started: some outlive it when it fails, with nobody else to end them."""
        with suppress(psutil.NoSuchProcess):
            self.family |= {*psutil.Process(self.process.pid).children(recursive=True)}

    def end(self) -> None:
        """End the Hub, and whatever it started and leaves behind, each by its process id."""
        self.operator.close()
        self.look_at_family()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(60)
        _, left = psutil.wait_procs(self.family, timeout=1)
        for orphan in left:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()
        self.process.wait(30)
        _, left = psutil.wait_procs(left, timeout=30)
        assert not left

    def memory_mb(self) -> dict[str, int]:
        """Return how much memory its processes hold, by what they are."""
        self.look_at_family()
        kinds = {
            "configurable-http-proxy": "proxy",
            "singleuser": "single-user",
            " serve": "service",
            "ipykernel": "kernel",
        }
        found: dict[str, int] = {}
        for one in self.family:
            with suppress(psutil.Error):
                line = " ".join(one.cmdline())
                kind = next((kind for mark, kind in kinds.items() if mark in line), "other")
                kind = "hub" if one.pid == self.process.pid else kind
                found[kind] = found.get(kind, 0) + one.memory_info().rss // 1_000_000
        return found

    def application(self) -> Application:
        """The class server's database, as its operator's commands see it."""
        return Application(load({"ARALIFY_HOME": str(self.folder / "home")}))

    def token_of(self, username: str, *scopes: str) -> str:
        """Return a new token of somebody's at the Hub."""
        body = {"scopes": list(scopes)} if scopes else {}
        answer = self.operator.post(f"/users/{username}/tokens", json=body)
        return answer.raise_for_status().json()["token"]

    def spawn(self, username: str) -> str:
        """Start somebody's single-user server; return its address."""
        self.operator.post(f"/users/{username}/server").raise_for_status()
        self.until(lambda: self.operator.get(f"/users/{username}").json()["servers"][""]["ready"], "spawned")
        return f"{self.url}/user/{username}"


def proxy_command(folder: Path) -> list[str]:
    """Return how to start JupyterHub's proxy: the one that is installed, else one from npm, else skip."""
    if installed := shutil.which("configurable-http-proxy"):
        return [installed]
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs configurable-http-proxy, or Node with npm to get it")
    subprocess.run(
        [npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), "configurable-http-proxy@5"],
        check=True,
    )
    return [str(folder / "node_modules" / ".bin" / "configurable-http-proxy")]


@contextmanager
def running_hub(folder: Path):
    """Start a Hub with the documented configuration, and end it with everything that it started."""
    ports = {name: free_port() for name in ("port", "hub_port", "service_port", "proxy_port")}
    values = {"example": str(EXAMPLE), "python": sys.executable, "home": str(folder / "home"), "token": OPERATOR_TOKEN}
    values |= {"proxy": proxy_command(folder), "password": PASSWORD, "patience": PATIENCE_SEC}
    (folder / "config.py").write_text(CONFIG.format(**values, **ports))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "ARALIFY"))}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--config", str(folder / "config.py")],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    hub = Hub(process, ports["port"], folder)
    try:
        yield hub
    finally:
        hub.end()


def run_in_kernel(server: str, token: str, code: str) -> dict:
    """Run code in a new kernel of a single-user server, as its owner's notebook does; return the JSON it prints."""
    headers = {"Authorization": f"token {token}"}
    with httpx.Client(headers=headers, timeout=PATIENCE_SEC) as http:
        kernel = http.post(f"{server}/api/kernels", json={"name": "python3"}).raise_for_status().json()["id"]
        address = f"{server.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels"
        with closing(websocket.create_connection(address, timeout=PATIENCE_SEC, header=headers)) as channel:
            channel.send(json.dumps(_execute(code)))
            printed = ""
            while True:
                message = json.loads(channel.recv())
                content = message["content"]
                if message["msg_type"] == "stream" and content["name"] == "stdout":
                    printed += content["text"]
                assert message["msg_type"] != "error", content["traceback"]
                if message["msg_type"] == "status" and content["execution_state"] == "idle" and printed:
                    break
        http.delete(f"{server}/api/kernels/{kernel}")
    return json.loads(printed)


def _execute(code: str) -> dict:
    header = {"msg_id": "one", "username": "", "session": "test", "msg_type": "execute_request", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    return {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": "shell",
        "buffers": [],
    }
