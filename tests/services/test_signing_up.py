"""Making accounts at a class server: by whom, with which invitation, after which notice."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import (
    AralifyError,
    InvalidValue,
    InvitationInvalid,
    NameTaken,
    NotAllowed,
    NotFound,
    NoticeUnread,
    SignUpClosed,
    TooManyTries,
)
from aralify_kernel.i18n import LANGUAGES
from aralify_kernel.services import (
    accounts,
    classrooms,
    invitations,
    notices,
    passwords,
    sign_ins,
    signing_up,
    throttle,
)
from aralify_kernel.services.invitations import NewInvitation
from aralify_kernel.services.throttle import Place
from tests.databases import SQLITE_ONLY

PASSWORD = "a few words in a row"
HERE = Place("203.0.113.7")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "hashed", lambda password: f"hash of {password}")


def invite(world, **wanted):
    return invitations.make(world.database, accounts.OPERATOR, NewInvitation(**wanted), now=world.clock())[0]


def sign_up(world, name="ana", code=None, policy="invitation", **changes):
    given = {"password": PASSWORD, "notice": notices.VERSION, "guest": None, "language": "fil"} | changes
    account = accounts.NewAccount(name, given["password"], language=given["language"])
    asked = signing_up.Asked(account, given["notice"], code)
    return signing_up.sign_up(world.database, asked, policy, place=HERE, guest=given["guest"], now=world.clock())


def test_a_code_makes_as_many_accounts_as_it_has_uses_however_it_is_typed(world):
    code = invite(world, uses=2)
    assert sign_up(world, "ana", code).username == "ana"
    assert sign_up(world, "ben", code.lower().replace("-", " ")).username == "ben"
    with pytest.raises(InvitationInvalid):
        sign_up(world, "cara", code)
    assert world.rows("SELECT username, role FROM users ORDER BY id") == [("ana", "USER"), ("ben", "USER")]


def test_a_class_that_signs_up_at_once_gets_no_more_accounts_than_uses(world):
    code = invite(world, uses=3)

    def attempt(number):
        try:
            sign_up(world, f"learner{number}", code)
        except AralifyError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(attempt, range(8)))
    assert answers.count(None) == 3
    assert answers.count(InvitationInvalid) == 5
    assert world.one("SELECT count(*) FROM users") == 3


@pytest.mark.parametrize("code", [None, "", "ABCD-EFGH-JKMN", "\ud800", "A" * 100_000])
def test_without_a_code_that_works_there_is_no_account(world, code):
    with pytest.raises(InvitationInvalid):
        sign_up(world, code=code)
    assert world.rows("SELECT * FROM users") == []


@SQLITE_ONLY
def test_a_code_ends_after_its_days_and_when_it_is_withdrawn(world):
    late, withdrawn = invite(world, days=2), invite(world)
    invitations.withdraw(world.database, accounts.OPERATOR, withdrawn.lower())
    with pytest.raises(InvitationInvalid):
        sign_up(world, code=withdrawn)
    with pytest.raises(NotFound):
        invitations.withdraw(world.database, accounts.OPERATOR, withdrawn)
    world.clock.turn(days=2)
    with pytest.raises(InvitationInvalid):
        sign_up(world, code=late)


def test_the_code_is_stored_hashed_only_and_what_refused_it_uses_nothing_up(world):
    code = invite(world)
    letters = code.replace("-", "")
    assert world.rows("SELECT code_hash FROM invitations") == [(hashlib.sha256(letters.encode()).hexdigest(),)]
    world.learner("ana")
    for changes, refusal in (
        ({"name": "ana"}, NameTaken),
        ({"name": "x y"}, InvalidValue),
        ({"password": None}, InvalidValue),
        ({"password": "short"}, InvalidValue),
        ({"language": "de"}, InvalidValue),
        ({"notice": "1999-01-01"}, NoticeUnread),
        ({"notice": None}, NoticeUnread),
    ):
        with pytest.raises(refusal):
            sign_up(world, code=code, **{"name": "ben"} | changes)
    assert world.rows("SELECT uses_left FROM invitations") == [(1,)]
    assert world.rows("SELECT * FROM consents") == []


def test_who_comes_by_the_code_of_a_class_is_in_it_and_what_they_agreed_to_is_kept(world):
    classrooms.new(world.database, None, "Rizal", ["demo"], now=world.clock())
    sign_up(world, code=invite(world, classroom="rizal"))
    (member,) = classrooms.roster(world.database, None, "rizal").members
    assert (member.username, member.role.name) == ("ana", "LEARNER")
    assert world.rows("SELECT user_id, notice_version, language FROM consents") == [(1, notices.VERSION, "fil")]


@SQLITE_ONLY
def test_the_policy_of_the_server_decides(world):
    with pytest.raises(SignUpClosed):
        sign_up(world, code=invite(world), policy="closed")
    assert sign_up(world, "ana", policy="open").role is Role.USER
    assert sign_up(world, "mia", invite(world, role=Role.MODERATOR), policy="open").role is Role.MODERATOR
    with pytest.raises(InvitationInvalid):
        sign_up(world, "ben", "wrong", policy="open")


@SQLITE_ONLY
def test_a_guest_who_signs_up_keeps_their_row(world):
    guest = world.session("g").continue_as_guest("en").username
    assert sign_up(world, policy="open", guest=guest).id == 1
    assert world.rows("SELECT username FROM users") == [("ana",)]


@SQLITE_ONLY
def test_codes_cannot_be_guessed_by_trying_them_all(world, monkeypatch):
    monkeypatch.setattr(throttle, "AT_ONCE", 5)
    for number in range(5):
        with pytest.raises(InvitationInvalid):
            sign_up(world, code=f"guess {number}")
    with pytest.raises(TooManyTries):
        sign_up(world, code=invite(world))


@SQLITE_ONLY
def test_only_who_may_invites(world):
    now = world.clock()
    for name, role in (("ana", Role.USER), ("mia", Role.MODERATOR), ("root", Role.ADMIN)):
        world.learner(name, role)
    for name in ("ana", "mia"):
        with pytest.raises(NotAllowed):
            invitations.make(world.database, sign_ins.acting_as(name), NewInvitation(), now=now)
    invitations.make(world.database, sign_ins.acting_as("root"), NewInvitation(), now=now)
    assert world.rows("SELECT made_by_id FROM invitations") == [(3,)]
    for wanted in (NewInvitation(uses=0), NewInvitation(uses=10_001), NewInvitation(days=0), NewInvitation(days=367)):
        with pytest.raises(InvalidValue):
            invitations.make(world.database, None, wanted, now=now)
    with pytest.raises(NotFound):
        invitations.make(world.database, None, NewInvitation(classroom="nowhere"), now=now)


def test_the_notice_is_the_same_in_both_languages_and_a_new_text_needs_a_new_version():
    texts = notices.texts(400)
    assert set(texts) == set(LANGUAGES)
    shapes = [[line[:2] for line in text.splitlines() if line[:2] in {"##", "- "}] for text in texts.values()]
    assert shapes[0] == shapes[1]
    assert "400 days" in texts["en"]
    assert "400" not in "".join(notices.texts(0).values())
    written = "".join(Path(notices.__file__).with_name("notice").joinpath(f"{one}.md").read_text() for one in LANGUAGES)
    found = hashlib.sha256(written.encode()).hexdigest()[:16]
    assert (notices.VERSION, found) == ("2026-11-26", "8fbbc0d1208517ae"), (
        "people agreed to another text under this version"
    )


@SQLITE_ONLY
def test_a_sign_in_of_a_browser_lasts_a_day_after_it_was_last_used_and_its_owner_can_end_it(world):
    ana = sign_up(world, policy="open")
    terms = sign_ins.Terms(label="Firefox · Linux", lasts=sign_ins.BROWSER_LASTS)
    begun = [sign_ins.begin_for(world.database, ana, terms=terms, now=world.clock()) for _ in range(2)]
    for _ in range(3):
        world.clock.turn(hours=20)
        assert sign_ins.signed_in(world.database, begun[0], now=world.clock())
    assert not sign_ins.signed_in(world.database, begun[1], now=world.clock())
    who = sign_ins.holder_of(begun[0], now=world.clock())
    (own,) = sign_ins.own(world.database, who, now=world.clock())
    assert (own.label, own.scopes, own.expires_at) == (terms.label, None, world.clock() + timedelta(days=1))
    ben = sign_ins.begin_for(world.database, sign_up(world, "ben", policy="open"), terms=terms, now=world.clock())
    sign_ins.end(world.database, sign_ins.holder_of(ben, now=world.clock()), own.id, now=world.clock())
    assert sign_ins.signed_in(world.database, begun[0], now=world.clock()), "ben cannot end ana's"
    sign_ins.end(world.database, who, own.id, now=world.clock())
    assert not sign_ins.signed_in(world.database, begun[0], now=world.clock())
