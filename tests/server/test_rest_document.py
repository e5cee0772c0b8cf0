"""The OpenAPI document is held true: schemathesis asks the running server whatever it describes, and what it does not."""

from __future__ import annotations

import itertools
import json

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import openapi
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks

from aralify_kernel.client.interface import PREFIX
from aralify_kernel.server.rest.openapi import document
from aralify_kernel.server.rest.table import OPERATIONS
from tests.server.rest import EVERYTHING, signed_in

pytestmark = pytest.mark.slow
load_all_checks()

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]


DOCUMENT = document(OPERATIONS)


def test_the_server_tells_the_document_of_the_table(server):
    assert server.browser().get(f"{PREFIX}/openapi.json").json() == json.loads(json.dumps(DOCUMENT))


@pytest.fixture(scope="module")
def tokens(server):
    """The tokens of some learners in turn: what one of them may ask in a minute is limited.

    An ADMIN's would do more, and hide the courses from the other tests.
    """
    found = []
    for name in ("sam1", "sam2", "sam3"):
        server.application.add_user(name)
        found.append(signed_in(server, name, *EVERYTHING).token)
    return itertools.cycle(found)


# Ending the sign-in would leave the others without one.
@openapi.from_dict(DOCUMENT).exclude(method="DELETE").parametrize()
@settings(max_examples=5, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_the_server_does_what_its_document_says(case, server, tokens):
    headers = {"Authorization": f"Bearer {next(tokens)}"}
    case.call_and_validate(base_url=server.url + PREFIX, checks=CHECKS, headers=headers)
