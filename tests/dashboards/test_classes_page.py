"""The home of a teacher as HTML: the list, a class of it, and every form on it, sent as a browser sends it."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import pytest

from aralify_kernel.dashboards.classes_page import ClassesPage
from aralify_kernel.dashboards.page import Page
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.services import class_settings, sign_ins
from aralify_kernel.store import schema
from aralify_kernel.store.database import Database
from tests.services.classes import school
from tests.services.conftest import World

EVIL = "<img src=x onerror=alert(1)>\"'&"
WINDOWS = ("username;name;email\ncarla;Carla Peña;\ndan;Dan Niño;\n" + f";{EVIL};\n").encode("cp1252")


@pytest.fixture
def world(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'classes.sqlite3'}")
    schema.upgrade(database)
    made = World(tmp_path, database)
    made.publish()
    yield made
    database.dispose()


class Looked:
    """The page of somebody. Parsing it as XML proves every element closed and all text escaped."""

    def __init__(self, world, who, role=Role.USER):
        self.session = world.session(f"of-{who}") if who in world_names(world) else world.learner(who, role)
        self.screen = ClassesPage(
            lambda: self.session, self.session.teaching, language="en", keep_language=lambda _: None
        )
        self.page = Page(self.screen)

    @property
    def root(self):
        html = re.sub(r"(<input[^>]*?)\s*required>", r"\1>", str(self.screen.render()))
        html = re.sub(r"(<input[^>]*)>", r"\1/>", html.replace(" novalidate", ""))
        return ElementTree.fromstring(html)  # noqa: S314 - our own

    @property
    def text(self):
        return " ".join("".join(self.root.itertext()).split())

    def send(self, action, **typed):
        """Send the form that calls `action` with what was typed, or press its button; nothing else gets through."""
        (form,) = [one for one in self.root.iter("form") if one.get("data-action") == action]
        assert {one.get("name") for one in form.iter() if one.get("name")} == typed.keys()
        self.page._receive(self.page, {"action": action, "values": typed}, [])

    def press(self, action, value=None):
        buttons = [one for one in self.root.iter("button") if one.get("data-action") == action]
        assert value in [one.get("data-value") for one in buttons], (action, value)
        self.page._receive(self.page, {"action": action, "values": {} if value is None else {"value": value}}, [])


def world_names(world):
    with world.database.read() as tx:
        return {name for name in ("teresa", "ana") if class_settings.users_named(tx, name)}
