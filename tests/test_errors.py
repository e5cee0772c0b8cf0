"""Errors that a person can mend: one sentence each, in both languages, with a code that never changes."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from aralify_kernel import errors
from aralify_kernel.errors import AralifyError, CourseInvalid, InvalidValue, UsageError
from aralify_kernel.i18n import LANGUAGES, sentence


def tree(cls: type[AralifyError]) -> list[type[AralifyError]]:
    return [cls, *(below for child in cls.__subclasses__() for below in tree(child))]


ALL = [cls for cls in tree(AralifyError) if cls.__module__.startswith(errors.__name__)]
SAYING_SOMETHING = [cls for cls in ALL if "message" in vars(cls)]


def example(cls: type[AralifyError]) -> AralifyError:
    """Return an error with a value for every placeholder of its sentence."""
    names = {name for _, name, _, _ in Formatter().parse(cls.message) if name}
    return cls(**{name: f"<{name}>" for name in names})


def test_codes_are_unique_and_fit_for_json():
    codes = [vars(cls).get("code") for cls in ALL]
    assert len(set(codes)) == len(codes)
    assert all(code and re.fullmatch("[a-z]+(_[a-z]+)*", code) for code in codes)


def test_the_codes_that_outsiders_rely_on_have_not_changed():
    assert {cls.__name__: cls.code for cls in ALL} == {
        "AralifyError": "error",
        "UsageError": "usage",
        "InvalidValue": "invalid_value",
        "WrongKindOfAnswer": "wrong_kind_of_answer",
        "NotFound": "not_found",
        "AccountError": "account",
        "NotSignedIn": "not_signed_in",
        "WrongPassword": "wrong_password",
        "TooManyTries": "too_many_tries",
        "NameTaken": "name_taken",
        "EmailTaken": "email_taken",
        "NotAllowed": "not_allowed",
        "SignUpClosed": "sign_up_closed",
        "InvitationInvalid": "invitation_invalid",
        "NoticeUnread": "notice_unread",
        "LessonError": "lesson",
        "LevelLocked": "level_locked",
        "NoTimeLimit": "no_time_limit",
        "AnswerShown": "answer_shown",
        "KeyConflict": "key_conflict",
        "SourceRefused": "source_refused",
        "UnchangedStarter": "unchanged_starter",
        "EmptyAnswer": "empty_answer",
        "CourseInvalid": "course_invalid",
        "NotebookInvalid": "notebook_invalid",
        "WorkspaceUnusable": "workspace_unusable",
        "ServerUnreachable": "server_unreachable",
        "RequestError": "request",
        "ClientOutdated": "client_outdated",
        "InvalidRequest": "invalid_request",
        "RequestTooLarge": "request_too_large",
        "WrongContentType": "wrong_content_type",
        "WrongMethod": "wrong_method",
        "CrossSiteRequest": "cross_site_request",
        "ScopeMissing": "scope_missing",
        "TooManyRequests": "too_many_requests",
        "ServerBusy": "server_busy",
        "HubUnreachable": "hub_unreachable",
        "HubSignsIn": "hub_signs_in",
        "ServerFailed": "server_failed",
        "JudgeUnavailable": "judge_unavailable",
        "JudgeBusy": "judge_busy",
        "IsolationTooWeak": "isolation_too_weak",
        "ClassExists": "class_exists",
        "ClassArchived": "class_archived",
        "TeachesThere": "teaches_there",
        "NobodyToAsk": "nobody_to_ask",
        "NoPasswordCode": "no_password_code",
        "RosterInvalid": "roster_invalid",
        "NothingToAskAbout": "nothing_to_ask_about",
        "StoreError": "store",
        "DatabaseNewer": "database_newer",
        "DatabaseOutdated": "database_outdated",
        "DatabaseReadOnly": "database_read_only",
        "DiskFull": "disk_full",
        "DatabaseBusy": "database_busy",
        "DatabaseUnusable": "database_unusable",
        "DatabaseUnreachable": "database_unreachable",
        "CommitUnclear": "commit_unclear",
        "CopyFailed": "copy_failed",
    }


def test_the_tree_drawn_in_the_module_names_every_class_and_no_other():
    drawing = errors.__doc__.split("::", 1)[1].split("Each class has", 1)[0]
    drawn = set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", drawing))
    assert drawn == {cls.__name__ for cls in ALL}


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_is_a_sentence_with_its_values_in_it(cls, language):
    error = example(cls)
    told = sentence(error, language)
    assert all(str(value) in told for value in error.details.values())
    assert "{" not in told


@pytest.mark.parametrize(
    "cls", [cls for cls in SAYING_SOMETHING if cls is not InvalidValue], ids=lambda cls: cls.__name__
)
def test_every_error_speaks_filipino(cls):
    assert sentence(example(cls), "fil") != sentence(example(cls), "en") == str(example(cls))


def test_a_reason_is_translated_and_gets_the_values_too():
    error = InvalidValue(field="ARALIFY_JUDGE_MEMORY_MB", value="much", reason="“{value}” is not a number above 0.")
    assert str(error) == "ARALIFY_JUDGE_MEMORY_MB: “much” is not a number above 0."
    assert sentence(error, "fil") == "ARALIFY_JUDGE_MEMORY_MB: Hindi number na mas mataas sa 0 ang “much”."


def test_braces_in_a_value_are_shown_as_they_are():
    assert "“{value}{0}” is odd" in str(InvalidValue(field="f", value="{value}{0}", reason="“{value}” is odd"))


def test_wrong_usage_leaves_with_2_and_everything_else_with_1():
    assert {cls.exit_code for cls in tree(UsageError)} == {2}
    assert {cls.exit_code for cls in ALL if not issubclass(cls, UsageError)} == {1}


def test_details_keep_their_values_for_json():
    problems = [{"file": "course.toml", "key": "slug"}]
    error = CourseInvalid(folder="rain", count=1, problems=problems)
    assert error.details == {"folder": "rain", "count": 1, "problems": problems}
