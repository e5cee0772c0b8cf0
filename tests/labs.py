"""A running `aralify lab`, for the tests that visit one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx

TOKEN = "a-token-for-the-test"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """A running `aralify lab`."""

    def __init__(self, process: subprocess.Popen, address: str, log: Path):
        self.process, self.address, self.log = process, address, log
        self.http = httpx.Client(base_url=address, headers={"Authorization": f"token {TOKEN}"}, timeout=60)

    def get(self, path: str) -> str:
        return self.http.get(path).raise_for_status().text

    @property
    def url(self) -> str:
        """The address a browser opens."""
        return f"{self.address}/?token={TOKEN}"

    def start_kernel(self) -> None:
        self.http.post("/api/kernels", json={"name": "aralify"}).raise_for_status()

    def wait_until_it_answers(self) -> None:
        while self.process.poll() is None:
            try:
                self.get("/api/status")
            except httpx.HTTPError:
                time.sleep(0.1)  # or asking takes the time of what is to answer
                continue
            return
        raise AssertionError(self.log.read_text())


@contextmanager
def lab(tmp_path: Path, base_url: str = "/", **settings: str):
    """Start it as a person does, on a machine without Node and with JupyterLab's settings of nobody.

    Args:
        tmp_path: Where everything of that person lies.
        base_url: Below which path their Jupyter configuration lets a server answer.
        settings: Of Aralify, beside or in place of those in the environment.
    """
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    without_node = [folder for folder in os.defpath.split(os.pathsep) if not Path(folder, "node").exists()]
    environment |= {"HOME": str(tmp_path / "person"), "JUPYTER_TOKEN": TOKEN, "PATH": os.pathsep.join(without_node)}
    environment |= {f"ARALIFY_{name.upper()}": value for name, value in settings.items()}
    configuration = tmp_path / "person" / ".jupyter" / "jupyter_server_config.json"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    configuration.write_text(json.dumps({"ServerApp": {"base_url": base_url}}))
    log_file = tmp_path / "log"
    with log_file.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "aralify_kernel", "lab", "--no-browser", f"--port={port}"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        running = Lab(process, f"http://127.0.0.1:{port}{base_url.rstrip('/')}", log_file)
        try:
            running.wait_until_it_answers()
            yield running
        finally:
            running.http.close()
            process.terminate()  # it ends its kernels
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
