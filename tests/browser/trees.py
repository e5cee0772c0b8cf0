"""What a screen reader finds in a part of a page, beside the text that is kept of it in `trees`.

A part that has changed on purpose is kept anew by deleting its text and running its test once: the test writes it, and
asks for it to be gone through, as somebody does who hears it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

KEPT = Path(__file__).with_name("trees")
_DAY = re.compile(r'listitem: "(\w+day): .+"')
"""Which days were active depends on the day of the test."""


def reads_as(part: Locator, name: str) -> None:
    """Compare the whole tree of a part: nothing may be missing, doubled or in another place."""
    kept = KEPT / f"{name}.yaml"
    if not kept.exists():
        kept.write_text("- /children: deep-equal\n" + _DAY.sub(r'listitem: "/\1: .+/"', part.aria_snapshot()) + "\n")
        pytest.fail(f"{kept} is new. Go through it, then keep it.")
    expect(part).to_match_aria_snapshot(kept.read_text())
