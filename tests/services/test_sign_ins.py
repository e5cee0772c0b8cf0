from __future__ import annotations

import hashlib
import statistics
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.errors import NotFound, NotSignedIn, TooManyTries, WrongPassword
from aralify_kernel.services import accounts, sign_ins
from aralify_kernel.services.local_session import LocalSession, Surroundings
from aralify_kernel.services.sign_in_file import HubSignIn, SignInFile
from aralify_kernel.store.models import Base

PASSWORD = "a few words in a row"


@pytest.fixture
def ana(world):
    accounts.add(world.database, accounts.NewAccount("ana", PASSWORD), now=world.clock())
    return world


def fail(session, times=1, name="ana"):
    for _ in range(times):
        with pytest.raises(WrongPassword):
            session.sign_in(name, "not this one")


def test_name_and_password_sign_in_however_the_name_is_typed(ana):
    session = ana.session()
    assert session.sign_in(" ANA ", PASSWORD).username == "ana"
    assert ana.one("SELECT last_login_at IS NOT NULL FROM users") == 1


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "wrong password"), ("ana", None), ("nobody", PASSWORD), ("nobody", None)]
)
def test_whatever_is_wrong_the_message_is_the_same(ana, name, password):
    session = ana.session()
    with pytest.raises(WrongPassword) as caught:
        session.sign_in(name, password)
    assert str(caught.value) == "That user name and password do not go together. Check both and try again."
    assert session.user is None


def test_an_unknown_name_takes_the_time_of_a_wrong_password(real_passwords, ana):
    session = ana.session()
    spent = {"ana": [], "nobody": []}
    fail(session, name="warm-up")
    for _ in range(3):
        for name, times in spent.items():
            began = time.perf_counter()
            fail(session, name=name)
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert unknown > known / 3


def test_an_account_without_password_signs_in_by_name_alone(world):
    session = world.learner()
    session.sign_out()
    assert session.sign_in("ana", None).username == "ana"
    with pytest.raises(WrongPassword):
        session.sign_in("ana", "whatever it is")


def test_nobody_signs_in_as_somebody_else_s_guest(world):
    guest = world.session("a").continue_as_guest("en")
    with pytest.raises(WrongPassword):
        world.session("b").sign_in(guest.username, None)


def test_the_delay_doubles_after_failures_in_a_row_and_always_ends(ana):
    session = ana.session()
    fail(session, 4)
    waits = []
    for _ in range(4):
        with pytest.raises(TooManyTries) as caught:
            session.sign_in("ana", PASSWORD)
        waits.append(caught.value.details["seconds"])
        ana.clock.turn(seconds=waits[-1])
        fail(session)
    assert waits == [1, 2, 4, 8]
    ana.clock.turn(seconds=16)
    assert session.sign_in("ana", PASSWORD).username == "ana"
    assert ana.rows("SELECT * FROM login_attempts") == []


def test_a_name_that_nobody_has_is_delayed_in_the_same_way(ana):
    session = ana.session()
    fail(session, 4, "nobody")
    with pytest.raises(TooManyTries):
        session.sign_in("nobody", PASSWORD)
    assert session.sign_in("ana", PASSWORD).username == "ana", "others are not delayed"


def test_the_token_is_stored_hashed_only(world):
    world.learner()
    token = SignInFile(world.folder / "of-ana" / "session.json").read().token
    assert world.rows("SELECT token_hash FROM auth_sessions") == [(hashlib.sha256(token.encode()).hexdigest(),)]
    everything = [world.rows(f"SELECT * FROM {table}") for table in Base.metadata.tables]
    assert token not in repr(everything)


def test_all_kernels_of_one_computer_share_the_sign_in(world):
    first, second = world.session("lab"), world.session("lab")
    first.continue_as_guest("en")
    assert second.user == first.user
    second.sign_out()
    assert first.user is None
    with pytest.raises(NotSignedIn):
        first.courses()


def test_signing_out_revokes_the_token_also_where_the_file_was_copied(world):
    session = world.learner()
    copied = SignInFile(world.folder / "elsewhere" / "session.json")
    copied.write(SignInFile(world.folder / "of-ana" / "session.json").read())
    assert world.session("elsewhere").user == "ana"
    session.sign_out()
    assert world.session("elsewhere").user is None
    session.sign_out()


def test_signing_in_as_somebody_else_ends_the_sign_in_before(world):
    world.learner("ben")
    session = world.learner("ana")
    session.sign_in("ben", None)
    revoked = (
        "SELECT username, revoked_at IS NOT NULL FROM auth_sessions a JOIN users u ON u.id = user_id ORDER BY a.id"
    )
    assert world.rows(revoked) == [("ben", 0), ("ana", 1), ("ben", 0)]


def test_a_sign_in_ends_three_months_after_it_was_last_used(world):
    from aralify_kernel.domain.references import LessonRef

    session = world.learner()
    for _ in range(3):
        world.clock.turn(days=60)
        session.open_lesson(LessonRef.parse("demo/one/easy"))
    world.clock.now += sign_ins.LASTS - timedelta(seconds=1)
    assert session.user == "ana"
    world.clock.turn(seconds=1)
    assert session.user is None


def test_the_operator_acts_as_anybody_without_a_sign_in(world):
    world.learner()
    around = Surroundings(world.database, world.clock, lambda: world.grader, world.folder, "UTC")
    shell = LocalSession(around, SignInFile(world.folder / "shell.json"), "ANA")
    assert shell.update_profile(ProfileChange(bio="Seen.")).bio == "Seen."
    nobody = LocalSession(around, SignInFile(world.folder / "shell.json"), "nobody")
    with pytest.raises(NotFound, match="no user named “nobody”"):
        nobody.profile()


def test_the_token_of_a_hub_is_sent_and_never_written(tmp_path):
    kept = SignInFile(tmp_path / "session.json")
    owner = HubSignIn(kept, "ana", "a-token-of-the-hub")
    assert (owner.read().token, owner.read().username) == ("a-token-of-the-hub", "ana")
    owner.write(replace(owner.read(), language="fil", username="ana-cruz"))
    assert (owner.read().token, owner.read().username, owner.read().language) == (
        "a-token-of-the-hub",
        "ana-cruz",
        "fil",
    )
    assert "a-token-of-the-hub" not in kept.path.read_text()
