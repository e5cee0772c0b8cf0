"""Signing in and out in a browser."""

from __future__ import annotations

import pytest

from tests.server.conftest import PASSWORD

pytestmark = pytest.mark.slow


def test_nobody_is_sent_to_the_sign_in_page(server):
    answer = server.browser().get("/", headers={"Accept": "text/html"})

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=%2F"


def test_who_signed_in_sees_their_own_page_until_they_sign_out(server):
    ana = server.signed_in("ana", PASSWORD)

    assert ana.get("/").json() == {"user": "ana"}

    cookie = ana.cookies["aralify-session"]
    assert ana.post("/sign-out", data={"_xsrf": ana.cookies["_xsrf"]}).status_code == 302
    ana.cookies.set("aralify-session", cookie)
    assert ana.get("/").status_code == 403


@pytest.mark.parametrize("path", ["/api/kernels", "/api/contents", "/api/terminals", "/voila/render/x.ipynb", "/lab"])
def test_what_is_not_in_the_table_is_not_there(server, path):
    assert server.signed_in("root.admin", PASSWORD).get(path).status_code == 404
