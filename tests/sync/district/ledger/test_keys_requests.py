"""Requests for fresh keys: they change nothing until people have decided."""

from datetime import timedelta

import pytest

from schemas.problems import Code, Problem
from schemas.renewal import DistrictKeysRetired, KeysRequest
from sync.district.ledger.device_keys import Place
from sync.district.ledger.keys_requests import AskedKeys
from sync.district.ledger.sealed import SealedLedger
from sync.seal.feed import Addressee, close_feed
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import make_keys_request
from tests.support.ledgers import NOW, Writer, granted, package_for, the_keys


def _request(
    desk: Writer, *, signing: SigningKey | None = None, cursor: int = 0
) -> KeysRequest:
    fresh = signing or SigningKey.generate()
    return make_keys_request(
        desk.device, desk.signing, fresh, SealingKey.generate(), feed_cursor=cursor,
        now=NOW,
    )  # fmt: skip


def _asked(sealed: SealedLedger, desk: Writer, *, cursor: int = 0) -> AskedKeys:
    return sealed.keys_requests.ask(_request(desk, cursor=cursor), now=NOW)


def _grant(sealed: SealedLedger, desk: Writer, asked: AskedKeys) -> None:
    sealed.keys_requests.grant(
        asked, package_for(desk, 1, "01"), up_to=Place(1, 3), now=NOW
    )


def _refused(code: Code, verb: object) -> None:
    with pytest.raises(Problem) as refused:
        verb()  # type: ignore[operator]
    assert refused.value.code is code


def test_p04_the_same_request_again_is_one_and_the_same(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    request = _request(desk)
    first = sealed.keys_requests.ask(request, now=NOW)
    again = sealed.keys_requests.ask(request, now=NOW + timedelta(hours=1))
    assert again == first == sealed.keys_requests.pending()[0]
    assert first.state == "pending"


def test_to_ask_puts_no_key_into_force(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    before = sealed.device(desk.device)
    asked = _asked(sealed, desk)
    assert sealed.device(desk.device) == before
    assert sealed.keys.signer(asked.key_id) is None
    assert sealed.keys.signer(desk.signing.key_id) == before


def test_a_key_that_was_used_before_is_no_fresh_one(sealed: SealedLedger) -> None:
    desk, other = granted(sealed, "01"), granted(sealed, "02")
    again = _request(desk, signing=other.signing)
    _refused(Code.SIGNATURE_INVALID, lambda: sealed.keys_requests.ask(again, now=NOW))
    _grant(sealed, desk, _asked(sealed, desk))
    former = _request(desk, signing=desk.signing)
    _refused(Code.SIGNATURE_INVALID, lambda: sealed.keys_requests.ask(former, now=NOW))


def test_who_asks_without_end_is_remembered_by_the_newest_alone(
    sealed: SealedLedger,
) -> None:
    desk, other = granted(sealed, "01"), granted(sealed, "02")
    kept = _asked(sealed, other)
    asked = [
        sealed.keys_requests.ask(_request(desk), now=NOW + timedelta(minutes=n))
        for n in range(1, 12)
    ]
    found = sealed.keys_requests.pending()
    assert [each.key_id for each in found] == [
        *(each.key_id for each in reversed(asked[3:])), kept.key_id,
    ]  # fmt: skip


def test_a_grant_ends_the_keys_before_at_a_place(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    asked, other = _asked(sealed, desk), _asked(sealed, desk)

    _grant(sealed, desk, asked)

    signer = sealed.keys.signer(asked.key_id)
    assert signer is not None
    assert (signer.device, signer.terminal) == (desk.device, "01")
    assert sealed.keys.signer(desk.signing.key_id, Place(1, 3)) is not None
    _refused(
        Code.DEVICE_KEY_RETIRED,
        lambda: sealed.keys.signer(desk.signing.key_id, Place(1, 4)),
    )
    # What else was asked for it is not decided by a later click.
    assert sealed.keys_requests.pending() == ()
    for each in (asked, other):
        _refused(
            Code.FRESH_KEYS_NOT_ASKED, lambda each=each: _grant(sealed, desk, each)
        )
    known = sealed.keys_requests.ask(asked.request, now=NOW)
    assert (known.state, known.package) == ("granted", package_for(desk, 1, "01"))


def test_p08_a_grant_drops_what_was_sealed_to_lost_keys_after_the_cursor(
    sealed: SealedLedger,
) -> None:
    desk, other = granted(sealed, "01"), granted(sealed, "02")
    for each in (desk, other):
        for position in (1, 2, 3):
            to = Addressee(each.device, each.sealing.public, position)
            said = DistrictKeysRetired(keys=())
            message = close_feed(said, to, answers=the_keys().answers, now=NOW)
            assert sealed.add_feed(message, sealed_to=each.sealing.public)

    _grant(sealed, desk, _asked(sealed, desk, cursor=1))

    assert sealed.feed_heads() == {desk.device: 1, other.device: 3}
    # One that was being sealed to the lost key meanwhile is not put there any more.
    to = Addressee(desk.device, desk.sealing.public, 2)
    said = DistrictKeysRetired(keys=())
    late = close_feed(said, to, answers=the_keys().answers, now=NOW)
    assert not sealed.add_feed(late, sealed_to=desk.sealing.public)
    assert sealed.feed_heads()[desk.device] == 1


def test_a_revoked_desk_gets_no_keys(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    asked = _asked(sealed, desk)
    sealed.keys.revoke(desk.device, reason="lost", up_to=None)
    _refused(Code.DEVICE_REVOKED, lambda: _grant(sealed, desk, asked))
    assert sealed.keys.signer(asked.key_id) is None


def test_a_no_is_kept_with_its_reason(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    asked = _asked(sealed, desk)
    sealed.keys_requests.refuse(asked.key_id, reason="not you")
    again = sealed.keys_requests.ask(asked.request, now=NOW)
    assert (again.state, again.reason) == ("refused", "not you")
    _refused(Code.FRESH_KEYS_NOT_ASKED, lambda: _grant(sealed, desk, asked))
    _refused(
        Code.FRESH_KEYS_NOT_ASKED,
        lambda: sealed.keys_requests.refuse(asked.key_id, reason="twice"),
    )
