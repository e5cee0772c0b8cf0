"""One running `aralify lab` for all tests of what it answers."""

from __future__ import annotations

import httpx
import pytest

from aralify_kernel.client.interface import PREFIX
from tests.labs import TOKEN, lab


class Browser:
    """Somebody who asks a lab; with Jupyter's token, or without."""

    def __init__(self, address: str, **more):
        self.http = httpx.Client(base_url=address, timeout=120, trust_env=False, **more)

    def ask(self, method: str, path: str, body=None, **headers: str) -> httpx.Response:
        return self.http.request(method, PREFIX + path, json=body, headers=headers)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body=None, **headers: str) -> httpx.Response:
        return self.ask("POST", path, body, **headers)


@pytest.fixture(scope="session")
def running_lab(tmp_path_factory):
    """A lab of its own person, who judges without a background grader."""
    folder = tmp_path_factory.mktemp("lab")
    own = {"home": str(folder / "home"), "workspace": str(folder / "workspace"), "judge_idle_minutes": "0"}
    with lab(folder, **own) as running:
        yield running


@pytest.fixture
def address(running_lab):
    return running_lab.address


@pytest.fixture
def stranger(address):
    """Somebody whom Jupyter does not know."""
    browser = Browser(address)
    yield browser
    browser.http.close()


@pytest.fixture
def jupyter(address):
    """A program with Jupyter's token; nobody is signed in at Aralify."""
    program = Browser(address, headers={"Authorization": f"token {TOKEN}"})
    program.ask("DELETE", "/session")
    yield program
    program.http.close()


@pytest.fixture
def guest(jupyter):
    """The same, when a new guest has signed in at Aralify."""
    assert jupyter.post("/session", {"guest": True}).status_code == 201
    return jupyter
