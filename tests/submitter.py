"""A program that submits one answer after the other as somebody, and tells the key of each that was acknowledged."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.services.local_session import LocalSession, Surroundings
from aralify_kernel.services.sign_in_file import SignInFile
from aralify_kernel.store.database import Database
from tests.fakes import Clock, FakeGrader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aralify_kernel.store.retrying import Patience

ANSWERS = [("area", "c1"), ("area", "PASS"), ("choice", "b"), ("choice", "a")]
EASY = LessonRef("demo", "one", "easy")


@contextmanager
def session_of(url: str, folder: Path, name: str, patience: Patience | None = None) -> Iterator[LocalSession]:
    database = Database(url, patience=patience)
    around = Surroundings(database, Clock(), FakeGrader, folder, "Asia/Manila")
    try:
        yield LocalSession(around, SignInFile(folder / "nobody.json"), name)
    finally:
        database.dispose()


def submission(key: str, number: int) -> Submission:
    return Submission(EASY, *ANSWERS[number % 4], key)


def main(url: str, folder: str, name: str) -> None:
    with session_of(url, Path(folder), name) as session:
        for number in count():
            key = f"{name}-{number}"
            session.submit(submission(key, number))
            print(key, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
