"""A desk's keys: the next begins with what it signs, the former ends there."""

import pytest

from schemas.encoding import base64_text
from schemas.problems import Code, Problem
from sync.district.ledger.device_keys import Place
from sync.district.ledger.sealed import SealedLedger
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import renew_device_keys
from tests.support.ledgers import NOW, Writer, granted


def _offer(sealed: SealedLedger, desk: Writer) -> SigningKey:
    key, opening = SigningKey.generate(), SealingKey.generate()
    sealed.keys.offer(
        desk.device,
        signing_key=base64_text(key.public),
        sealing_key=base64_text(opening.public),
        now=NOW,
    )
    return key


def test_a_next_key_signs_for_its_desk_before_it_is_in_force(
    sealed: SealedLedger,
) -> None:
    desk = granted(sealed)
    key = _offer(sealed, desk)

    by_next, by_old = (
        sealed.keys.signer(key.key_id),
        sealed.keys.signer(desk.signing.key_id),
    )

    assert by_next is not None
    assert by_old is not None
    assert by_next.device == by_old.device == desk.device
    assert by_next.signing_public == key.public
    assert by_old.signing_public == desk.signing.public


def test_only_the_latest_offer_counts(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    first, second = _offer(sealed, desk), _offer(sealed, desk)
    assert sealed.keys.signer(first.key_id) is None
    assert sealed.keys.signer(second.key_id) is not None


def test_a_key_in_force_cannot_be_offered_as_the_next(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    sealed.keys.offer(
        desk.device,
        signing_key=base64_text(desk.signing.public),
        sealing_key=base64_text(desk.sealing.public),
        now=NOW,
    )
    sealed.keys.in_use(desk.signing.key_id, up_to=Place(1, 9), now=NOW)
    assert sealed.keys.signer(desk.signing.key_id) is not None


@pytest.mark.parametrize(
    ("at", "believed"),
    [
        (Place(1, 8), True),
        (Place(1, 9), True),
        (Place(1, 10), False),
        (Place(2, 1), False),
        (None, False),
    ],
)
def test_a_former_key_is_believed_up_to_its_end_and_no_further(
    sealed: SealedLedger, at: Place | None, *, believed: bool
) -> None:
    """What it signed early may arrive late; a stolen one signs nothing new."""
    desk = granted(sealed)
    key = _offer(sealed, desk)
    sealed.keys.in_use(key.key_id, up_to=Place(1, 9), now=NOW)

    if believed:
        signer = sealed.keys.signer(desk.signing.key_id, at)
        assert signer is not None
        assert signer.signing_public == desk.signing.public
    else:
        with pytest.raises(Problem) as refused:
            sealed.keys.signer(desk.signing.key_id, at)
        assert refused.value.code is Code.DEVICE_KEY_RETIRED
    device = sealed.device(desk.device)
    assert device is not None
    assert device.signing_public == key.public


def test_a_key_comes_into_force_once(sealed: SealedLedger) -> None:
    """A later thing that it signs must not move the end of the one before it."""
    desk = granted(sealed)
    key = _offer(sealed, desk)
    sealed.keys.in_use(key.key_id, up_to=Place(1, 9), now=NOW)
    sealed.keys.in_use(key.key_id, up_to=Place(1, 99), now=NOW)
    with pytest.raises(Problem):
        sealed.keys.signer(desk.signing.key_id, Place(1, 10))


def test_every_key_that_a_desk_had_can_be_looked_up(sealed: SealedLedger) -> None:
    desk, other = granted(sealed, "01"), granted(sealed, "02")
    key = _offer(sealed, desk)
    sealed.keys.in_use(key.key_id, up_to=Place(1, 1), now=NOW)
    public_of = sealed.keys.public_of
    assert public_of(desk.device, desk.signing.key_id) == desk.signing.public
    assert public_of(desk.device, key.key_id) == key.public
    assert public_of(other.device, key.key_id) is None


def test_a_revoked_desk_is_believed_up_to_its_last_word(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    sealed.keys.revoke(desk.device, reason="遗失", up_to=Place(1, 5))
    assert sealed.keys.cut_off(desk.device) == Place(1, 5)
    sealed.keys.revoke(desk.device, reason="被盗", up_to=None)
    assert sealed.keys.cut_off(desk.device) is None
    device = sealed.device(desk.device)
    assert device is not None
    assert (device.state, device.reason) == ("revoked", "被盗")


def test_nobody_cannot_be_revoked(sealed: SealedLedger) -> None:
    with pytest.raises(Problem) as refused:
        sealed.keys.revoke("0" * 32, reason="x", up_to=None)
    assert refused.value.code is Code.DEVICE_NOT_FOUND


def test_p08_a_renewal_that_is_over_is_recalled_and_no_other(
    sealed: SealedLedger,
) -> None:
    desk, other = granted(sealed, "01"), granted(sealed, "02")
    opening, unheard = SealingKey.generate(), SigningKey.generate()
    next_key = _offer(sealed, desk)
    by_former = renew_device_keys(desk.device, desk.signing, unheard, opening)
    assert not sealed.keys.recall(desk.device, by_former, now=NOW), "not former yet"
    sealed.keys.in_use(next_key.key_id, up_to=Place(1, 3), now=NOW)
    into_force = renew_device_keys(desk.device, unheard, next_key, opening)
    assert sealed.keys.recall(desk.device, into_force, now=NOW)
    assert sealed.keys.signer(unheard.key_id) is None

    for _ in range(2):
        assert sealed.keys.recall(desk.device, by_former, now=NOW)

    with pytest.raises(Problem):
        sealed.keys.signer(unheard.key_id)
    forged = renew_device_keys(
        desk.device, other.signing, SigningKey.generate(), opening
    )
    assert not sealed.keys.recall(desk.device, forged, now=NOW)
