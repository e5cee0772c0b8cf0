"""Certificates for tests, made on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def certificate_until(end: datetime, folder: Path) -> tuple[str, str]:
    """Write a certificate for this computer and its key; return their files."""
    issued = trustme.CA().issue_cert("localhost", "127.0.0.1", not_after=end)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    return str(certificate), str(key)
