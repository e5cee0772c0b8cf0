"""https by option: a certificate and its key, looked at before anybody connects."""

from __future__ import annotations

import datetime
import ssl
from typing import TYPE_CHECKING, Any

from aralify_kernel.errors import N_, AralifyError

if TYPE_CHECKING:
    from aralify_kernel.settings import Settings


class CertificateUnusable(AralifyError):
    """The certificate or its key cannot be read, do not belong together, or are out of date."""

    code = "certificate_unusable"
    message = N_("The certificate “{path}” cannot be used: {reason}")


def context(settings: Settings, now: datetime.datetime) -> ssl.SSLContext | None:
    """Return what https needs; None when no certificate is set.

    Raises:
        CertificateUnusable: See there.
    """
    certificate, key = settings.tls_certificate, settings.tls_key
    if not certificate and not key:
        return None
    if not certificate or not key:
        reason = N_("ARALIFY_TLS_CERTIFICATE and ARALIFY_TLS_KEY are set together or not at all.")
        raise CertificateUnusable(path=certificate or key, reason=reason)
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        found.load_cert_chain(certificate, key, password=lambda: "")
    except ssl.SSLError as error:
        reason = N_("It is no certificate with a key that belongs to it and has no password ({detail}).")
        raise CertificateUnusable(path=certificate, reason=reason, detail=error.reason or "PEM") from error
    except OSError as error:
        reason = N_("It, or its key “{key}”, cannot be read ({detail}).")
        raise CertificateUnusable(path=certificate, key=key, reason=reason, detail=error.strerror) from error
    if now > (until := expires_at(certificate)):
        reason = N_("It was valid until {until} only. Put a new one in its place.")
        raise CertificateUnusable(path=certificate, reason=reason, until=until.date().isoformat())
    return found


def expires_at(certificate: str) -> datetime.datetime:
    """Return until when the first certificate of a file is valid."""
    # Private, and there since Python 2.6: what the standard library's own tests read a certificate with.
    decode: Any = ssl._ssl._test_decode_cert  # type: ignore[attr-defined]
    return datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(decode(certificate)["notAfter"]), datetime.UTC)
