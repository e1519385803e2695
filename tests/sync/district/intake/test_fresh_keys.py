"""Asked for fresh keys: a key of the desk stands behind it, and it waits."""

import pytest

from schemas.problems import Code, Problem
from sync.district.intake.fresh_keys import accept_keys_request
from sync.district.intake.keeping import IntakeParts
from sync.district.ledger.device_keys import Place
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import make_keys_request
from tests.support.ledgers import NOW, Writer, granted, package_for


def _text(desk: Writer, *, by: SigningKey | None = None) -> str:
    return make_keys_request(
        desk.device, by or desk.signing, SigningKey.generate(), SealingKey.generate(),
        feed_cursor=0, now=NOW,
    ).model_dump_json()  # fmt: skip


def _code(parts: IntakeParts, raw: str) -> Code:
    with pytest.raises(Problem) as refused:
        accept_keys_request(parts.ledger, raw, now=NOW)
    return refused.value.code


def test_it_waits_until_people_said_yes(parts: IntakeParts) -> None:
    desk = granted(parts.ledger)
    raw = _text(desk)
    for _ in range(2):
        status = accept_keys_request(parts.ledger, raw, now=NOW)
        assert (status.state, status.package) == ("pending", None)
    (asked,) = parts.ledger.keys_requests.pending()
    package = package_for(desk, 1, "01")
    parts.ledger.keys_requests.grant(asked, package, up_to=Place(1, 0), now=NOW)
    status = accept_keys_request(parts.ledger, raw, now=NOW)
    assert (status.state, status.package) == ("granted", package)
    # The former key may still ask, and waits as before.
    assert accept_keys_request(parts.ledger, _text(desk), now=NOW).state == "pending"


def test_a_no_is_told_with_its_reason(parts: IntakeParts) -> None:
    raw = _text(granted(parts.ledger))
    accept_keys_request(parts.ledger, raw, now=NOW)
    (asked,) = parts.ledger.keys_requests.pending()
    parts.ledger.keys_requests.refuse(asked.key_id, reason="not you")
    status = accept_keys_request(parts.ledger, raw, now=NOW)
    assert (status.state, status.reason) == ("refused", "not you")


def test_a_stranger_cannot_even_ask(parts: IntakeParts) -> None:
    desk, other = granted(parts.ledger, "01"), granted(parts.ledger, "02")
    assert _code(parts, "{}") is Code.MESSAGE_MALFORMED
    assert _code(parts, _text(Writer())) is Code.DEVICE_UNKNOWN
    assert _code(parts, _text(desk, by=other.signing)) is Code.SIGNATURE_INVALID
    changed = _text(desk).replace('"feed_cursor":0', '"feed_cursor":9')
    assert _code(parts, changed) is Code.SIGNATURE_INVALID
    waiting = Writer()
    parts.ledger.ask(waiting.request(), now=NOW)
    assert _code(parts, _text(waiting)) is Code.DEVICE_UNKNOWN
    parts.ledger.keys.revoke(desk.device, reason="lost", up_to=None)
    assert _code(parts, _text(desk)) is Code.DEVICE_REVOKED
    assert parts.ledger.keys_requests.pending() == ()
