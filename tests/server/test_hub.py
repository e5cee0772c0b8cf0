"""Letting people in by the word of a JupyterHub; a real one is brought up by `make hub`.

Here a stand-in answers as JupyterHub's documentation says it does.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from contextlib import asynccontextmanager
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from traitlets.config import Configurable

from aralify_kernel.app import Application
from aralify_kernel.server.access import Route, Who, guarded
from aralify_kernel.server.hub import identity
from aralify_kernel.server.hub.asking import Hub
from aralify_kernel.server.hub.identity import HubIdentityProvider
from aralify_kernel.server.hub.pages import instead
from aralify_kernel.server.lanes import Lanes
from aralify_kernel.server.pages import ROUTES
from aralify_kernel.server.rest import handler as rest
from aralify_kernel.server.rest.limits import Limit
from aralify_kernel.services import sign_ins
from aralify_kernel.settings import hub_service, load
from tests.server import loops

PREFIX = "/services/aralify/"
ACCESS = "access:services!service=aralify"
HTML = {"Accept": "text/html"}
SECRET = b"x" * 32


class StandIn(web.RequestHandler):
    """The part of a Hub's interface that a service uses. `models` says who holds which token."""

    models: dict[str, dict]
    asked: list[str]
    challenge = ""

    def initialize(self, stand_in):
        self.hub = stand_in

    def get(self, path):
        token = self.request.headers["Authorization"].removeprefix("token ")
        self.hub.asked.append(path)
        if path == "user" and token in self.hub.models:
            self.finish(self.hub.models[token])
        elif path.startswith("users/") and token == "the-service":
            self.finish({"name": path[6:], "groups": ["g9"]})
        else:
            self.send_error(403)

    def post(self, path):
        form = {name: values[0].decode() for name, values in self.request.body_arguments.items()}
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        is_right = form["code"] == "the-code" and proof == self.hub.challenge and form["client_secret"] == "the-service"
        if path == "oauth2/token" and is_right and form["redirect_uri"] == f"{PREFIX}oauth_callback":
            self.finish({"access_token": "of-ana"})
        else:
            self.send_error(400)


class WhoIsIt(web.RequestHandler):
    def get(self):
        self.finish(self.current_user.username)


class Parent(Configurable):
    application: Application


@asynccontextmanager
async def a_class_server(folder):
    """Serve the Hub's pages and REST with a stand-in for the Hub; yields somebody's browser, and the stand-in."""
    person = {"kind": "user", "name": "ana", "scopes": [ACCESS]}
    models = {
        "of-ana": person,
        "of-joe": person | {"name": "joe", "scopes": ["read:users!user"]},
        "of-another-service": person | {"kind": "service", "name": "other"},
    }
    stand_in = SimpleNamespace(models=models, asked=[], challenge="")
    servers = []

    def listen(handlers, **settings):
        listening, port = bind_unused_port()
        servers.append(HTTPServer(web.Application(handlers, **settings)))
        servers[-1].add_socket(listening)
        return f"http://127.0.0.1:{port}"

    address = listen([("/hub/api/(.*)", StandIn, {"stand_in": stand_in})])
    environment = {
        "JUPYTERHUB_SERVICE_NAME": "aralify",
        "JUPYTERHUB_API_TOKEN": "the-service",
        "JUPYTERHUB_SERVICE_PREFIX": PREFIX,
        "JUPYTERHUB_API_URL": f"{address}/hub/api",
    }
    parent = Parent()
    parent.application = Application(load({"ARALIFY_HOME": str(folder)}))
    provider = HubIdentityProvider(parent=parent)
    provider.hub, provider.secret = Hub(hub_service(environment)), SECRET
    table = [*instead(ROUTES), Route("/who", WhoIsIt, Who.SIGNED_IN), *rest.routes()]
    service = listen(
        [(PREFIX.rstrip("/") + route.pattern, guarded(route), dict(route.options)) for route in table],
        application=parent.application,
        identity_provider=provider,
        base_url=PREFIX,
        login_url=f"{PREFIX}sign-in",
        cookie_secret=SECRET,
        trusted_proxies=(),
        routes=table,
        lanes=Lanes(),
    )
    try:
        async with httpx.AsyncClient(base_url=service, timeout=60, trust_env=False) as browser:
            yield browser, stand_in, servers
    finally:
        await provider.hub.close()
        for server in servers:
            server.stop()
            await server.close_all_connections()
        parent.application.close()


def with_a_class_server(folder, visit):
    async def run():
        async with a_class_server(folder) as (browser, stand_in, servers):
            await visit(browser, stand_in, servers)

    loops.run(run())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The home of the class server, which the tests share: making its database takes longer than they do."""
    return tmp_path_factory.mktemp("home")


async def to_the_hub(browser, stand_in, wanted="who"):
    """Ask for a page as somebody whom nobody knows yet; return the state with which the Hub is asked."""
    answer = await browser.get(PREFIX + wanted, headers=HTML)
    answer = await browser.get(answer.headers["Location"])
    address = urlsplit(answer.headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (address.path, asked["client_id"]) == ("/hub/api/oauth2/authorize", "service-aralify")
    stand_in.challenge = asked["code_challenge"]
    return asked["state"]


def test_whom_the_hub_sends_back_is_signed_in_where_they_wanted_to_go(folder):
    async def visit(browser, stand_in, _):
        state = await to_the_hub(browser, stand_in)
        answer = await browser.get(f"{PREFIX}oauth_callback", params={"code": "the-code", "state": state})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{PREFIX}who")
        assert (await browser.get(f"{PREFIX}who")).text == "ana"
        assert {cookie.path for cookie in browser.cookies.jar} == {PREFIX}
        again = await browser.get(f"{PREFIX}oauth_callback", params={"code": "the-code", "state": state})
        assert again.status_code == 400

    with_a_class_server(folder, visit)


@pytest.mark.parametrize(
    ("code", "forge", "status"),
    [("the-code", "forged", 400), ("the-code", "ü", 400), ("", "", 400), ("another-code", "", 403)],
)
def test_a_way_back_that_was_not_begun_here_leads_nowhere(folder, code, forge, status):
    async def visit(browser, stand_in, _):
        state = forge or await to_the_hub(browser, stand_in)
        if forge:
            await to_the_hub(browser, stand_in)
        answer = await browser.get(f"{PREFIX}oauth_callback", params={"code": code, "state": state})
        assert answer.status_code == status
        assert (await browser.get(f"{PREFIX}who")).status_code == 403

    with_a_class_server(folder, visit)


def test_a_code_stolen_from_another_browser_is_worth_nothing(folder):
    async def visit(browser, stand_in, _):
        state = await to_the_hub(browser, stand_in)
        browser.cookies.clear()
        answer = await browser.get(f"{PREFIX}oauth_callback", params={"code": "the-code", "state": state})
        assert answer.status_code == 400

    with_a_class_server(folder, visit)


async def profile(browser, token):
    return await browser.get(
        f"{PREFIX}aralify/api/v1/profile", headers={"Authorization": f"Bearer {token}".encode("latin-1")}
    )


def test_a_token_of_the_hubs_is_good_for_as_long_as_the_hub_says(folder, monkeypatch):
    async def visit(browser, stand_in, _):
        assert (await profile(browser, "of-ana")).json()["username"] == "ana"
        assert (await profile(browser, "of-ana")).status_code == 200
        assert stand_in.asked == ["user", "users/ana"]

        del stand_in.models["of-ana"]
        monkeypatch.setattr(identity, "_ASKED_AGAIN_SEC", 0)
        assert (await profile(browser, "of-nobody")).status_code == 401
        monkeypatch.setattr(identity.time, "monotonic", lambda: float("inf"))
        assert (await profile(browser, "of-ana")).status_code == 401

    with_a_class_server(folder, visit)


def sign_ins_of(username, folder):
    application = Application(load({"ARALIFY_HOME": str(folder)}))
    now = application.now()
    found = sign_ins.own(application.database, sign_ins.acting_as(username), now=now)
    application.close()
    return [(one.id, one.created_at) for one in found if one.label == "JupyterHub"]


def test_the_sign_in_of_a_token_goes_on_while_the_hub_vouches_for_it_and_after_a_restart(folder, monkeypatch):
    # What waited for the server counts for its own day if it was not given before the sign-in began.
    monkeypatch.setattr(identity, "_ASKED_AGAIN_SEC", 0)
    seen = []

    async def visit(browser, stand_in, _):
        stand_in.models["of-eve"] = stand_in.models["of-ana"] | {"name": "eve"}
        for _ in range(2):
            assert (await profile(browser, "of-eve")).status_code == 200
            seen.append(sign_ins_of("eve", folder))
        if len(seen) == 4:
            eve = stand_in.models.pop("of-eve")
            assert (await profile(browser, "of-eve")).status_code == 401
            assert sign_ins_of("eve", folder) == []
            stand_in.models["of-eve"] = eve
            assert (await profile(browser, "of-eve")).status_code == 200

    with_a_class_server(folder, visit)
    with_a_class_server(folder, visit)
    assert len(seen[0]) == 1
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert sign_ins_of("eve", folder)[0][1] > seen[0][0][1]


def test_requests_that_bring_the_same_new_token_at_once_ask_the_hub_once(folder):
    async def visit(browser, stand_in, _):
        stand_in.models["of-fay"] = stand_in.models["of-ana"] | {"name": "fay"}
        answers = await asyncio.gather(*(profile(browser, "of-fay") for _ in range(3)))
        assert [answer.json()["username"] for answer in answers] == ["fay"] * 3
        assert stand_in.asked == ["user", "users/fay"]

    with_a_class_server(folder, visit)


def test_tokens_that_the_hub_does_not_know_reach_it_only_so_often_and_known_ones_always(folder, monkeypatch):
    monkeypatch.setattr(identity, "_UNKNOWN", Limit(at_once=3, per_second=0.001))

    async def visit(browser, stand_in, _):
        for number in range(5):  # whom the Hub vouches for pays nothing
            stand_in.models[f"of-ana-{number}"] = stand_in.models["of-ana"]
            assert (await profile(browser, f"of-ana-{number}")).status_code == 200
        stand_in.asked.clear()
        answers = [await profile(browser, f"guess-{number}") for number in range(6)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429, 429]
        assert answers[-1].headers["Retry-After"].isdigit()
        assert stand_in.asked == ["user"] * 3
        headers = HTML | {"Authorization": "Bearer guess-7"}
        answer = await browser.get(f"{PREFIX}who", headers=headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")

        monkeypatch.setattr(identity, "_ASKED_AGAIN_SEC", 0)
        monkeypatch.setattr(identity.time, "monotonic", lambda: float("inf"))
        assert (await profile(browser, "of-ana-0")).status_code == 200

    with_a_class_server(folder, visit)


@pytest.mark.parametrize("token", ["of-joe", "of-another-service", "of-nobody", "\xff", "the-service"])
def test_whom_the_hub_does_not_let_in_here_stays_out(folder, token):
    async def visit(browser, *_):
        assert (await profile(browser, token)).status_code == 401

    with_a_class_server(folder, visit)


def test_while_the_hub_is_away_clients_are_told_to_come_again(folder):
    async def visit(browser, _, servers):
        servers[0].stop()
        answer = await profile(browser, "of-ana")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "hub_unreachable")

    with_a_class_server(folder, visit)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "accounts", {"username": "eve", "password": "correct horse", "notice_version": "1"}),
        ("POST", "session", {"username": "ana", "password": "correct horse"}),
        ("PUT", "profile/password", {"old": None, "new": "correct horse"}),
    ],
)
def test_where_a_hub_signs_people_in_nobody_makes_a_password(folder, method, path, body):
    async def visit(browser, *_):
        for headers in ({}, {"Authorization": "Bearer of-ana"}):
            answer = await browser.request(method, f"{PREFIX}aralify/api/v1/{path}", json=body, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "hub_signs_in")

    with_a_class_server(folder, visit)


def test_the_servers_own_sign_in_is_gone():
    assert {"/sign-up", "/guest", "/new-password"}.isdisjoint(route.pattern for route in instead(ROUTES))
