"""A class that hands in at once, and a server that dies in the middle of it: nothing is lost and nothing counts twice."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from aralify_kernel.client.connection import Connection
from aralify_kernel.client.http_session import Here, HttpSession
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission, SubmitResult
from aralify_kernel.domain.sign_ins import SharedSignIn
from aralify_kernel.services.sign_in_file import HeldSignIn
from tests.server.load import COME_BACK, hand_in_at_once, kept, tokens
from tests.server.rest import EXERCISE, LESSON
from tests.servers import running_server

pytestmark = pytest.mark.slow

PATIENCE_SEC = 240
ANSWERS = 4


def test_twenty_learners_who_hand_in_at_once_are_all_judged(server):
    of = tokens(server, [f"pupil{number}" for number in range(20)])
    load = hand_in_at_once(server, of)
    assert load.statuses.keys() <= {201, *COME_BACK}
    assert load.statuses[201] == len(of)
    assert kept(server, "of pupil%") == {f"of {name}": 1 for name in of}


class Learner:
    """Somebody's Jupyter: it hands answers in, and keeps them while the server is away."""

    def __init__(self, server, folder, name, token):
        holder = HeldSignIn()
        holder.write(SharedSignIn(token, "en", name))
        here = Here(folder / name, server.application.now, "Asia/Manila", lambda *_: None)
        self.session = HttpSession(Connection(server.url), holder, here)
        self.keys = [f"{name}-{number}" for number in range(ANSWERS)]
        self.judged: list[str] = []

    def work(self, someone_is_judged: threading.Event) -> None:
        for key in self.keys:
            submission = Submission(LessonRef.parse(LESSON.removeprefix("/lessons/")), EXERCISE, f"load = '{key}'", key)
            result = self.session.submit(submission)
            if isinstance(result, SubmitResult):
                self.judged.append(key)
                someone_is_judged.set()

    def drain(self) -> None:
        until = time.monotonic() + PATIENCE_SEC
        delivery = self.session.send_kept()
        self.judged += [result.attempt_key for result in delivery.judged]
        while delivery.waiting:
            assert time.monotonic() < until, delivery
            delivery = self.session.send_kept()
            self.judged += [result.attempt_key for result in delivery.judged]


@pytest.mark.timeout(900)
def test_answers_given_while_the_server_is_killed_and_started_again_count_once_each(tmp_path):
    with running_server(tmp_path) as server:
        names = [f"pupil{number}" for number in range(6)]
        learners = [Learner(server, tmp_path, name, token) for name, token in tokens(server, names).items()]
        someone_is_judged = threading.Event()
        with ThreadPoolExecutor(len(learners)) as pool:
            working = [pool.submit(learner.work, someone_is_judged) for learner in learners]
            assert someone_is_judged.wait(PATIENCE_SEC)
            server.kill()
            for work in working:
                work.result(PATIENCE_SEC)
            assert sum(len(learner.judged) for learner in learners) < len(names) * ANSWERS, "it was killed too late"
            server.start()
            server.wait_until_it_answers()
            for drained in [pool.submit(learner.drain) for learner in learners]:
                drained.result(PATIENCE_SEC)
        for learner in learners:
            learner.session.close()
        given = [key for learner in learners for key in learner.keys]
        assert kept(server, "pupil%") == dict.fromkeys(given, 1)
        assert sorted(key for learner in learners for key in learner.judged) == sorted(given)
