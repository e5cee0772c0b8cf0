"""Whether what goes over the network is safe there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_
from aralify_kernel.services import certificates
from aralify_kernel.services.doctor.findings import Finding, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aralify_kernel.services.doctor.findings import Surroundings

_LOCAL: Final = {"127.0.0.1", "::1", "localhost"}

_SOON_DAYS: Final = 21
"""From when on one is told that a certificate ends: who renews for 90 days at a time does it a month before."""


def certificate(around: Surroundings) -> Iterator[Finding]:
    """Tell until when the certificate is good."""
    settings, now = around.settings, around.now
    try:
        context = certificates.context(settings, now)
    except certificates.CertificateUnusable as error:
        yield Finding(State.FAILS, error)
        return
    if context is not None:
        yield _until(settings.tls_certificate, (certificates.expires_at(settings.tls_certificate) - now).days)
    elif settings.host in _LOCAL:
        yield Finding(State.OK, N_("No certificate is needed: only this computer reaches the server."))
    else:
        message = N_("The server listens on {host} without https.")
        advice = N_("Set ARALIFY_TLS_CERTIFICATE and ARALIFY_TLS_KEY, or let it listen to a proxy that speaks https.")
        yield Finding(State.WARNING, message, advice, {"host": settings.host})


def _until(file: str, days: int) -> Finding:
    details = {"file": file, "days": days}
    if days >= _SOON_DAYS:
        return Finding(State.OK, N_("The certificate “{file}” is valid, days left: {days}."), details=details)
    advice = N_("Renew it and start the server again.")
    return Finding(State.WARNING, N_("The certificate “{file}” ends soon, days left: {days}."), advice, details)
