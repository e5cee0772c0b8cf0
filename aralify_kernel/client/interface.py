"""Where the REST interface is and which revision of it this Aralify speaks.

Without the bodies and answers beside it: a Jupyter server reads this while it starts.
"""

from __future__ import annotations

from typing import Final

API: Final = 1
"""The revision of the interface that this Aralify speaks; sent as the header `API_HEADER`."""

API_HEADER: Final = "Aralify-Api"
PREFIX: Final = "/aralify/api/v1"
