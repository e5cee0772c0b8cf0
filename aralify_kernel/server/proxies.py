"""Who really asks, when a reverse proxy stands between: headers are believed from proxies of ours, and nobody else."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from aralify_kernel.errors import N_, InvalidValue

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest

Networks = tuple[IPv4Network | IPv6Network, ...]


def networks(setting: str) -> Networks:
    """Return the addresses and networks that a setting names, separated by commas.

    Raises:
        InvalidValue: One of them is neither.
    """
    found = []
    for one in filter(None, (part.strip() for part in setting.split(","))):
        try:
            found.append(ip_network(one, strict=False))
        except ValueError:
            reason = N_(
                "“{value}” is no address of a proxy. Write addresses like 10.0.0.7 or networks like 10.0.0.0/24."
            )
            raise InvalidValue(field="ARALIFY_TRUSTED_PROXIES", value=one[:60], reason=reason) from None
    return tuple(found)


def see_through(request: HTTPServerRequest, trusted: Networks) -> None:
    """Let a request that a proxy of ours passed on look as the proxy says it came: from where, and over TLS or not.

    Each proxy adds whom it heard to the end of `X-Forwarded-For`, so what stands before the last that is no proxy of
    ours was written by whoever asks, and is not believed.
    """
    if not _is_among(request.remote_ip, trusted):
        return
    heard = [one.strip() for line in request.headers.get_list("X-Forwarded-For") for one in line.split(",")]
    others = [one for one in heard if not _is_among(one, trusted)]
    if others and _is_address(others[-1]):
        request.remote_ip = others[-1]
    if (protocol := request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip()) in {"http", "https"}:
        request.protocol = protocol


def _is_among(address: str | None, trusted: Networks) -> bool:
    try:
        found = ip_address(address or "")
    except ValueError:  # as of a socket in the file system
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
