"""What intake keeps, unread: a batch once, an invitation once, a terminal once."""

from datetime import timedelta

import pytest

from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.district.ledger.sealed import SealedLedger
from sync.seal.batches import Run, close_batch
from tests.support.ledgers import (
    NOW,
    Writer,
    granted,
    invited,
    keep,
    package_for,
    the_keys,
)

DAY = timedelta(days=1)


def _refusal(verb: object) -> Code:
    with pytest.raises(Problem) as refused:
        verb()  # type: ignore[operator]
    return refused.value.code


def test_p04_the_same_bytes_get_the_same_receipt(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    batch = desk.batch(1, 3)
    first = keep(sealed, batch)
    assert keep(sealed, batch) == first == sealed.receipt_of(batch.digest)
    assert [each.log_position for each in sealed.unopened()] == [1]
    assert sealed.receipt_of("0" * 64) is None


def test_p04_batches_come_in_any_order_and_are_opened_in_theirs(
    sealed: SealedLedger,
) -> None:
    desk = granted(sealed)
    for first, last in ((4, 6), (1, 3), (7, 7)):
        keep(sealed, desk.batch(first, last))
    assert [each.first for each in sealed.unopened()] == [1, 4, 7]
    assert [each.first for each in sealed.receipts_of(desk.device)] == [4, 1, 7]


def test_p08_another_history_of_a_range_is_refused(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    keep(sealed, desk.batch(1, 3))
    other = Writer(desk.signing, desk.sealing, told="otherwise")
    assert _refusal(lambda: keep(sealed, other.batch(1, 3))) is Code.BATCH_OVERLAPS
    assert _refusal(lambda: keep(sealed, desk.batch(2, 4))) is Code.BATCH_OVERLAPS
    assert len(sealed.unopened()) == 1


def test_p08_the_very_entries_sealed_anew_get_a_receipt_for_these_bytes(
    sealed: SealedLedger,
) -> None:
    """A desk that was put back seals the same entries once more: one effect."""
    desk = granted(sealed)
    first = Receipt.model_validate_json(keep(sealed, desk.batch(1, 3)))
    again = desk.batch(1, 3)
    receipt = Receipt.model_validate_json(keep(sealed, again))
    assert receipt.batch_digest == again.digest != first.batch_digest
    assert receipt.log_position == first.log_position
    assert len(sealed.unopened()) == 1


def test_p08_entries_kept_in_several_batches_are_sealed_anew_in_one(
    sealed: SealedLedger,
) -> None:
    """The chain commits to each of them; a gap or another end is no match."""
    desk = granted(sealed)
    for first, last in ((1, 3), (4, 6), (8, 9)):
        keep(sealed, desk.batch(first, last))
    receipt = Receipt.model_validate_json(keep(sealed, desk.batch(1, 6)))
    assert (receipt.first, receipt.last, receipt.log_position) == (1, 6, 2)
    for first, last in ((2, 6), (1, 5), (4, 9)):
        refused = _refusal(lambda f=first, u=last: keep(sealed, desk.batch(f, u)))
        assert refused is Code.BATCH_OVERLAPS
    assert len(sealed.unopened()) == 3


def test_p06_what_stands_for_an_entry_is_no_receipt_for_the_entry(
    sealed: SealedLedger,
) -> None:
    desk = granted(sealed)
    keep(sealed, desk.batch(1, 1))
    before, after = desk.head(1).chain, desk.head(2).chain
    run = Run(desk.device, 1, 2, (b"{}",), before, after, withheld=True)
    to = the_keys().opening.public
    keep(sealed, close_batch(run, recipient=to, signing=desk.signing, now=NOW))
    for first in (1, 2):
        refused = _refusal(lambda f=first: keep(sealed, desk.batch(f, 2)))
        assert refused is Code.BATCH_OVERLAPS


def test_what_was_opened_can_be_opened_again_from_a_place_on(
    sealed: SealedLedger,
) -> None:
    desk = granted(sealed)
    for first, last in ((1, 2), (3, 4), (5, 6)):
        keep(sealed, desk.batch(first, last))
    for each in sealed.unopened():
        sealed.mark_opened(each.log_position)
    assert sealed.unopened() == ()
    assert sealed.opened_ends() == {(desk.device, 1): 6}
    sealed.open_again(desk.device, 1, after=3)
    assert [each.first for each in sealed.unopened()] == [3, 5]


def test_an_invitation_lets_one_desk_in_and_ends(sealed: SealedLedger) -> None:
    one, other = Writer(), Writer()
    secret = b"s" * 10
    digest = invited(sealed, secret, until=NOW + DAY)

    def use(who: Writer, *, after: timedelta = timedelta()) -> bytes:
        return sealed.secret_of(digest, device=who.device, now=NOW + after)

    assert use(one) == secret
    assert _refusal(lambda: use(one, after=2 * DAY)) is Code.ENROL_CODE_EXPIRED
    sealed.ask(one.request(secret), now=NOW)
    assert _refusal(lambda: use(other)) is Code.ENROL_CODE_REFUSED
    # The desk that used it may ask again, however late its line comes back.
    assert use(one, after=2 * DAY) == secret
    unknown = lambda: sealed.secret_of("0" * 64, device=one.device, now=NOW)  # noqa: E731
    assert _refusal(unknown) is Code.ENROL_CODE_REFUSED


def test_a_terminal_and_a_number_are_given_once(sealed: SealedLedger) -> None:
    first = granted(sealed, "01")
    sealed.set_state(first.device, "revoked", reason="遗失")
    second = Writer()
    sealed.ask(second.request(), now=NOW)

    def grant(terminal: str) -> int:
        package = sealed.grant(
            second.device, terminal, lambda n: package_for(second, n, terminal)
        )
        return package.grant.device_number

    # The lost desk's numbers exist on paper.
    assert _refusal(lambda: grant("01")) is Code.TERMINAL_TAKEN
    assert grant("02") == 2
    assert _refusal(lambda: grant("03")) is Code.DEVICE_NOT_FOUND
    package = sealed.package(second.device)
    assert package is not None
    assert package.grant.terminal == "02"
    assert {each.device for each in sealed.devices()} == {first.device, second.device}


def test_nobodys_state_cannot_be_set(sealed: SealedLedger) -> None:
    nobody = lambda: sealed.set_state("0" * 32, "refused", reason="x")  # noqa: E731
    assert _refusal(nobody) is Code.DEVICE_NOT_FOUND


def test_a_contact_is_noted(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    sealed.contacted(desk.device, now=NOW)
    known = sealed.device_of_key(desk.signing.key_id)
    assert known is not None
    assert known.last_contact_at == "2026-11-23T04:00:00.000Z"
