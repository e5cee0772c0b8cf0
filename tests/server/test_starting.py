"""What keeps a class server from starting is told in one sentence; https is there when it is set."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
import ssl
import subprocess
from dataclasses import replace

import pytest

from aralify_kernel.errors import InvalidValue
from aralify_kernel.server import proxies
from aralify_kernel.server.cookies import CookieSecretUnusable, cookie_secret
from aralify_kernel.services import certificates
from aralify_kernel.services.certificates import CertificateUnusable
from aralify_kernel.settings import load

NOW = dt.datetime(2024, 6, 3, tzinfo=dt.UTC)
OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of one's own for localhost, and its key."""
    if OPENSSL is None:
        pytest.skip("needs openssl (Debian: apt-get install openssl)")
    folder = tmp_path_factory.mktemp("tls")
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost -addext"
    files = ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    command = [OPENSSL, *command.split(), "subjectAltName=DNS:localhost", *files]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "certificate.pem", folder / "key.pem"


def settings_with(certificate, key):
    return replace(load({}), tls_certificate=str(certificate), tls_key=str(key))


def test_https_shows_the_certificate_that_is_set(certificate):
    file, key = certificate
    now = dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=29) < certificates.expires_at(str(file)) - now <= dt.timedelta(days=30)
    server = certificates.context(settings_with(file, key), now)
    client = ssl.create_default_context(cafile=str(file))
    one, other = socket.socketpair()
    with one, other:
        one.setblocking(False)
        other.setblocking(False)
        sides = [
            server.wrap_socket(one, server_side=True, do_handshake_on_connect=False),
            client.wrap_socket(other, server_hostname="localhost", do_handshake_on_connect=False),
        ]
        for _ in range(10):
            for side in sides:
                try:
                    side.do_handshake()
                except ssl.SSLWantReadError:
                    continue
        assert sides[1].version() in {"TLSv1.2", "TLSv1.3"}
        for side in sides:
            side.close()


def test_without_a_certificate_there_is_no_https():
    assert certificates.context(load({}), NOW) is None


def test_a_certificate_that_cannot_be_used_is_told_why(certificate, tmp_path):
    file, key = certificate
    (tmp_path / "nonsense").write_text("no certificate")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    for given, now, reason in (
        (("", key), NOW, "set together"),
        ((file, ""), NOW, "set together"),
        ((tmp_path / "missing", key), NOW, "cannot be read"),
        ((file, tmp_path / "missing"), NOW, "cannot be read"),
        ((tmp_path / "nonsense", key), NOW, "is no certificate"),
        ((file, tmp_path / "nonsense"), NOW, "is no certificate"),
        ((file, key), later, "was valid until"),
    ):
        with pytest.raises(CertificateUnusable, match=reason):
            certificates.context(settings_with(*given), now)


def test_a_key_for_cookies_that_others_can_read_or_that_is_none_is_refused(tmp_path):
    made = cookie_secret(tmp_path / "new" / "cookie_secret")
    assert cookie_secret(tmp_path / "new" / "cookie_secret") == made
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["cookie_secret"]
    for content, mode in ((b"", 0o600), (b"short", 0o600), (b"x" * 32, 0o644)):
        file = tmp_path / "cookie_secret"
        file.write_bytes(content)
        file.chmod(mode)
        with pytest.raises(CookieSecretUnusable):
            cookie_secret(file)
    (tmp_path / "a file").write_text("")
    with pytest.raises(CookieSecretUnusable):
        cookie_secret(tmp_path / "a file" / "cookie_secret")


def test_proxies_are_addresses_and_networks():
    assert [str(one) for one in proxies.networks(" 10.0.0.7, 10.1.0.0/16 ,::1,")] == [
        "10.0.0.7/32",
        "10.1.0.0/16",
        "::1/128",
    ]
    for nonsense in ("proxy.example", "10.0.0.0/99", "*"):
        with pytest.raises(InvalidValue, match="no address of a proxy"):
            proxies.networks(nonsense)
