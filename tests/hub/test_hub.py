"""The class server as a service of a real JupyterHub, as `docs/jupyterhub_config.py` sets it up.

`make hub` runs this; `make test` does not, as it takes a minute or two, and Node for the Hub's own proxy.
"""

from __future__ import annotations

import time

import httpx
import pytest

from aralify_kernel.client.interface import PREFIX
from aralify_kernel.domain.permissions import Role
from tests.hub.hubs import PASSWORD, run_in_kernel, running_hub

pytestmark = [pytest.mark.hub, pytest.mark.timeout(900)]

SUBMIT = """
import json
from aralify_kernel.app import application
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission

session = application().session()
lesson = LessonRef.parse("python-basics/variables/easy")
session.start_course("python-basics")
session.open_lesson(lesson)
result = session.submit(Submission(lesson, "first-load", "load = 50", "a-key-of-ana"))
print(json.dumps({"user": session.profile().username, "verdict": result.judgement.verdict.name}))
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A Hub whose class server has a class for one of the groups of the example."""
    pytest.importorskip("jupyterhub", reason="needs JupyterHub: make hub")
    began = time.monotonic()
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        running.until(lambda: httpx.get(f"{running.service}/aralify/health").status_code == 200, "healthy")
        print(f"\nHub and class server answer after {time.monotonic() - began:.1f} s")
        application = running.application()
        application.new_class("Grade 9", ["python-basics"], [])
        application.close()
        for name in ("ana", "ben", "tess", "joe"):
            running.operator.post(f"/users/{name}")
        running.operator.post("/groups/staff").raise_for_status()
        running.operator.post("/groups/staff/users", json={"users": ["tess"]}).raise_for_status()
        yield running


@pytest.fixture
def page(browser):
    """A page of a browser that nobody has used."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


def log_in(page, hub, username, to):
    """Visit a page of the class server, which sends one to the Hub, and log in there."""
    page.goto(hub.service + to)
    page.fill("#username_input", username)
    page.fill("#password_input", PASSWORD)
    page.click("#login_submit")


def api(hub, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=f"{hub.service}{PREFIX}", headers=headers, timeout=60)


def members(hub):
    application = hub.application()
    try:
        return {
            member.username: member.role.name
            for member in application.roster("grade-9").members
            if member.left_at is None
        }
    finally:
        application.close()


def test_what_a_learner_submits_from_their_server_is_on_their_dashboard(hub, page):
    began = time.monotonic()
    server = hub.spawn("ana")
    print(f"A single-user server is ready after {time.monotonic() - began:.1f} s")

    ran = run_in_kernel(server, hub.token_of("ana"), SUBMIT)
    assert ran == {"user": "ana", "verdict": "PASSED"}
    assert members(hub)["ana"] == "LEARNER"

    began = time.monotonic()
    log_in(page, hub, "ana", "/dashboards/my-progress")
    page.wait_for_url(f"{hub.service}/dashboards/my-progress")
    page.get_by_text("Python Basics").first.wait_for()
    print(f"From the Hub's log-in to the first widgets of a dashboard: {time.monotonic() - began:.1f} s")
    print(f"Memory in MB: {hub.memory_mb()}")


def test_groups_give_roles_and_parts_and_take_them_again(hub):
    with api(hub, hub.token_of("tess")) as tess:
        assert tess.get("/profile").json()["role"] == Role.MODERATOR.value
    assert members(hub)["tess"] == "TEACHER"

    hub.operator.request("DELETE", "/groups/staff/users", json={"users": ["tess"]}).raise_for_status()
    hub.operator.request("DELETE", "/groups/grade-9-staff/users", json={"users": ["tess"]}).raise_for_status()
    with api(hub, hub.token_of("tess")) as tess:
        assert tess.get("/profile").json()["role"] == Role.USER.value
    assert "tess" not in members(hub)


def test_only_who_the_hub_lets_in_gets_in(hub):
    with api(hub) as nobody:
        assert nobody.get("/profile").status_code == 401
        refused = nobody.post("/session", json={"username": "ana", "password": ""})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "hub_signs_in")
    with api(hub, "not-a-token") as forger:
        assert forger.get("/profile").status_code == 401
    with api(hub, hub.token_of("joe", "read:users!user")) as joe:
        assert joe.get("/profile").status_code == 401
    with api(hub, hub.token_of("joe")) as joe:
        assert joe.get("/profile").json()["username"] == "joe"
    state = httpx.get(f"{hub.service}/oauth_callback?code=x&state=y")
    assert state.status_code == 400
    assert httpx.get(f"{hub.service}/sign-up").status_code == 404


def test_signing_out_ends_it_at_the_hub_too(hub, page):
    log_in(page, hub, "ben", "/")
    page.wait_for_url(f"{hub.service}/")
    page.locator("form[action$='sign-out'] button").click()
    page.wait_for_url("**/hub/**")
    page.goto(f"{hub.service}/")
    page.locator("#username_input").wait_for()
