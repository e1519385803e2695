"""A stick at intake: the same keepers and receipts as the line, and signed noes."""

import json
from pathlib import Path

import pytest

from schemas.contact import Contact
from schemas.encoding import base64_text, canonical
from schemas.problems import Code, Problem
from schemas.stick import Letter, StickWelcome
from sync.district.intake.keeping import IntakeParts, keep
from sync.district.intake.sticks import take_stick
from sync.protocol import paths
from sync.seal.refusals import refusal_is_genuine
from sync.seal.requests import Target, sign_request
from sync.stick.layout import Kind
from sync.stick.stick import Stick
from tests.support.ledgers import NOW, Writer, granted, the_keys


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    folder = tmp_path / "stick"
    folder.mkdir()
    return Stick(folder)


def _letter(desk: Writer, said: Contact) -> bytes:
    body = canonical(said)
    target = Target("POST", paths.CONTACT)
    fields = sign_request(target, body, key=desk.signing, nonce="n" * 16, now=NOW)
    lower = {name.lower(): value for name, value in fields.items()}
    return canonical(
        Letter(
            method="POST", path=paths.CONTACT, query="", fields=lower,
            body=base64_text(body),
        )
    )  # fmt: skip


def _answers(stick: Stick, desk: Writer, kind: Kind) -> list[bytes]:
    names, _ = stick.listed(desk.device, "in")
    return [stick.read(desk.device, "in", each) for each in names if each.kind is kind]


def test_p04_a_batch_gets_the_receipt_that_the_line_gives(
    parts: IntakeParts, stick: Stick
) -> None:
    desk = granted(parts.ledger)
    batch = desk.batch(1, 3)
    stick.put(desk.device, "out", Kind.BATCH, batch.raw)

    for _ in range(2):
        (taken,) = take_stick(parts, stick)
        assert (taken.receipts, taken.greeted, taken.troubles) == (1, False, ())

    (receipt,) = _answers(stick, desk, Kind.RECEIPT)
    assert json.loads(receipt) == json.loads(keep(parts, batch.raw))
    assert len(parts.ledger.unopened()) == 1


def test_a_greeting_is_answered_and_the_earlier_answer_goes(
    parts: IntakeParts, stick: Stick
) -> None:
    desk = granted(parts.ledger)
    stick.put(desk.device, "out", Kind.CONTACT, _letter(desk, desk.contact(1)))
    (first,) = take_stick(parts, stick)
    (name,) = stick.listed(desk.device, "out")[0]
    stick.drop(desk.device, "out", (name,))
    stick.put(desk.device, "out", Kind.CONTACT, _letter(desk, desk.contact(2)))
    take_stick(parts, stick)

    assert first.greeted
    (welcome,) = _answers(stick, desk, Kind.WELCOME)
    assert StickWelcome.model_validate_json(welcome).welcome.counter == 2


def test_p08_a_no_on_a_stick_is_signed(parts: IntakeParts, stick: Stick) -> None:
    """Nobody else could tell who wrote it."""
    desk = granted(parts.ledger)
    keep(parts, desk.batch(1, 2).raw)
    other = Writer(desk.signing, desk.sealing, told="otherwise").batch(1, 2)
    stick.put(desk.device, "out", Kind.BATCH, other.raw)

    (taken,) = take_stick(parts, stick)

    assert [each.code for each in taken.troubles] == [Code.BATCH_OVERLAPS]
    (refusal,) = map(json.loads, _answers(stick, desk, Kind.REFUSAL))
    assert refusal_is_genuine(refusal, the_keys().receipts.public)
    assert refusal["batch_digest"] == other.digest


def test_p03_a_file_that_somebody_changed_costs_no_desk_its_batch(
    parts: IntakeParts, stick: Stick
) -> None:
    """It is in sight as a trouble, and not refused for good."""
    desk = granted(parts.ledger)
    good = desk.batch(1, 2)
    bad = good.raw[:-1] + bytes([good.raw[-1] ^ 1])
    stick.put(desk.device, "out", Kind.BATCH, bad)
    stick.put(desk.device, "out", Kind.BATCH, good.raw)

    (taken,) = take_stick(parts, stick)

    assert [each.code for each in taken.troubles] == [Code.SIGNATURE_INVALID]
    assert taken.receipts == 1
    assert _answers(stick, desk, Kind.REFUSAL) == []


def test_a_desk_cannot_speak_in_anothers_folder(
    parts: IntakeParts, stick: Stick
) -> None:
    one, other = granted(parts.ledger, "01"), granted(parts.ledger, "02")
    stranger = Writer()
    stick.put(one.device, "out", Kind.CONTACT, _letter(other, other.contact(1)))
    stick.put(one.device, "out", Kind.CONTACT, _letter(stranger, one.contact(1)))
    stick.put(one.device, "out", Kind.CONTACT, b"{}")

    (taken,) = take_stick(parts, stick)

    codes = sorted(each.code for each in taken.troubles)
    malformed = [Code.MESSAGE_MALFORMED] * 2
    assert codes == sorted([*malformed, Code.DEVICE_UNKNOWN])
    assert not taken.greeted


def test_one_desks_trouble_holds_up_no_other(parts: IntakeParts, stick: Stick) -> None:
    lost, good = granted(parts.ledger, "01"), granted(parts.ledger, "02")
    parts.ledger.keys.revoke(lost.device, reason="遗失", up_to=None)
    stick.put(lost.device, "out", Kind.CONTACT, _letter(lost, lost.contact(1)))
    stick.put(good.device, "out", Kind.BATCH, good.batch(1, 1).raw)

    taken = {each.device: each for each in take_stick(parts, stick)}

    assert [each.code for each in taken[lost.device].troubles] == [Code.DEVICE_REVOKED]
    assert taken[good.device].receipts == 1


def test_a_folder_that_is_no_stick_of_ours_is_refused(
    parts: IntakeParts, stick: Stick
) -> None:
    with pytest.raises(Problem) as refused:
        take_stick(parts, stick)
    assert refused.value.code is Code.STICK_FOREIGN
