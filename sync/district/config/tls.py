"""The district's own certificate authority, and intake's certificate under it."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from schemas.problems import Code, Problem
from sync.district.config.keyring import write_private
from sync.district.config.places import DistrictPlaces

# Long, since island desks pin the CA; rotation comes by the feed, not by expiry.
_CA_YEARS: Final = 20
_SERVER_YEARS: Final = 5
_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True)
class Certificates:
    """PEM texts: the CA, its key, the server's certificate and key."""

    ca: str
    ca_key: str
    server: str
    server_key: str


def make_certificates(
    name: str, hosts: tuple[str, ...], *, now: datetime
) -> Certificates:
    """Return a fresh CA and a server certificate for the hosts."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} CA")])
    start = now - timedelta(days=1)
    ca = (
        x509.CertificateBuilder()
        .subject_name(ca_name)
        .issuer_name(ca_name)
        .public_key(ca_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(now + _CA_YEARS * _YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    server, server_key = _server(hosts, ca_name, ca_key, now=now)
    return Certificates(_pem(ca), _key_pem(ca_key), server, server_key)


def renew_server(
    places: DistrictPlaces, ca_pem: str, url: str, *, now: datetime
) -> datetime:
    """Give intake a fresh certificate under the CA that desks pin; returns its end.

    `Problem(KEY_MISSING)` without the CA's key. It is in force once intake is
    started again; desks notice nothing.
    """
    file = places.reconcile / "ca.key"
    try:
        ca_key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise Problem(Code.KEY_MISSING, key=file.name) from error
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise Problem(Code.KEY_MISSING, key=file.name)
    ca = x509.load_pem_x509_certificate(ca_pem.encode("ascii"))
    server, key = _server(hosts_of(url), ca.subject, ca_key, now=now)
    for name, text in (("server.key", key), ("server.pem", server)):
        aside = places.intake / f"{name}.new"
        aside.unlink(missing_ok=True)
        write_private(aside, text)
        aside.replace(places.intake / name)
    return certificate_ends(server)


def hosts_of(url: str) -> tuple[str, ...]:
    """Return the names that a certificate for this address must carry."""
    host = urlsplit(url).hostname or "localhost"
    return tuple(dict.fromkeys((host, "localhost", "127.0.0.1")))


def _server(
    hosts: tuple[str, ...], issuer: x509.Name, ca_key: ec.EllipticCurvePrivateKey, *,
    now: datetime,
) -> tuple[str, str]:  # fmt: skip
    start = now - timedelta(days=1)
    key = ec.generate_private_key(ec.SECP256R1())
    server = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(now + _SERVER_YEARS * _YEAR)
        .add_extension(
            x509.SubjectAlternativeName([_alternative(host) for host in hosts]),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )
    return _pem(server), _key_pem(key)


def refuse_broken_tls(places: DistrictPlaces) -> None:
    """Raise where intake's certificate and key are not there or not a pair.

    `Problem(KEY_MISSING)` names a file that is not there, `DISTRICT_FILE_DAMAGED` the
    certificate that does not go with its key.
    """
    certificate, key = places.intake / "server.pem", places.intake / "server.key"
    for each in (certificate, key):
        if not each.is_file():
            raise Problem(Code.KEY_MISSING, key=each.name)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise Problem(Code.DISTRICT_FILE_DAMAGED, file=certificate.name) from error


def certificate_ends(pem: str) -> datetime:
    """Return when a certificate stops being valid."""
    return x509.load_pem_x509_certificate(pem.encode("ascii")).not_valid_after_utc


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")
