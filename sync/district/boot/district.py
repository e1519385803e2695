"""Make and open a district: the composition root shared by its programs."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from schemas.base import utc_text
from schemas.encoding import base64_text
from schemas.enrolment import Charter
from schemas.problems import Code, Problem
from sync.district.boot.serving import utc_now
from sync.district.config.keyring import (
    ReconcileKeys,
    make_keys,
    put_charter,
    read_charter,
    write_private,
)
from sync.district.config.passphrases import SHORTEST, hash_passphrase
from sync.district.config.places import (
    DistrictPlaces,
    district_places,
    refuse_missing,
)
from sync.district.config.tls import hosts_of, make_certificates
from sync.district.ledger.record import Record, StaffMember
from sync.district.ledger.sealed import SealedLedger
from sync.seal import suite1
from sync.seal.enrolment import make_charter


@dataclass(frozen=True)
class District:
    """An opened district, the side beside the key."""

    places: DistrictPlaces
    keys: ReconcileKeys
    sealed: SealedLedger
    record: Record

    @property
    def charter(self) -> Charter:
        """The charter in force."""
        return self.keys.charter


@dataclass(frozen=True)
class NewDistrict:
    """What a district is to be called and reached by."""

    code: str
    name: str
    url: str


def init(home: Path | None, new: NewDistrict) -> DistrictPlaces:
    """Make keys, certificates, charter and databases; never over existing ones."""
    places = district_places(home)
    if places.charter.exists():
        raise Problem(Code.DISTRICT_ALREADY_SET_UP)
    if any(places.home.glob("*/*.key")):
        # A district without its charter: another one would be a stranger to its desks.
        raise Problem(Code.DISTRICT_FILE_DAMAGED, file=places.charter.name)
    places.make()
    now = utc_now()
    name = f"Island Desk {new.code}"
    certificates = make_certificates(name, hosts_of(new.url), now=now)
    receipts, opening, answers = make_keys(places)
    write_private(places.reconcile / "ca.key", certificates.ca_key)
    write_private(places.intake / "server.key", certificates.server_key)
    (places.intake / "server.pem").write_text(certificates.server, "ascii")
    charter = make_charter(
        {
            "suite": suite1.SUITE,
            "district": new.code,
            "name": new.name,
            "urls": [new.url],
            "ca_pem": certificates.ca,
            "sealing_key": base64_text(opening.public),
            "receipt_key": base64_text(receipts.public),
            "answers_key": base64_text(answers.public),
            "made_at": utc_text(now),
        },
        answers,
    )
    sealed = SealedLedger(places.sealed)
    sealed.contacts.be_born(secrets.token_hex(16), now=now)
    sealed.close()
    Record(places.record).close()
    # Last: a half-made district has no charter and can be made again elsewhere.
    put_charter(places, charter)
    return places


def open_district(home: Path | None) -> District:
    """Open the side beside the key."""
    places = district_places(home)
    read_charter(places)
    refuse_missing(places.sealed, places.record)
    keys = ReconcileKeys(places)
    return District(places, keys, SealedLedger(places.sealed), Record(places.record))


def refuse_weak(passphrase: str, *, login: str) -> None:
    """Refuse a weak passphrase: `Problem(PASSPHRASE_WEAK)`."""
    if len(passphrase.strip()) < SHORTEST or passphrase.strip() == login:
        raise Problem(Code.PASSPHRASE_WEAK)


def add_staff(
    district: District, *, login: str, name: str, role: str, passphrase: str
) -> None:
    """Let one more person use the console."""
    refuse_weak(passphrase, login=login)
    if district.record.staff.member(login) is not None:
        raise Problem(Code.LOGIN_TAKEN, login=login)
    kept = hash_passphrase(passphrase, salt=secrets.token_bytes(16))
    district.record.staff.add(StaffMember(login, name, role, kept, 0, None))
    district.record.note("system", "staff_added", login, now=utc_now())
