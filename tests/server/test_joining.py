"""A learner comes into a class by its code, sees who sees them, and sets a new password by a code of a teacher's."""

from __future__ import annotations

import pytest

from aralify_kernel.services import class_settings, notices, password_codes, sign_ins
from tests.servers import post

pytestmark = pytest.mark.slow

TESS = sign_ins.acting_as("tess")


@pytest.fixture
def rizal(server):
    """The class of Tess with a new code, and somebody who is in no class yet."""
    database = server.application.database
    server.application.add_user("josefa", password="the old words")
    yield class_settings.set_join_code(database, TESS, "rizal", is_open=True)
    class_settings.set_join_code(database, TESS, "rizal", is_open=False)


def test_by_a_code_a_learner_is_in_sees_who_sees_them_and_sets_a_password_by_another(server, rizal):
    josefa = server.browser_of("josefa")
    assert "You are in no class" in josefa.get("/join").text
    refused = post(josefa, "/join", code="AAAA-AAAA")
    assert refused.status_code == 400
    assert "AAAA-AAAA" in refused.text
    assert f'value="{rizal.join_code}"' in josefa.get(f"/join?code={rizal.join_code}").text
    tess = server.browser_of("tess")
    teaches = post(tess, "/join", code=rizal.join_code)
    assert teaches.status_code == 400
    assert "teaches the class" in teaches.text
    joined = post(josefa, "/join", code=rizal.join_code.lower().replace("-", " ")).text
    assert "You are in Rizal now." in joined
    assert "Seen by tess" in joined

    application = server.application
    given = password_codes.give(application.database, TESS, "rizal", "josefa", now=application.now())
    assert "tess gave you a code for a new password" in josefa.get("/join").text
    fields = {"username": "josefa", "password": "the new words", "agree": "1", "notice_version": notices.VERSION}
    elsewhere, later = server.browser(), server.browser()
    assert [browser.get("/new-password").status_code for browser in (elsewhere, later)] == [200, 200]
    assert post(elsewhere, "/new-password", **fields, code="WRONG").status_code == 401
    assert post(elsewhere, "/new-password", **fields, code=given.code).headers["Location"] == "/"
    assert josefa.get("/join").status_code == 302, "every earlier sign-in has ended"
    assert elsewhere.get("/join").status_code == 200
    assert post(later, "/new-password", **fields, code=given.code).status_code == 401, "it works once"
