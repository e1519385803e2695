"""Follow the district's new keys, and renew the desk's own.

Rule 1: a charter is followed only when the answers key of the one in force vouches for
        it; by feed or by file it is the same document.
Rule 2: former keys of the district are believed until it says that they are retired.
Rule 3: the desk's next keys are used only after the district said that it has them.
"""

from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from desk_app.services import journalling
from desk_app.services.access import require_supervisor
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.own_keys import sealing_key, signing_key
from desk_app.store import audit, former_keys, incidents, scans, settings
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Charter, Succession
from schemas.feed import FeedBody
from schemas.problems import Code, Problem
from schemas.renewal import (
    DeviceKeysTaken,
    DistrictKeysChanged,
    DistrictKeysRetired,
)
from sync.seal import suite1
from sync.seal.enrolment import charter_digest
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import check_succession, renew_device_keys

NEXT: Final = ("next_signing_key", "next_sealing_key")


def take(place: Workplace, tx: Transaction, body: FeedBody, *, sealed_to: str) -> None:
    """Do what a feed message says of keys, in the transaction of its cursor."""
    if sealed_to == sealing_key(tx).key_id:
        # The feed has no gap: nothing sealed to a former key can still come.
        former_keys.forget_own(tx)
    if isinstance(body, DistrictKeysChanged):
        follow(place, tx, body.succession)
    elif isinstance(body, DistrictKeysRetired):
        for key_id in body.keys:
            former_keys.retire(tx, key_id, at=utc_text(place.hands.now()))
            _note(place, tx, "district_key_retired", key_id)
    elif isinstance(body, DeviceKeysTaken):
        _use_next(place, tx, body)


def follow(place: Workplace, tx: Transaction, succession: Succession) -> None:
    """Know the district by its next charter; the same again changes nothing."""
    known = Charter.model_validate_json(require_setting(tx, "charter"))
    new = succession.charter
    edition = int(settings.get(tx, "charter_edition") or 1)
    if succession.edition <= edition or charter_digest(new) == charter_digest(known):
        return
    check_succession(succession, known)
    since = utc_text(known.made_at)
    if new.answers_key != known.answers_key:
        former_keys.keep(tx, "answers", base64_bytes(known.answers_key), since=since)
    if new.receipt_key != known.receipt_key:
        former_keys.keep(tx, "receipts", base64_bytes(known.receipt_key), since=since)
    settings.put(tx, "charter", new.model_dump_json())
    settings.put(tx, "charter_edition", str(succession.edition))
    if new.urls and settings.get(tx, "district_url") not in new.urls:
        settings.put(tx, "district_url", new.urls[0].rstrip("/"))
    now = place.hands.now()
    number = str(succession.edition)
    incidents.add(tx, "district_keys_changed", {"edition": number}, now=now)
    _note(place, tx, "district_keys_changed", number)


def follow_file(place: Workplace, text: str) -> int:
    """Follow a charter that came as a file; returns its edition."""
    require_supervisor(place)
    try:
        succession = Succession.model_validate_json(text)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="succession") from error
    with place.vault.write() as tx:
        follow(place, tx, succession)
    return succession.edition


def renew(place: Workplace) -> tuple[str, str]:
    """Make the desk's next keys and offer them to the district; returns their ids.

    They wait in the vault until the district has them. Supervisors only;
    `Problem(KEYS_RENEWAL_UNDER_WAY)`.
    """
    require_supervisor(place)
    with place.vault.write() as tx:
        require_setting(tx, "terminal")
        if settings.get(tx, NEXT[0]):
            raise Problem(Code.KEYS_RENEWAL_UNDER_WAY)
        old = signing_key(tx)
        device = require_setting(tx, "device")
        signing, sealing = make_next_in(place, tx)
        body = renew_device_keys(device, old, signing, sealing)
        journalling.append(tx, place, body, number=None)
        _note(place, tx, "keys_renewed", signing.key_id)
    return signing.key_id, sealing.key_id


def make_next_in(place: Workplace, tx: Transaction) -> tuple[SigningKey, SealingKey]:
    """Make keys that wait until the district has them; others that waited give way."""
    dice = place.hands.random_bytes
    signing, sealing = SigningKey.generate(dice), SealingKey.generate(dice)
    settings.put(tx, NEXT[0], base64_text(signing.to_bytes()))
    settings.put(tx, NEXT[1], base64_text(sealing.to_bytes()))
    return signing, sealing


def _use_next(place: Workplace, tx: Transaction, body: DeviceKeysTaken) -> None:
    kept = [settings.get(tx, name) for name in NEXT]
    if not kept[0] or not kept[1]:
        return
    signing = SigningKey(base64_bytes(kept[0]))
    sealing = SealingKey(base64_bytes(kept[1]))
    if (signing.key_id, sealing.key_id) != (body.signing_key, body.sealing_key):
        return
    use_next_in(place, tx, body.device_certificate)


def use_next_in(place: Workplace, tx: Transaction, certificate: str) -> None:
    """Go on by the keys that waited; the caller knows that the district has them."""
    signing = SigningKey(base64_bytes(require_setting(tx, NEXT[0])))
    sealing = SealingKey(base64_bytes(require_setting(tx, NEXT[1])))
    old = sealing_key(tx)
    since = utc_text(place.hands.now())
    former_keys.keep(tx, "own_sealing", old.to_bytes(), key_id=old.key_id, since=since)
    settings.put(tx, "signing_key", base64_text(signing.to_bytes()))
    settings.put(tx, "sealing_key", base64_text(sealing.to_bytes()))
    settings.put(tx, "device_certificate", certificate)
    for name in NEXT:
        settings.put(tx, name, "")
    # A piece has no place in the journal up to which a former key is believed.
    scans.seal_anew(tx)
    _note(place, tx, "keys_in_use", signing.key_id)


@dataclass(frozen=True, slots=True)
class KeyShown:
    """One key as the desk knows it: whose and for what, its id, how it stands."""

    use: str
    key_id: str
    state: str
    since: str


def keys_shown(place: Workplace) -> tuple[KeyShown, ...]:
    """Return the keys in force, the next ones and the former ones; ids only."""
    with place.vault.read() as tx:
        lines = [
            KeyShown("own_signing", _signing_id(tx, "signing_key"), "in_force", ""),
            KeyShown("own_sealing", sealing_key(tx).key_id, "in_force", ""),
        ]
        charter = settings.get(tx, "charter")
        if settings.get(tx, NEXT[0]):
            offered = _signing_id(tx, NEXT[0])
            lines.append(KeyShown("own_signing", offered, "next", ""))
        former = former_keys.listed(tx)
    if charter is not None:
        known = Charter.model_validate_json(charter)
        made = utc_text(known.made_at)
        for use, public in (
            ("sealing", known.sealing_key),
            ("receipts", known.receipt_key),
            ("answers", known.answers_key),
        ):
            key_id = suite1.key_id(base64_bytes(public))
            lines.append(KeyShown(use, key_id, "in_force", made))
    lines += [
        KeyShown(use, key_id, "retired" if gone else "former", since)
        for use, key_id, since, gone in former
    ]
    return tuple(lines)


def _signing_id(tx: Transaction, name: str) -> str:
    return SigningKey(base64_bytes(require_setting(tx, name))).key_id


def _note(place: Workplace, tx: Transaction, what: str, subject: str) -> None:
    audit.note(tx, what, subject, operator=place.operator, now=place.hands.now())
