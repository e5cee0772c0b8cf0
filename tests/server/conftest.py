"""One running class server for all the tests of a worker, with one person of each kind."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.permissions import Role
from tests.servers import running_server

PASSWORD = "correct horse"
PEOPLE = {"ana": Role.USER, "ben": Role.USER, "mia": Role.MODERATOR, "root.admin": Role.ADMIN}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A class server where ana and ben learn, mia is a MODERATOR and root.admin an ADMIN."""
    with running_server(tmp_path_factory.mktemp("server")) as running:
        for name, role in PEOPLE.items():
            running.application.add_user(name, password=PASSWORD, role=role)
        yield running
