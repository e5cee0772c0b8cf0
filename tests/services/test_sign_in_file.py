from __future__ import annotations

import errno
import os
import stat
import sys

import pytest

from aralify_kernel.domain.sign_ins import SharedSignIn
from aralify_kernel.errors import DatabaseReadOnly, DiskFull
from aralify_kernel.services.sign_in_file import SignInFile


@pytest.fixture
def file(tmp_path):
    return SignInFile(tmp_path / "home" / "session.json")


def test_what_is_written_is_read_again(file):
    file.write(SharedSignIn("token", "fil"))
    assert SignInFile(file.path).read() == SharedSignIn("token", "fil")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_its_owner_may_read_it(file):
    old = os.umask(0)
    try:
        file.write(SharedSignIn("token"))
        file.write(SharedSignIn("another"))
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["", "{", "[]", '{"token": 3}', "\udcff"])
def test_a_damaged_file_is_as_good_as_none(file, text):
    file.path.parent.mkdir()
    file.path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert file.read() == SharedSignIn()


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, DiskFull), (errno.EROFS, DatabaseReadOnly)])
def test_a_write_that_fails_leaves_the_old_one_and_nothing_beside_it(file, monkeypatch, number, error):
    file.write(SharedSignIn("token"))

    def fail(_descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(error):
        file.write(SharedSignIn("another"))
    assert file.read().token == "token"
    assert list(file.path.parent.iterdir()) == [file.path]
