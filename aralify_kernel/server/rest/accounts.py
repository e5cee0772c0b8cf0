"""The operations on accounts, sign-ins and what is held about a person."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aralify_kernel.client import messages
from aralify_kernel.client.messages import CurrentSignIn, Notice, SignedIn
from aralify_kernel.domain.accounts import GUEST_PREFIX
from aralify_kernel.domain.session import Profile, ProfileChange
from aralify_kernel.errors import (
    N_,
    EmailTaken,
    HubSignsIn,
    InvalidValue,
    InvitationInvalid,
    NameTaken,
    NoticeUnread,
    NotSignedIn,
    SignUpClosed,
    TooManyTries,
    WrongPassword,
)
from aralify_kernel.server.rest.operations import CREATED, LANGUAGE, NOTHING, Asked, Download, Operation
from aralify_kernel.services import accounts, notices, personal_data, sign_ins, signing_up
from aralify_kernel.services.sign_in_file import HeldSignIn
from aralify_kernel.services.sign_ins import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable

OF_LEARNERS: Final = ("read", "submit", "profile")
"""What a token is good for when nothing else was asked for."""


def _terms(scopes: Iterable[str] | None, label: str | None) -> Terms:
    if label is not None and not (label.isprintable() and len(label) <= 80):
        raise InvalidValue(field="label", value=label[:60], reason=N_("Write at most 80 characters on one line."))
    return Terms(sign_ins.scopes(OF_LEARNERS if scopes is None else scopes), label)


def _signed_in(asked: Asked, token: str) -> SignedIn:
    """Return a new sign-in as its owner is told of it."""
    now = _current(asked, token)
    return SignedIn(token, now.scopes, now.expires_at, now.profile)


def _current(asked: Asked, token: str | None) -> CurrentSignIn:
    application = asked.application
    found = sign_ins.signed_in(application.database, token, now=application.now()) if token else None
    if found is None:
        raise NotSignedIn
    scopes = sign_ins.SCOPES if found.sign_in.scopes is None else tuple(found.sign_in.scopes.split())
    profile = application.session_of(HeldSignIn(token)).profile()
    return CurrentSignIn(scopes, found.sign_in.expires_at, profile)


def _sign_up(asked: Asked) -> SignedIn:
    given: messages.NewAccount = asked.body
    application, before = asked.application, asked.session.user
    guest = before if before and before.startswith(GUEST_PREFIX) else None
    if guest:
        asked.require_scope("profile")
    terms = _terms(None, given.label)
    account = accounts.NewAccount(
        given.username, given.password, given.email, given.display_name, given.language, given.timezone
    )
    user = signing_up.sign_up(
        application.database,
        signing_up.Asked(account, given.notice_version, given.invitation),
        application.settings.sign_up,
        place=asked.place,
        guest=guest,
        now=application.now(),
    )
    if guest:
        asked.session.sign_out()
    return _signed_in(asked, sign_ins.begin_for(application.database, user, terms=terms, now=application.now()))


def _sign_in(asked: Asked) -> SignedIn:
    given: messages.Credentials = asked.body
    application, terms = asked.application, _terms(given.scopes, given.label)
    db, now = application.database, application.now()
    if not given.guest:
        token = sign_ins.sign_in(db, given.username or "", given.password, place=asked.place, terms=terms, now=now)
        return _signed_in(asked, token)
    if not application.settings.guests:
        raise SignUpClosed
    guest = accounts.add_guest(db, language=given.language, timezone=given.timezone, place=asked.place, now=now)
    return _signed_in(asked, sign_ins.begin_for(db, guest, terms=terms, now=now))


def _own_sign_in(asked: Asked) -> CurrentSignIn:
    own = _current(asked, asked.token)
    if asked.scopes is None:
        return own
    return replace(own, scopes=tuple(scope for scope in sign_ins.SCOPES if scope in asked.scopes))


def _sign_out(asked: Asked) -> None:
    if asked.scopes is not None and LANGUAGE in asked.scopes:  # that sign-in is its viewer's browser's
        asked.require_scope("profile")
    asked.session.sign_out()


def _update_profile(asked: Asked) -> Profile:
    change: ProfileChange = asked.body
    if change != ProfileChange(language=change.language):
        asked.require_scope("profile")
    return asked.session.update_profile(change)


def _change_password(asked: Asked) -> None:
    given: messages.PasswordChange = asked.body
    application, now = asked.application, asked.application.now()
    who = sign_ins.holder_of(asked.token, now=now)
    accounts.change_password(
        application.database, who, given.old, given.new, but=asked.token, place=asked.place, now=now
    )


def _export(asked: Asked) -> Download:
    given: messages.Export = asked.body
    file, application, now = io.BytesIO(), asked.application, asked.application.now()
    who = sign_ins.holder_of(asked.token, now=now)
    personal_data.export_own(application.database, who, given.password, file, place=asked.place, now=now)
    return Download(file.getvalue(), f"aralify-{asked.session.user}.zip")


def _erase(asked: Asked) -> None:
    given: messages.Erasure = asked.body
    application = asked.application
    now = application.now()
    who = sign_ins.holder_of(asked.token, now=now)
    said = given.username, given.password
    personal_data.erase_own(application.database, who, *said, application.erasures, place=asked.place, now=now)


def _notice(asked: Asked) -> Notice:
    settings = asked.application.settings
    return Notice(notices.VERSION, notices.texts(settings.source_days), settings.sign_up, settings.guests)


OPERATIONS: Final = (
    Operation("GET", "/notice", "What people are told before they make an account, and who may", _notice, returns=Notice),
    Operation("POST", "/accounts", "Make an account and sign in; a guest who asks keeps what they earned", _sign_up,
              body=messages.NewAccount, returns=SignedIn, statuses=CREATED,
              refusals=(InvalidValue, NameTaken, EmailTaken, SignUpClosed, InvitationInvalid, NoticeUnread,
                        TooManyTries, HubSignsIn), looks_at_passwords=True, is_the_hubs=True),
    Operation("POST", "/session", "Sign in", _sign_in, body=messages.Credentials, returns=SignedIn, statuses=CREATED,
              refusals=(InvalidValue, WrongPassword, TooManyTries, SignUpClosed, HubSignsIn),
              looks_at_passwords=True, is_the_hubs=True),
    Operation("GET", "/session", "Whose sign-in this is, and what it is good for",
              _own_sign_in, scope="read", returns=CurrentSignIn),
    Operation("DELETE", "/session", "End this sign-in", _sign_out, scope="read", statuses=NOTHING),
    Operation("GET", "/profile", "My profile", lambda asked: asked.session.profile(), scope="read", returns=Profile),
    Operation("PATCH", "/profile", "Change my profile; what is left out or null stays",
              _update_profile, scope="profile", or_scope=LANGUAGE, body=ProfileChange, returns=Profile,
              refusals=(InvalidValue, EmailTaken)),
    Operation("PUT", "/profile/password", "Set a new password; every other sign-in of the account ends",
              _change_password, scope="profile", body=messages.PasswordChange, statuses=NOTHING,
              refusals=(InvalidValue, WrongPassword, TooManyTries, HubSignsIn), looks_at_passwords=True,
              is_the_hubs=True),
    Operation("POST", "/profile/export", "Everything that is held about me, as a zip", _export,
              scope="profile", body=messages.Export, downloads="application/zip",
              refusals=(WrongPassword, TooManyTries), looks_at_passwords=True),
    Operation("POST", "/profile/erasure", "Erase everything that is held about me, for good", _erase,
              scope="profile", body=messages.Erasure, statuses=NOTHING,
              refusals=(InvalidValue, WrongPassword, TooManyTries), looks_at_passwords=True),
)  # fmt: skip
