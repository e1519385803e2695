"""Asked about keys: a key of the desk stands behind it, and it waits for people."""

from typing import Any

import pytest

from schemas.enrolment import EnrolmentStatus
from schemas.problems import Code, Problem
from sync.district.intake.fresh_keys import accept_keys_request
from sync.district.intake.keeping import IntakeParts
from sync.district.ledger.device_keys import Place
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import make_keys_request
from tests.support.ledgers import NOW, Writer, granted, package_for

ANSWERS, FORMER = SigningKey(b"\x11" * 32), SigningKey(b"\x12" * 32)


def _text(desk: Writer, *, by: SigningKey | None = None) -> str:
    return make_keys_request(
        desk.device, by or desk.signing, SigningKey.generate(), SealingKey.generate(),
        feed_cursor=0, now=NOW,
    ).model_dump_json()  # fmt: skip


def _accept(parts: IntakeParts, raw: str) -> EnrolmentStatus:
    publics = [ANSWERS.public, FORMER.public]
    return accept_keys_request(parts.ledger, raw, answers=publics, now=NOW)


def _code(parts: IntakeParts, raw: str) -> Code:
    with pytest.raises(Problem) as refused:
        _accept(parts, raw)
    return refused.value.code


def test_it_waits_until_people_said_yes(parts: IntakeParts) -> None:
    desk = granted(parts.ledger)
    raw = _text(desk)
    for _ in range(2):
        status = _accept(parts, raw)
        assert (status.state, status.package) == ("pending", None)
    (asked,) = parts.ledger.keys_requests.pending()
    package = package_for(desk, 1, "01")
    parts.ledger.keys_requests.grant(asked, package, up_to=Place(1, 0), now=NOW)
    status = _accept(parts, raw)
    assert (status.state, status.package) == ("granted", package)
    # The former key may still ask, and waits as before.
    assert _accept(parts, _text(desk)).state == "pending"


def test_a_no_is_told_with_its_reason(parts: IntakeParts) -> None:
    raw = _text(granted(parts.ledger))
    _accept(parts, raw)
    (asked,) = parts.ledger.keys_requests.pending()
    parts.ledger.keys_requests.refuse(asked.key_id, reason="not you")
    status = _accept(parts, raw)
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


@pytest.mark.parametrize("by", [ANSWERS, FORMER])
def test_p08_a_desk_whose_key_was_forgotten_shows_our_own_certificate_and_waits(
    parts: IntakeParts, by: SigningKey
) -> None:
    desk, own = granted(parts.ledger), SigningKey.generate()
    raw = desk.shown(by, key=own).model_dump_json()
    for _ in range(2):
        assert _accept(parts, raw).state == "pending"
    # Nothing is in force by that: the key that this district knows still is.
    known = parts.ledger.device(desk.device)
    assert known is not None
    assert known.signing_public == desk.signing.public
    (asked,) = parts.ledger.keys_requests.pending()
    package = package_for(desk, 1, "01")
    parts.ledger.keys_requests.grant(asked, package, up_to=Place(1, 0), now=NOW)
    assert _accept(parts, raw).package == package


def test_p08_a_desk_that_was_forgotten_altogether_waits_to_be_taken_in(
    parts: IntakeParts,
) -> None:
    desk = Writer()
    raw = desk.shown(ANSWERS, terminal="07").model_dump_json()
    for _ in range(2):
        assert _accept(parts, raw).state == "pending"
    kept = parts.ledger.device(desk.device)
    assert kept is not None
    assert (kept.state, kept.terminal, kept.desk_name) == ("pending", None, "一号窗口")
    assert parts.ledger.had_terminal(desk.device) == "07"
    assert parts.ledger.program_of(desk.device) == "test"
    package = package_for(desk, 1, "07")
    parts.ledger.grant(desk.device, "07", lambda _: package)
    assert _accept(parts, raw).package == package


def test_p06_nobody_is_remembered_without_a_certificate_of_this_very_key(
    parts: IntakeParts,
) -> None:
    desk, thief = granted(parts.ledger), SigningKey.generate()

    def refused(who: Writer, *, by: SigningKey = ANSWERS, **shown: Any) -> Code:
        return _code(parts, who.shown(by, **shown).model_dump_json())

    stranger = SigningKey.generate()
    assert refused(desk, by=stranger, key=thief) is Code.DEVICE_UNKNOWN
    # A certificate that was seen on a slip is of another key than the thief's.
    seen = refused(desk, key=thief, certified=desk.signing)
    assert seen is Code.DEVICE_UNKNOWN
    assert refused(desk, key=thief, terminal="02") is Code.SIGNATURE_INVALID
    other = granted(parts.ledger, "02")
    anothers = refused(Writer(), key=other.signing, terminal="02")
    assert anothers is Code.SIGNATURE_INVALID
    raw = desk.shown(ANSWERS, key=thief).model_dump_json()
    changed = raw.replace('"feed_cursor":3', '"feed_cursor":0')
    assert _code(parts, changed) is Code.DEVICE_UNKNOWN
    assert parts.ledger.keys_requests.pending() == ()
    parts.ledger.set_state(other.device, "refused", reason="no")
    asked = other.shown(ANSWERS, key=SigningKey.generate(), terminal="02")
    said = _accept(parts, asked.model_dump_json())
    assert (said.state, said.reason) == ("refused", "no")
    parts.ledger.keys.revoke(desk.device, reason="lost", up_to=None)
    assert refused(desk, key=thief) is Code.DEVICE_REVOKED
