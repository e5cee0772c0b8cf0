from __future__ import annotations

import pytest

from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.errors import EmailTaken, InvalidValue, NameTaken, NotAllowed, NotFound, NotSignedIn, WrongPassword
from aralify_kernel.services import accounts, sign_ins


def sign_up(session, username="Ana", **given):
    fields = {"password": None, "email": None, "display_name": None, "language": "en"}
    return session.sign_up(username, **(fields | given))


def test_a_user_name_is_enough_to_sign_up(world):
    session = world.session()
    profile = sign_up(session)
    assert (profile.username, profile.display_name, profile.timezone, profile.role) == (
        "ana",
        "ana",
        "Asia/Manila",
        Role.USER,
    )
    assert (profile.is_guest, profile.has_password, profile.time_factor, profile.next_level_xp) == (
        False,
        False,
        1.0,
        100,
    )
    assert session.user == "ana"


def test_a_taken_name_is_refused_with_a_free_one_however_it_is_written(world):
    sign_up(world.session())
    sign_up(world.session("second"), "ana2")
    with pytest.raises(NameTaken) as caught:
        sign_up(world.session("third"), " ANA ")
    assert caught.value.details == {"name": "ana", "suggestion": "ana3"}
    assert world.one("SELECT count(*) FROM users") == 2


def test_a_taken_email_is_refused(world):
    sign_up(world.session(), email="Ana@Example.ph")
    with pytest.raises(EmailTaken):
        sign_up(world.session("other"), "ben", email="ana@example.PH")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("email", {"email": "not an address"}),
        ("password", {"password": "short"}),
        ("username", {"username": "guest-me"}),
        ("username", {"username": "../ana"}),
        ("display_name", {"display_name": "x" * 101}),
        ("language", {"language": "de"}),
    ],
)
def test_a_malformed_field_is_named_and_nothing_is_stored(world, field, given):
    session = world.session()
    with pytest.raises(InvalidValue) as caught:
        sign_up(session, **given)
    assert caught.value.details["field"] == field
    assert (session.user, world.rows("SELECT * FROM users")) == (None, [])


def test_the_password_is_stored_as_argon2id_only(world, real_passwords):
    sign_up(world.session(), password="a few words in a row")
    assert world.one("SELECT password_hash FROM users").startswith("$argon2id$")


def test_a_guest_who_signs_up_keeps_everything_in_the_same_row(world):
    session = world.session()
    guest = session.continue_as_guest("fil")
    world.complete(session, "demo/one/easy")
    notebook = world.folder / "ws" / guest.username / "demo" / "easy.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text("mine")
    profile = sign_up(session, "ana", language="fil")

    assert (guest.is_guest, guest.language) == (True, "fil")
    assert (profile.username, profile.xp_total, profile.is_guest) == ("ana", 50, False)
    assert world.rows("SELECT id, username FROM users") == [(1, "ana")]
    assert (world.folder / "ws" / "ana" / "demo" / "easy.ipynb").read_text() == "mine"
    assert notebook.exists(), "it may be open in a front end"


def test_guests_are_different_people(world):
    first = world.session("a").continue_as_guest("en")
    second = world.session("b").continue_as_guest("en")
    assert first.username != second.username


def test_somebody_signed_in_who_signs_up_anew_gets_another_account(world):
    session = world.session()
    sign_up(session)
    world.complete(session, "demo/one/easy")
    assert sign_up(session, "ben").xp_total == 0
    assert world.rows("SELECT username, xp_total FROM users ORDER BY id") == [("ana", 50), ("ben", 0)]


def test_a_changed_password_ends_every_other_sign_in(world):
    here, elsewhere = world.session("here"), world.session("elsewhere")
    sign_up(here, password="first password")
    elsewhere.sign_in("ana", "first password")
    here.change_password("first password", "second password")

    assert (here.user, elsewhere.user) == ("ana", None)
    with pytest.raises(NotSignedIn):
        elsewhere.profile()
    with pytest.raises(WrongPassword):
        elsewhere.sign_in("ana", "first password")
    assert elsewhere.sign_in("ana", "second password").username == "ana"


def test_a_password_is_changed_only_by_who_knows_it(world):
    session = world.session()
    sign_up(session, password="first password")
    with pytest.raises(WrongPassword):
        session.change_password("guessed", "second password")
    with pytest.raises(InvalidValue):
        session.change_password("first password", "short")
    assert session.sign_in("ana", "first password").username == "ana"


def test_an_account_without_password_can_get_one(world):
    session = world.session()
    sign_up(session)
    session.change_password(None, "first password")
    assert session.profile().has_password


def test_the_operator_sets_a_password_and_all_sign_ins_end(world):
    session = world.learner()
    accounts.set_password(world.database, "ANA", "from the shell", now=world.clock())
    assert session.user is None
    assert session.sign_in("ana", "from the shell").username == "ana"


def test_a_profile_changes_in_what_is_given_and_nothing_else(world):
    ana = world.learner()
    ana.update_profile(ProfileChange(display_name="Ana Cruz", bio="Hello.", email="ana@example.ph"))
    profile = ana.update_profile(
        ProfileChange(language="fil", timezone="America/New_York", time_factor=0, avatar_url="https://example.ph/a.png")
    )
    assert (profile.display_name, profile.bio, profile.email) == ("Ana Cruz", "Hello.", "ana@example.ph")
    assert (profile.language, profile.timezone, profile.time_factor) == ("fil", "America/New_York", None)
    assert profile.avatar_url == "https://example.ph/a.png"
    assert ana.update_profile(ProfileChange(time_factor=1.5, email="")).time_factor == 1.5
    assert ana.profile().email is None


@pytest.mark.parametrize(
    "change",
    [
        ProfileChange(display_name="Ana", bio="x" * 501),
        ProfileChange(display_name="Ana", timezone="Manila"),
        ProfileChange(display_name="Ana", timezone="Factory"),
        ProfileChange(display_name="Ana", avatar_url="javascript:alert(1)"),
        ProfileChange(display_name="Ana", time_factor=3),
        ProfileChange(display_name="Ana", email="nobody"),
    ],
)
def test_one_malformed_field_keeps_the_whole_profile_as_it_is(world, change):
    ana = world.learner()
    before = ana.profile()
    with pytest.raises(InvalidValue):
        ana.update_profile(change)
    assert ana.profile() == before


def test_an_email_that_somebody_else_has_is_refused_and_one_s_own_is_not(world):
    ana, ben = world.learner("ana"), world.learner("ben")
    ana.update_profile(ProfileChange(email="ana@example.ph"))
    ana.update_profile(ProfileChange(email="ANA@example.ph"))
    with pytest.raises(EmailTaken):
        ben.update_profile(ProfileChange(email="ana@example.ph"))


@pytest.mark.parametrize(("role", "allowed"), [(Role.USER, False), (Role.MODERATOR, False), (Role.ADMIN, True)])
def test_only_an_admin_sets_roles_and_verifies(world, role, allowed):
    world.learner("ben")
    world.learner("boss", role)

    def set_role():
        boss = sign_ins.acting_as("boss")
        return accounts.set_role(world.database, boss, "ben", Role.MODERATOR, is_verified=True, now=world.clock())

    if allowed:
        assert (set_role().role, set_role().is_verified) == (Role.MODERATOR, True)
    else:
        with pytest.raises(NotAllowed, match="ADMIN"):
            set_role()
        assert world.one("SELECT role, is_verified FROM users WHERE username = 'ben'") == ("USER", 0)


@pytest.mark.parametrize("change", [{"role": Role.ADMIN}, {"role": None, "is_verified": True}])
def test_an_admin_changes_accounts_as_themselves_and_nobody_else_does(world, change):
    ben, boss = world.learner("ben"), world.learner("boss", Role.ADMIN)
    with pytest.raises(NotAllowed, match="ADMIN"):
        ben.set_role("ben", **change)
    assert (ben.profile().role, ben.profile().is_verified) == (Role.USER, False)
    changed = boss.set_role("ben", **change)
    assert (changed.role, changed.is_verified) == (change["role"] or Role.USER, change.get("is_verified", False))


def test_the_operator_needs_no_role_and_an_unknown_name_is_said(world):
    with pytest.raises(NotFound, match="no user named “nobody”"):
        accounts.set_role(world.database, accounts.OPERATOR, "nobody", Role.ADMIN, is_verified=None, now=world.clock())
