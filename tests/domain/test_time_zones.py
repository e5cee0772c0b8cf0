"""Time zones by name."""

import pytest

from aralify_kernel.domain.time_zones import time_zone, zone
from aralify_kernel.errors import InvalidValue

IMPOSSIBLE = [
    "",
    "Manila",
    "America",
    "../UTC",
    "/etc/localtime",
    "Asia/Manila\0",
    "\ud800",
    "x" * 5000,
    "Asia/Manila/x",
]


@pytest.mark.parametrize("name", ["Asia/Manila", "UTC", "Etc/GMT+12", "Pacific/Kiritimati", "America/Indiana/Knox"])
def test_a_zone_is_known_by_its_iana_name(name):
    assert time_zone(name) == zone(name).key == name


@pytest.mark.parametrize("name", IMPOSSIBLE)
@pytest.mark.parametrize("read", [zone, time_zone])
def test_anything_else_is_refused_in_words(read, name):
    with pytest.raises(InvalidValue, match="is no time zone") as caught:
        read(name)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("name", ["localtime", "Factory", "posix/Asia/Manila", "asia/manila"])
def test_a_name_that_means_something_else_elsewhere_is_not_kept_in_a_profile(name):
    with pytest.raises(InvalidValue):
        time_zone(name)
