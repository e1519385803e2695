"""Keys renewed: the old key vouches for the new one, for its own house alone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.encoding import base64_text
from schemas.enrolment import Charter, Succession
from schemas.problems import Code, Problem
from sync.seal.documents import SUCCESSION, sign_document
from sync.seal.enrolment import charter_digest, make_charter
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import (
    check_succession,
    keys_request_is_genuine,
    make_keys_request,
    make_succession,
    renew_device_keys,
    renewal_is_genuine,
    standing_is_proven,
)
from tests.support.ledgers import Writer

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
FIRST, SECOND, THIRD = (SigningKey(bytes([n]) * 32) for n in (1, 2, 3))
SEALING = SealingKey(bytes(96))
DESK, NEXT = SigningKey(bytes(range(32))), SigningKey(bytes(range(32, 64)))
DEVICE = "d" * 32


def charter(key: SigningKey, **changes: Any) -> Charter:
    said = {
        "suite": 1, "district": "350305", "name": "示例", "urls": ["https://x"],
        "ca_pem": "pem", "sealing_key": base64_text(SEALING.public),
        "receipt_key": base64_text(key.public),
        "answers_key": base64_text(key.public),
        "made_at": "2026-03-01T00:00:00.000Z", **changes,
    }  # fmt: skip
    return make_charter(said, key)


def refused(succession: Succession, known: Charter) -> None:
    with pytest.raises(Problem) as found:
        check_succession(succession, known)
    assert found.value.code is Code.SUCCESSION_INVALID


def follows(new: Charter, *, signer: SigningKey = FIRST) -> Succession:
    return make_succession(
        charter(FIRST), new, edition=2, answers=signer, now=NOON
    )  # fmt: skip


def test_a_charter_follows_the_one_whose_key_signed_for_it() -> None:
    succession = follows(charter(SECOND))
    check_succession(succession, charter(FIRST))
    assert succession.predecessor == charter_digest(charter(FIRST))
    assert (succession.edition, succession.made_at) == (2, NOON)


def test_it_follows_no_other_charter_and_by_no_other_key() -> None:
    refused(follows(charter(SECOND)), charter(THIRD))
    refused(follows(charter(SECOND), signer=SECOND), charter(FIRST))


def test_another_district_cannot_take_over() -> None:
    refused(follows(charter(SECOND, district="350306")), charter(FIRST))


def test_a_new_charter_must_stand_behind_itself() -> None:
    bent = charter(SECOND).model_copy(update={"urls": ("https://elsewhere",)})
    refused(follows(bent), charter(FIRST))


def test_a_key_that_is_no_base64_is_refused_by_its_number() -> None:
    """A succession comes as a file, too: `keys follow` must not break."""
    bent = charter(SECOND).model_copy(update={"answers_key": "A"})
    refused(follows(bent), charter(FIRST))


@pytest.mark.parametrize(
    "change",
    [{"suite": 2}, {"edition": 3}, {"predecessor": "0" * 64}, {"signature": "AAAA"}],
)
def test_no_field_of_a_succession_can_be_bent(change: dict[str, Any]) -> None:
    bent = follows(charter(SECOND)).model_copy(update=change)
    refused(bent, charter(FIRST))


def test_p10_a_field_of_a_newer_district_is_kept_and_covered() -> None:
    plain = follows(charter(SECOND)).model_dump(mode="json")
    newer = Succession.model_validate(
        sign_document({**plain, "later": 1}, FIRST, SUCCESSION)
    )
    check_succession(newer, charter(FIRST))
    refused(newer.model_copy(update={"later": 2}), charter(FIRST))


def test_a_desks_next_keys_are_vouched_for_by_both() -> None:
    renewed = renew_device_keys(DEVICE, DESK, NEXT, SEALING)
    assert renewal_is_genuine(DEVICE, renewed, DESK.public)
    assert not renewal_is_genuine(DEVICE, renewed, NEXT.public)
    assert not renewal_is_genuine("e" * 32, renewed, DESK.public)


@pytest.mark.parametrize(
    "name", ["signing_key", "sealing_key", "endorsement", "possession"]
)
@pytest.mark.parametrize("other", ["A", "", base64_text(bytes(64))])
def test_no_part_of_a_renewal_can_be_bent(name: str, other: str) -> None:
    renewed = renew_device_keys(DEVICE, DESK, NEXT, SEALING)
    bent = renewed.model_copy(update={name: other})
    assert not renewal_is_genuine(DEVICE, bent, DESK.public)


def test_a_key_that_somebody_else_has_cannot_be_claimed() -> None:
    """The old key alone names any key it likes; the new one must agree."""
    mine = renew_device_keys(DEVICE, DESK, NEXT, SEALING)
    stolen = mine.model_copy(update={"possession": mine.endorsement})
    assert not renewal_is_genuine(DEVICE, stolen, DESK.public)


def test_a_request_for_fresh_keys_is_both_keys_word_and_changes_break_it() -> None:
    request = make_keys_request(DEVICE, DESK, NEXT, SEALING, feed_cursor=4, now=NOON)
    assert keys_request_is_genuine(request, DESK.public)
    assert not keys_request_is_genuine(request, FIRST.public)
    for changed in (
        {"device": "e" * 32},
        {"feed_cursor": 0},
        {"sealing_key": base64_text(bytes(1216))},
        {"endorsed_by": FIRST.key_id},
        {"endorsement": "!"},
        {"signature": base64_text(bytes(64))},
        {"signing_key": base64_text(FIRST.public)},
    ):
        other = request.model_copy(update=changed)
        assert not keys_request_is_genuine(other, DESK.public), changed


def test_an_endorsement_of_next_keys_is_no_request() -> None:
    """A renewal in the journal cannot be made into a request, nor the other way."""
    renewed = renew_device_keys(DEVICE, DESK, NEXT, SEALING)
    request = make_keys_request(DEVICE, DESK, NEXT, SEALING, feed_cursor=0, now=NOON)
    forged = request.model_copy(update={"endorsement": renewed.endorsement})
    assert not keys_request_is_genuine(forged, DESK.public)
    crossed = renewed.model_copy(update={"endorsement": request.endorsement})
    assert not renewal_is_genuine(DEVICE, crossed, DESK.public)


WRITER = Writer(DESK)


def test_p08_a_standing_is_proven_by_a_certificate_of_the_key_that_signs() -> None:
    answers = [SECOND.public, FIRST.public]
    assert standing_is_proven(WRITER.shown(FIRST), answers)
    assert standing_is_proven(WRITER.shown(SECOND), answers)
    assert not standing_is_proven(WRITER.shown(THIRD), answers)
    assert not standing_is_proven(WRITER.shown(FIRST), ())
    off_a_slip = WRITER.shown(FIRST, certified=NEXT)
    assert not standing_is_proven(off_a_slip, answers)
    plain = make_keys_request(DEVICE, DESK, NEXT, SEALING, feed_cursor=0, now=NOON)
    assert not standing_is_proven(plain, answers)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("town", "350305108"), ("terminal", "02"), ("desk_name", "y"),
        ("program", "y"), ("certificate", "AAAA"), ("certificate", "A"),
    ],
)  # fmt: skip
def test_p08_nothing_in_a_standing_can_be_changed(field: str, value: str) -> None:
    request = WRITER.shown(FIRST)
    assert request.standing is not None
    standing = request.standing.model_copy(update={field: value})
    changed = request.model_copy(update={"standing": standing})
    assert not standing_is_proven(changed, [FIRST.public])
