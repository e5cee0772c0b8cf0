"""One running class server for all the tests of a worker, with one person of each kind."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Role
from tests.servers import running_server

PASSWORD = "correct horse"
PEOPLE = {"ana": Role.USER, "ben": Role.USER, "tess": Role.USER, "mia": Role.MODERATOR, "root.admin": Role.ADMIN}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A class server where ana and ben learn, tess teaches ana, mia is a MODERATOR and root.admin an ADMIN.

    It admits guests, and believes a proxy on this computer, so that a test can ask from any address.
    """
    with running_server(tmp_path_factory.mktemp("server"), guests="1", trusted_proxies="127.0.0.1") as running:
        for name, role in PEOPLE.items():
            running.application.add_user(name, password=PASSWORD, role=role)
        running.application.new_class("Rizal", ["python-basics"], ["tess"])
        running.application.add_to_class("rizal", ["ana"], ClassRole.LEARNER, [])
        yield running
