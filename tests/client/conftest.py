"""One class server for all tests of clients."""

from __future__ import annotations

import pytest

from tests.servers import running_server


@pytest.fixture(scope="session")
def class_server(tmp_path_factory):
    """Anybody makes an account there, and guests are admitted."""
    with running_server(tmp_path_factory.mktemp("class-server"), sign_up="open", guests="1") as server:
        yield server
