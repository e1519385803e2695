"""The district's own authority: desks pin it, intake's certificate comes and goes."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from schemas.problems import Code, Problem
from sync.district.config.keyring import write_private
from sync.district.config.places import DistrictPlaces
from sync.district.config.tls import (
    Certificates,
    certificate_ends,
    hosts_of,
    make_certificates,
    refuse_broken_tls,
    renew_server,
)
from tests.support.ledgers import NOW

YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def made() -> Certificates:
    return make_certificates("示例", ("desk.example", "127.0.0.1"), now=NOW)


@pytest.fixture
def places(tmp_path: Path, made: Certificates) -> DistrictPlaces:
    kept = DistrictPlaces(tmp_path)
    kept.make()
    write_private(kept.reconcile / "ca.key", made.ca_key)
    write_private(kept.intake / "server.key", made.server_key)
    (kept.intake / "server.pem").write_text(made.server, "ascii")
    return kept


def _names(pem: str) -> set[str]:
    found = x509.load_pem_x509_certificate(pem.encode()).extensions
    value = found.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(each.value) for each in value}


def test_intakes_certificate_is_the_authoritys_for_these_hosts(
    made: Certificates,
) -> None:
    server = x509.load_pem_x509_certificate(made.server.encode())
    server.verify_directly_issued_by(x509.load_pem_x509_certificate(made.ca.encode()))
    assert _names(made.server) == {"desk.example", "127.0.0.1"}


def test_p09_a_desk_whose_clock_is_a_little_slow_believes_it(
    made: Certificates,
) -> None:
    for pem in (made.ca, made.server):
        begins = x509.load_pem_x509_certificate(pem.encode()).not_valid_before_utc
        assert begins == NOW - timedelta(days=1)
    assert certificate_ends(made.ca) > certificate_ends(made.server) + 10 * YEAR


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://desk.example:8443", ("desk.example", "localhost", "127.0.0.1")),
        ("https://localhost:1", ("localhost", "127.0.0.1")),
        ("https://[::1]:8443/", ("::1", "localhost", "127.0.0.1")),
        ("nothing", ("localhost", "127.0.0.1")),
    ],
)
def test_an_address_and_this_machine_are_named(
    url: str, hosts: tuple[str, ...]
) -> None:
    assert hosts_of(url) == hosts


def test_a_renewed_certificate_is_a_pair_under_the_same_authority(
    places: DistrictPlaces, made: Certificates
) -> None:
    later = NOW + 4 * YEAR
    (places.intake / "server.key.new").write_text("left by a crash")

    ends = renew_server(places, made.ca, "https://new.example", now=later)

    pem = (places.intake / "server.pem").read_text()
    x509.load_pem_x509_certificate(pem.encode()).verify_directly_issued_by(
        x509.load_pem_x509_certificate(made.ca.encode())
    )
    assert ends == certificate_ends(pem) > later + 4 * YEAR
    assert "new.example" in _names(pem)
    assert (places.intake / "server.key").stat().st_mode & 0o777 == 0o600
    refuse_broken_tls(places)


@pytest.mark.parametrize("key", [None, "no key"])
def test_without_the_authoritys_key_nothing_is_renewed(
    places: DistrictPlaces, made: Certificates, key: str | None
) -> None:
    (places.reconcile / "ca.key").unlink()
    if key is not None:
        write_private(places.reconcile / "ca.key", key)
    with pytest.raises(Problem) as refused:
        renew_server(places, made.ca, "https://new.example", now=NOW)
    assert refused.value.code is Code.KEY_MISSING
    assert (places.intake / "server.pem").read_text() == made.server


def test_a_certificate_and_a_key_that_do_not_belong_together_are_refused(
    places: DistrictPlaces,
) -> None:
    other = make_certificates("another", ("localhost",), now=NOW)
    (places.intake / "server.pem").write_text(other.server, "ascii")
    with pytest.raises(Problem) as refused:
        refuse_broken_tls(places)
    assert refused.value.code is Code.DISTRICT_FILE_DAMAGED
    (places.intake / "server.key").unlink()
    with pytest.raises(Problem) as refused:
        refuse_broken_tls(places)
    assert refused.value.code is Code.KEY_MISSING
