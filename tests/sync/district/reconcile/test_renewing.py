"""A desk's next keys: taken on the word of the present key, and of no other."""

import pytest

from schemas.encoding import base64_text
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.renewal import DeviceKeysRenewed, DeviceKeysTaken
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.device_keys import Place
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.comparing import Said
from sync.district.reconcile.renewing import take_keys
from sync.district.reconcile.rules import SetAside
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import renew_device_keys
from sync.seal.slips import certify_device
from tests.support.ledgers import NOW, TOWN, Writer, granted, the_keys

NEXT, OPENING = SigningKey.generate(), SealingKey.generate()


def _take(
    sealed: SealedLedger, keys: ReconcileKeys, desk: Writer, *,
    vouched: SigningKey | None = None, signed_by: str | None = None,
    body: DeviceKeysRenewed | None = None,
) -> Said | SetAside | None:  # fmt: skip
    said = body or renew_device_keys(
        desk.device, vouched or desk.signing, NEXT, OPENING
    )
    raw = desk.line(7, **said.model_dump(mode="json"))
    device = sealed.device(desk.device)
    assert device is not None
    return take_keys(
        JournalEntry.model_validate_json(raw), device, sealed, keys,
        signed_by=signed_by or desk.signing.key_id, now=NOW,
    )  # fmt: skip


def test_the_desk_is_told_that_its_next_keys_are_known(
    sealed: SealedLedger, keys: ReconcileKeys
) -> None:
    desk = granted(sealed, "03")
    said = _take(sealed, keys, desk)
    assert isinstance(said, Said)
    assert said.feedback is not None
    taken = DeviceKeysTaken.model_validate_json(said.feedback)
    assert (taken.signing_key, taken.sealing_key) == (NEXT.key_id, OPENING.key_id)
    assert taken.device_certificate == certify_device(
        NEXT.public, town=TOWN, terminal="03", answers=the_keys().answers
    )
    assert sealed.keys.signer(NEXT.key_id) is not None


def test_p04_the_same_keys_again_get_the_same_answer(
    sealed: SealedLedger, keys: ReconcileKeys
) -> None:
    desk = granted(sealed)
    assert _take(sealed, keys, desk) == _take(sealed, keys, desk)


def test_keys_that_nobody_vouches_for_are_set_aside(
    sealed: SealedLedger, keys: ReconcileKeys
) -> None:
    desk, thief = granted(sealed, "01"), granted(sealed, "02")
    by_thief = _take(sealed, keys, desk, vouched=thief.signing)
    unknown = _take(sealed, keys, desk, signed_by=thief.signing.key_id)
    good = renew_device_keys(desk.device, desk.signing, NEXT, OPENING)
    other = base64_text(SealingKey.generate().public)
    swapped = _take(
        sealed, keys, desk, body=good.model_copy(update={"sealing_key": other})
    )
    for said in (by_thief, unknown, swapped):
        assert isinstance(said, SetAside)
        assert said.code is Code.SIGNATURE_INVALID
    assert sealed.keys.signer(NEXT.key_id) is None


def test_an_entry_that_offers_no_keys_is_not_for_here(
    sealed: SealedLedger, keys: ReconcileKeys
) -> None:
    desk = granted(sealed)
    device = sealed.device(desk.device)
    assert device is not None
    entry = JournalEntry.model_validate_json(desk.line(1))
    signed_by = desk.signing.key_id
    assert take_keys(entry, device, sealed, keys, signed_by=signed_by, now=NOW) is None


def test_p08_renewals_that_a_put_back_district_hears_of_late_are_history(
    sealed: SealedLedger, keys: ReconcileKeys
) -> None:
    """It knows the desk by its newest key; those between are former, and were never."""
    desk = granted(sealed)
    second, third, fourth = (SigningKey.generate() for _ in range(3))
    sealed.keys.offer(
        desk.device, signing_key=base64_text(fourth.public),
        sealing_key=base64_text(OPENING.public), now=NOW,
    )  # fmt: skip
    sealed.keys.in_use(fourth.key_id, up_to=Place(1, 3), now=NOW)
    known = sealed.device(desk.device)

    for old, new in ((desk.signing, second), (second, third), (third, fourth)):
        body = renew_device_keys(desk.device, old, new, OPENING)
        said = _take(sealed, keys, desk, body=body, signed_by=fourth.key_id)
        assert said == Said()

    assert sealed.device(desk.device) == known
    for between in (second, third):
        with pytest.raises(Problem) as retired:
            sealed.keys.signer(between.key_id, Place(1, 1))
        assert retired.value.code is Code.DEVICE_KEY_RETIRED
    # Whoever has one of them vouches for no key that comes after it.
    stolen = renew_device_keys(desk.device, second, SigningKey.generate(), OPENING)
    assert _take(sealed, keys, desk, body=stolen, signed_by=fourth.key_id) == Said()
    assert sealed.device(desk.device) == known
