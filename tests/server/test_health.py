"""Whether a server says in time that it will not work much longer."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from types import SimpleNamespace

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application as TornadoApplication

from aralify_kernel.app import Application
from aralify_kernel.server import health as health_module
from aralify_kernel.server.health import Checkup, DiskWatch, Health
from aralify_kernel.settings import load
from tests.server.loops import run


@pytest.fixture
def installed(tmp_path):
    """Return the application of an installation that warns below so many megabytes."""
    opened = []

    def install(warning_mb=1, **settings):
        names = {"HOME": str(tmp_path), "WORKSPACE": str(tmp_path), "DISK_WARNING_MB": str(warning_mb)} | settings
        opened.append(Application(load({f"ARALIFY_{name}": value for name, value in names.items()})))
        return opened[-1]

    yield install
    for application in opened:
        application.close()


def health(application):
    async def ask():
        listening, port = bind_unused_port()
        server = HTTPServer(TornadoApplication([("/", Health, {"checkup": Checkup()})], application=application))
        server.add_socket(listening)
        answer = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/", raise_error=False)
        server.stop()
        await server.close_all_connections()
        return answer.code, json.loads(answer.body)["status"]

    return run(ask())


def test_a_filling_disk_is_a_warning_and_no_failure(installed, tmp_path):
    assert health(installed()) == (200, "ok")
    assert health(installed(warning_mb=2 * shutil.disk_usage(tmp_path).free // 1_000_000)) == (200, "warning")


def test_a_database_that_cannot_be_read_is_a_failure(installed, tmp_path):
    (tmp_path / "no-database").write_text("no database at all, and longer than a header " * 20)
    broken = installed(DATABASE_URL=f"sqlite:///{tmp_path / 'no-database'}")

    assert health(broken) == (503, "database_unusable")


def test_however_many_ask_the_server_looks_once_and_again_a_moment_later(monkeypatch):
    looked, clock = [], [100.0]
    application = SimpleNamespace(all_courses=lambda: looked.append(clock[0]), examine_disks=list)
    monkeypatch.setattr(health_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    async def ask():
        checkup = Checkup()
        for clock[0] in (100.0, 104.9, 105.0):
            answers = await asyncio.gather(*(checkup.result(application) for _ in range(20)))
            assert set(answers) == {(200, "ok")}

    run(ask())
    assert looked == [100.0, 105.0]


def test_the_log_tells_when_a_disk_fills_up_and_when_there_is_room_again(installed, tmp_path, caplog):
    free_mb = shutil.disk_usage(tmp_path).free // 1_000_000
    watch = DiskWatch(installed())
    caplog.set_level(logging.INFO)

    def told(warning_mb):
        caplog.clear()
        watch._application = installed(warning_mb=warning_mb)
        run(watch.look())
        return [record.levelname for record in caplog.records if record.name == "aralify_kernel.server.health"]

    assert told(1) == []
    assert told(2 * free_mb)[0] == "WARNING"
    assert told(2 * free_mb) == []
    assert told(100 * free_mb)[0] == "ERROR"
    assert told(1) == ["INFO"]
