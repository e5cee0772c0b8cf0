"""One running class server for all the tests of a worker, with one person of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Role
from aralify_kernel.services import accounts, classrooms
from tests.server.hosting import PROGRAM, SECRET, Host, write_pages
from tests.servers import running_server

PASSWORD = "correct horse"
PEOPLE = dict.fromkeys(("ana", "ben", "lea", "tess", "elsa", "leo"), Role.USER) | {
    "mia": Role.MODERATOR,
    "root.admin": Role.ADMIN,
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let the tests that ask one server meet on one worker: starting it costs more than most of them."""
    for item in items:
        if "server" in getattr(item, "fixturenames", ()) and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("class server"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A class server where ana and ben learn, tess teaches ana, mia is a MODERATOR and root.admin an ADMIN.

    Elsa teaches another class; leo taught ana, and has left.

    It admits guests, and believes a proxy on this computer, so that a test can ask from any address.
    """
    with running_server(tmp_path_factory.mktemp("server"), guests="1", trusted_proxies="127.0.0.1") as running:
        for name, role in PEOPLE.items():
            running.application.add_user(name, password=PASSWORD, role=role)
        running.application.new_class("Rizal", ["python-basics"], ["tess"])
        running.application.new_class("Mabini", ["python-basics"], ["elsa"])
        running.application.add_to_class("rizal", ["ana", "lea"], ClassRole.LEARNER, [])
        running.application.add_to_class("rizal", ["leo"], ClassRole.TEACHER, [])
        database, now = running.application.database, running.application.now()
        classrooms.remove_member(database, accounts.OPERATOR, "rizal", "leo", now=now)
        yield running


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """A folder of dashboards: the real one, and some that tell what their kernel knows."""
    dashboards = Path(__file__).parents[2] / "notebooks/dashboards"
    return write_pages(tmp_path_factory.mktemp("hosted") / "pages", dashboards)


@pytest.fixture(scope="session")
def ours(tmp_path_factory, pages):
    """A class server with those dashboards, whose environment holds a secret; two pages at once for each person."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCHOOL_PASSWORD", SECRET)
        folder, settings = tmp_path_factory.mktemp("ours"), {"kernels_per_user": "2", "kernel_idle_minutes": "0"}
        with running_server(folder, program=("-c", PROGRAM, str(pages)), **settings) as running:
            for name in ("ana", "ben"):
                running.application.add_user(name, password=PASSWORD)
            running.host = Host(running.url, "/dashboards/{page}")
            yield running
