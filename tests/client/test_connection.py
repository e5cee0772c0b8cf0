"""What goes wrong on the way to a class server, and what a person is told of it."""

from __future__ import annotations

import json
import ssl

import pytest
import trustme

from aralify_kernel.client import wire
from aralify_kernel.client.connection import Connection, Request
from aralify_kernel.client.messages import Publication
from aralify_kernel.client.refusals import SaidByServer
from aralify_kernel.domain.sign_ins import SharedSignIn
from aralify_kernel.errors import (
    AralifyError,
    ClientOutdated,
    LevelLocked,
    ServerBusy,
    ServerFailed,
    ServerUnreachable,
    TooManyRequests,
    TooManyTries,
)
from tests.client.lines import HANG, RESET, http, teller

ANA = SharedSignIn("secret", "fil", "ana")
READ = Request("GET", "/courses", repeatable=True)
RUN = Request("POST", "/lessons/a/b/easy/runs")
SUBMIT = Request("POST", "/lessons/a/b/easy/submit", Publication(True), repeatable=True)
FINE = http(200, '{"is_published": true}')


def refused(status, code, message="The server's own words.", **details):
    return http(status, json.dumps({"error": {"code": code, "message": message, "details": details}}))


@pytest.fixture
def connect():
    made = []

    def to(server):
        made.append(Connection(server.url))
        return made[-1]

    yield to
    for one in made:
        one.close()


def ask(connect, request, *answers, kind=Publication):
    """Return what comes of a request, a value or an error, and what was asked to get it."""
    with teller(*answers) as server:
        try:
            return connect(server).read(kind, request, ANA), server.asked
        except AralifyError as error:
            return error, server.asked


@pytest.mark.parametrize("request_", [READ, SUBMIT], ids=["read", "submit"])
@pytest.mark.parametrize("fault", [RESET, http(502, "<html>"), http(503), http(504)])
def test_what_may_arrive_twice_is_sent_again(connect, request_, fault):
    value, asked = ask(connect, request_, fault, fault, FINE)
    assert value == Publication(True)
    assert len(asked) == 3
    assert len({one.partition("\n\n")[2] for one in asked}) == 1, "the same body each time"


@pytest.mark.parametrize("fault", [RESET, http(503)])
def test_what_may_not_arrive_twice_is_sent_once(connect, fault):
    error, asked = ask(connect, RUN, fault, FINE)
    assert isinstance(error, ServerUnreachable)
    assert len(asked) == 1


def test_it_gives_up_after_three_tries(connect):
    error, asked = ask(connect, READ, RESET)
    assert isinstance(error, ServerUnreachable)
    assert len(asked) == 3


@pytest.mark.parametrize(
    "answer",
    [
        http(200, "<html>Sign in to the free network</html>"),
        http(200, "{}"),
        http(200, '{"is_published": "perhaps"}'),
        http(302, location="http://login.example"),
        http(404, "<h1>nginx</h1>"),
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
    ids=["portal", "empty", "wrong", "redirect", "proxy", "no http"],
)
def test_whoever_answers_in_the_place_of_the_server_is_not_believed(connect, answer):
    error, asked = ask(connect, RUN, answer)
    assert isinstance(error, ServerUnreachable)
    assert len(asked) == 1
    assert "cannot be reached" in str(error)


def test_a_server_that_never_answers_is_not_waited_for_twice(connect):
    error, asked = ask(connect, Request("GET", "/courses", repeatable=True, read_sec=0.3), HANG)
    assert isinstance(error, ServerUnreachable)
    assert len(asked) == 1


def test_a_server_that_was_away_is_left_alone_for_a_while_unless_somebody_wants_to_try(connect):
    with teller(RESET, FINE) as server:
        connection = connect(server)
        for _ in range(3):
            with pytest.raises(ServerUnreachable):
                connection.read(Publication, RUN, ANA)
        assert len(server.asked) == 1, "nobody waits for each of the things that a cell asks"
        connection.try_again()
        assert connection.read(Publication, RUN, ANA) == Publication(True)


def test_where_nobody_listens_that_is_said_at_once(connect):
    with teller(FINE) as server:
        pass
    with pytest.raises(ServerUnreachable):
        connect(server).read(Publication, READ, ANA)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            refused(403, "level_locked", title={"en": "Loops"}, opens_after={"en": "Flow"}),
            LevelLocked,
            "“Loops” is still",
        ),
        (refused(429, "too_many_tries", seconds=9), TooManyTries, "Wait 9 seconds"),
        (refused(426, "client_outdated", client="1", oldest=2, newest=3), ClientOutdated, "pip install --upgrade"),
        (refused(409, "of_the_future"), SaidByServer, "The server's own words."),
        (refused(403, "level_locked"), SaidByServer, "The server's own words."),
        (refused(500, "of_the_future"), ServerFailed, "went wrong in the class server"),
        (refused(500, "server_failed"), ServerFailed, "went wrong in the class server"),
    ],
)
def test_what_the_server_refuses_is_the_same_error_here(connect, answer, error, words):
    raised, asked = ask(connect, READ, answer)
    assert type(raised) is error
    assert words in str(raised)
    assert len(asked) == 1


def test_a_busy_server_is_asked_again_where_that_does_no_harm(connect):
    busy = refused(503, "server_busy")
    assert ask(connect, SUBMIT, busy, FINE)[0] == Publication(True)
    error, asked = ask(connect, RUN, busy, FINE)
    assert (type(error), len(asked)) == (ServerBusy, 1)
    error, asked = ask(connect, READ, refused(429, "too_many_requests", seconds=60), FINE)
    assert (type(error), len(asked)) == (TooManyRequests, 1), "nobody waits a minute for a cell"


def test_a_request_says_who_asks_in_which_language_and_which_interface_it_means(connect):
    _, (asked,) = ask(connect, SUBMIT, FINE)
    head, _, body = asked.partition("\n\n" if "\n\n" in asked else "\r\n\r\n")
    assert head.startswith("POST /aralify/api/v1/lessons/a/b/easy/submit ")
    fields = head.lower()
    for field in ("authorization: bearer secret", "accept-language: fil", "aralify-api: 1", "type: application/json"):
        assert field in fields
    assert wire.decode(Publication, body) == Publication(True)


def test_no_proxy_stands_between_this_computer_and_itself(connect, monkeypatch):
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert ask(connect, READ, FINE)[0] == Publication(True)


def test_between_other_computers_the_proxy_of_the_school_is_used(monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with teller(FINE) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        connection = Connection("http://school.example")
        assert connection.read(Publication, READ, ANA) == Publication(True)
        connection.close()
    assert proxy.asked[0].startswith("GET http://school.example/aralify/api/v1/courses ")


def test_a_certificate_is_believed_where_this_computer_believes_who_signed_it(tmp_path, monkeypatch):
    school = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    school.issue_cert("127.0.0.1").configure_cert(context)
    school.cert_pem.write_to_path(tmp_path / "school.pem")
    with teller(FINE, tls=context) as server:
        stranger = Connection(server.url)
        with pytest.raises(ServerUnreachable):
            stranger.read(Publication, RUN, ANA)
        assert server.asked == [], "nobody who is not believed is shown a token"
        stranger.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "school.pem"))
        connection = Connection(server.url)
        assert connection.read(Publication, READ, ANA) == Publication(True)
        connection.close()
