"""Going on where an entry is missing: every gap is declared, and filled once."""

import pytest

from schemas.encoding import base64_text
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.quarantine import BatchUnreadable, EntryWithheld
from sync.district.ledger.record import Record
from sync.district.reconcile import bridging
from sync.district.reconcile.rules import SetAside
from tests.support.ledgers import NOW, Writer, file_line

DESK = Writer()


def _entry(raw: bytes) -> JournalEntry:
    return JournalEntry.model_validate_json(raw)


def _offered(inner: bytes, *, at: int = 2, by: int = 9, who: Writer = DESK) -> bytes:
    body = {
        "kind": "entry_offered", "epoch": 1, "sequence": at,
        "entry": base64_text(inner),
    }  # fmt: skip
    return who.line(by, body_of=body)


def test_a_stub_stands_for_its_entry_and_the_chain_goes_on(record: Record) -> None:
    stub = EntryWithheld(digest="0" * 64, size=9, problem=int(Code.MESSAGE_MALFORMED))
    batch = DESK.close([stub.model_dump_json().encode()])
    opened = (stub.model_dump_json().encode(),)
    assert bridging.file_stub(batch.header, opened, record, now=NOW) == (0, 1)
    assert bridging.file_stub(batch.header, opened, record, now=NOW) == (0, 0)
    head = record.chain(DESK.device, 1)
    assert head is not None
    assert (head.sequence, head.chain) == (1, batch.header.chain_after)
    assert record.problem_of(DESK.device, 1, 1) == Code.ENTRY_WITHHELD


def test_a_stub_that_says_nothing_is_none(record: Record) -> None:
    batch = DESK.batch(1, 1)
    with pytest.raises(Problem) as refused:
        bridging.file_stub(batch.header, (DESK.line(1),), record, now=NOW)
    assert refused.value.code is Code.MESSAGE_MALFORMED
    assert record.chain(DESK.device, 1) is None


def test_p03_a_batch_that_never_opens_is_declared_place_by_place_and_asked_for_once(
    record: Record,
) -> None:
    header = DESK.batch(1, 3).header
    done = bridging.file_gap(header, Code.SEAL_BROKEN, record, now=NOW)
    assert done == (0, 3)
    assert [each.sequence for each in record.quarantined()] == [1, 2, 3]
    (asked,) = record.unsent()
    told = BatchUnreadable.model_validate_json(asked.body)
    assert (told.first, told.last) == (1, 3)
    again = bridging.file_gap(header, Code.SEAL_BROKEN, record, now=NOW)
    assert again == (0, 0)
    assert len(record.unsent()) == 1


def test_a_declared_gap_is_filled_by_its_own_entry_once(record: Record) -> None:
    inner = DESK.line(2)
    file_line(record, DESK, 1)
    file_line(record, DESK, 2, problem=Code.ENTRY_WITHHELD)
    offer = _entry(_offered(inner))
    assert bridging.cannot_be_supplied(offer, record) is None
    assert bridging.supplied(offer) == _entry(inner)

    file_line(record, DESK, 9, reason=bridging.supplies(_offered(inner)))

    twice = bridging.cannot_be_supplied(_entry(_offered(inner, by=10)), record)
    assert isinstance(twice, SetAside)
    assert twice.code is Code.CHAIN_FORKED


def test_what_fills_no_gap_is_set_aside_by_number(record: Record) -> None:
    file_line(record, DESK, 1)
    file_line(record, DESK, 2, problem=Code.ENTRY_WITHHELD)
    other = Writer().line(2)
    for raw, code in (
        (_offered(DESK.line(1), at=1), Code.CHAIN_FORKED),
        (_offered(DESK.line(3), at=2), Code.MESSAGE_MALFORMED),
        (_offered(other), Code.MESSAGE_MALFORMED),
        (_offered(b"not an entry"), Code.MESSAGE_MALFORMED),
    ):
        found = bridging.cannot_be_supplied(_entry(raw), record)
        assert isinstance(found, SetAside)
        assert found.code is code


def test_any_other_entry_is_judged_as_it_is(record: Record) -> None:
    entry = _entry(DESK.line(1))
    assert bridging.cannot_be_supplied(entry, record) is None
    assert bridging.supplied(entry) == entry
    assert bridging.supplies(DESK.line(1)) == bridging.supplies(b"{}") == ""
