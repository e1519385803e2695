"""Going on where an entry is missing: every gap is declared, and filled once."""

import pytest

from schemas.encoding import base64_text
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.quarantine import EntryOffered, EntryWithheld
from sync.district.ledger.record import Record
from sync.district.reconcile import bridging
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
    there = record.journals.entry_at(DESK.device, 1, 1)
    assert there is not None
    assert there.problem == Code.ENTRY_WITHHELD


def test_a_stub_that_says_nothing_is_none(record: Record) -> None:
    batch = DESK.batch(1, 1)
    with pytest.raises(Problem) as refused:
        bridging.file_stub(batch.header, (DESK.line(1),), record, now=NOW)
    assert refused.value.code is Code.MESSAGE_MALFORMED
    assert record.chain(DESK.device, 1) is None


def test_p03_a_batch_that_never_opens_is_declared_place_by_place(
    record: Record,
) -> None:
    header = DESK.batch(1, 3).header
    done = bridging.file_gap(header, Code.SEAL_BROKEN, record, now=NOW)
    assert done == (0, 3)
    assert [each.sequence for each in record.journals.quarantined()] == [1, 2, 3]
    again = bridging.file_gap(header, Code.SEAL_BROKEN, record, now=NOW)
    assert again == (0, 0)
    head = record.chain(DESK.device, 1)
    assert head is not None
    assert (head.sequence, head.chain) == (3, header.chain_after)


def _why_not(raw: bytes, record: Record) -> Code | None:
    body = _entry(raw).body
    assert isinstance(body, EntryOffered)
    found = bridging.cannot_be_supplied(body, DESK.device, record)
    return found.code if found else None


def test_a_declared_gap_is_filled_by_its_own_entry(record: Record) -> None:
    inner = DESK.line(2)
    file_line(record, DESK, 1)
    file_line(record, DESK, 2, problem=Code.ENTRY_WITHHELD)
    assert _why_not(_offered(inner), record) is None
    assert bridging.supplied(_entry(_offered(inner))) == _entry(inner)


def test_what_is_set_aside_is_supplied_by_its_own_bytes_alone(record: Record) -> None:
    aside = file_line(record, DESK, 1, problem=Code.CHAIN_BROKEN)
    other = Writer(DESK.signing, DESK.sealing, told="otherwise").line(1)
    assert _why_not(_offered(aside, at=1), record) is None
    assert _why_not(_offered(other, at=1), record) is Code.CHAIN_FORKED


def test_a_place_that_is_filled_takes_no_other_entry(record: Record) -> None:
    filed = file_line(record, DESK, 1)
    assert _why_not(_offered(filed, at=1), record) is Code.CHAIN_FORKED
    assert _why_not(_offered(DESK.line(5), at=5), record) is None, "not heard of yet"


def test_what_is_inside_is_the_entry_that_it_says(record: Record) -> None:
    file_line(record, DESK, 2, problem=Code.ENTRY_WITHHELD)
    for raw in (
        _offered(DESK.line(3), at=2), _offered(Writer().line(2)),
        _offered(b"not an entry"), DESK.line(1),
    ):  # fmt: skip
        assert bridging.supplied(_entry(raw)) is None
