"""Keepers: what a desk signed is kept once, unread; all else is refused by number."""

import json

import pytest

from schemas.backup import PartHeader
from schemas.encoding import base64_text, canonical
from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.district.intake.keeping import (
    IntakeParts,
    granted_device,
    held_chunks,
    keep,
    sender,
)
from sync.district.ledger.device_keys import Place
from sync.seal import suite1
from sync.seal.backup_parts import close_part, receipt_is_for
from sync.seal.chunks import SealedChunk, close_chunk
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.receipts import receipt_is_genuine
from tests.support.ledgers import NOW, Writer, granted, the_keys


def _code(verb: object) -> Code:
    with pytest.raises(Problem) as refused:
        verb()  # type: ignore[operator]
    return refused.value.code


def _chunk(desk: Writer, *, by: SigningKey | None = None) -> SealedChunk:
    return close_chunk(
        b"a page", "c" * 64, device=desk.device, recipient=the_keys().opening.public,
        signing=by or desk.signing, now=NOW,
    )  # fmt: skip


def test_p06_a_receipt_is_signed_for_these_very_bytes(parts: IntakeParts) -> None:
    desk = granted(parts.ledger)
    batch = desk.batch(1, 3)
    receipt = json.loads(keep(parts, batch.raw))
    assert receipt_is_genuine(receipt, the_keys().receipts.public)
    assert receipt["batch_digest"] == batch.digest
    assert (receipt["first"], receipt["last"], receipt["log_position"]) == (1, 3, 1)
    assert keep(parts, batch.raw) == json.dumps(receipt)


@pytest.mark.parametrize("state", ["unknown", "pending"])
def test_who_was_not_let_in_is_unknown(parts: IntakeParts, state: str) -> None:
    desk = Writer()
    if state == "pending":
        parts.ledger.ask(desk.request(), now=NOW)
    assert _code(lambda: keep(parts, desk.batch(1, 1).raw)) is Code.DEVICE_UNKNOWN
    assert _code(lambda: granted_device(parts, desk.device)) is Code.DEVICE_UNKNOWN


def test_another_desks_key_signs_for_itself_alone(parts: IntakeParts) -> None:
    one, other = granted(parts.ledger, "01"), granted(parts.ledger, "02")
    stolen = Writer(other.signing, one.sealing)
    for thief in (other.signing, SigningKey.generate()):
        forged = _chunk(one, by=thief)
        assert _code(lambda raw=forged.raw: keep(parts, raw)) is Code.SIGNATURE_INVALID
    assert _code(lambda: keep(parts, stolen.batch(1, 1).raw)) is Code.DEVICE_UNKNOWN


@pytest.mark.parametrize("where", [0.3, 0.7, 0.99])
def test_p02_a_changed_byte_is_refused(parts: IntakeParts, where: float) -> None:
    raw = bytearray(granted(parts.ledger).batch(1, 2).raw)
    raw[int(len(raw) * where)] ^= 1
    refused = _code(lambda: keep(parts, bytes(raw)))
    assert refused in {
        Code.SIGNATURE_INVALID, Code.MESSAGE_MALFORMED, Code.DEVICE_UNKNOWN,
        Code.SUITE_UNKNOWN,
    }  # fmt: skip
    assert parts.ledger.unopened() == ()


def test_a_revoked_desk_is_believed_up_to_its_last_word(parts: IntakeParts) -> None:
    """What was on its way on a stick still counts; what is signed after does not."""
    desk = granted(parts.ledger)
    before = keep(parts, desk.batch(1, 2).raw)
    late, after = desk.batch(3, 4), desk.batch(5, 5)
    parts.ledger.keys.revoke(desk.device, reason="遗失", up_to=Place(1, 4))
    assert Receipt.model_validate_json(keep(parts, late.raw)).last == 4
    assert _code(lambda: keep(parts, after.raw)) is Code.DEVICE_REVOKED
    assert Receipt.model_validate_json(before).last == 2


def test_p04_what_was_kept_before_the_cut_off_keeps_its_receipt(
    parts: IntakeParts,
) -> None:
    desk = granted(parts.ledger)
    batch = desk.batch(1, 2)
    receipt = keep(parts, batch.raw)
    parts.ledger.keys.revoke(desk.device, reason="被盗", up_to=None)
    assert keep(parts, batch.raw) == receipt


def test_a_next_key_comes_into_force_with_the_first_batch_it_signs(
    parts: IntakeParts,
) -> None:
    desk = granted(parts.ledger)
    next_ = Writer(SigningKey.generate(), desk.sealing)
    parts.ledger.keys.offer(
        desk.device, signing_key=base64_text(next_.signing.public),
        sealing_key=base64_text(SealingKey.generate().public), now=NOW,
    )  # fmt: skip
    early = desk.batch(1, 2)
    object.__setattr__(next_, "device", desk.device)
    keep(parts, next_.batch(3, 4).raw)
    assert Receipt.model_validate_json(keep(parts, early.raw)).last == 2
    stolen = desk.batch(5, 5).raw
    assert _code(lambda: keep(parts, stolen)) is Code.DEVICE_KEY_RETIRED


def test_p04_a_piece_is_kept_once_and_told_of_to_whoever_asks(
    parts: IntakeParts,
) -> None:
    one, other = granted(parts.ledger, "01"), granted(parts.ledger, "02")
    receipt = keep(parts, _chunk(one).raw)
    assert keep(parts, _chunk(other).raw) == receipt
    asked = canonical({"chunks": ["c" * 64, "d" * 64]})
    assert json.loads(held_chunks(parts, asked)) == {"receipts": [json.loads(receipt)]}
    assert _code(lambda: held_chunks(parts, b'{"chunks": ["x"]}')) is (
        Code.MESSAGE_MALFORMED
    )


def test_a_part_of_a_backup_is_kept_beside_the_ledger(parts: IntakeParts) -> None:
    desk, content = granted(parts.ledger), b"sealed to the desk itself"
    header = PartHeader(
        suite=1, device=desk.device, signing_key=desk.signing.key_id, backup="b" * 64,
        index=0, count=1, digest=suite1.digest(content),
    )  # fmt: skip
    receipt = json.loads(keep(parts, close_part(header, content, desk.signing)))
    assert receipt_is_for(receipt, header, the_keys().receipts.public)
    (kept,) = parts.uploads.parent.glob(f"backups/{desk.device}/*/*")
    assert kept.read_bytes() == content


def test_what_is_nothing_of_ours_is_refused(parts: IntakeParts) -> None:
    assert _code(lambda: keep(parts, b"GIF89a")) is Code.MESSAGE_MALFORMED
    assert _code(lambda: keep(parts, b"")) is Code.MESSAGE_MALFORMED


def test_the_first_bytes_name_the_sender_or_condemn_themselves() -> None:
    """A stranger's upload ends at its first bytes, not at its twentieth megabyte."""
    raw = Writer().batch(1, 1).raw
    device = json.loads(raw[8 : 8 + int.from_bytes(raw[4:8], "big")])["device"]
    named = [sender(raw[:n]) for n in range(len(raw))]
    assert set(named) == {None, device}
    assert named == sorted(named, key=lambda each: each is not None)
    for bad in (b"GIF8", raw[:4] + b"\xff\xff\xff\xff", raw[:4] + b"\0\0\0\2{}"):
        assert _code(lambda start=bad: sender(start)) is Code.MESSAGE_MALFORMED
