"""The REST interface of a running class server, asked as integrators ask it."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

import pytest

from aralify_kernel.client import wire
from aralify_kernel.client.messages import PREFIX, AttemptPage, CoursePage, SignedIn
from aralify_kernel.domain.session import OpenLesson, Profile, Progress, SubmitResult
from aralify_kernel.server.rest import table
from tests.server.conftest import PASSWORD
from tests.server.rest import LESSON, Caller, signed_in

pytestmark = pytest.mark.slow

EVERYTHING = ["read", "submit", "profile", "teach", "admin"]


@pytest.fixture(scope="module")
def nobody(server) -> Caller:
    return Caller(server)


@pytest.fixture(scope="module")
def ana(server) -> Caller:
    return signed_in(server, "ana")
