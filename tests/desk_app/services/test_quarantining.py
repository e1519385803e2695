"""Entries that will not go through: suspected late, never lost (P3)."""

import json
from collections.abc import Iterator

import pytest

from desk_app.services import quarantining
from desk_app.services.quarantining import PATIENCE
from desk_app.store import journal, outbox, quarantine, settings
from desk_app.store.outbox import BatchRecord
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.batch import BatchHeader
from schemas.feed import EntryQuarantined
from schemas.problems import Code
from schemas.quarantine import EntryWithheld
from sync.seal import suite1
from tests.support.counter import MONDAY, Counter, refused
from tests.support.rows import entries, undone

BAD = Code.MESSAGE_MALFORMED


@pytest.fixture
def tx(counter: Counter) -> Iterator[Transaction]:
    """A write that is undone, with eight entries in an epoch of their own."""
    with undone(counter.place.vault) as under_way:
        entries(under_way, 8, epoch=3)
        yield under_way


def _batch(tx: Transaction, first: int, last: int, *, withheld: bool = False) -> str:
    header = BatchHeader(
        suite=1, device="d" * 32, signing_key="e" * 32, sealing_key="f" * 32, epoch=3,
        first=first, last=last, chain_before="0" * 64, chain_after="0" * 64,
        entries=last - first + 1, plain_size=1, compressed_size=1, made_at=MONDAY,
        sealed_size=1, sealed_digest="0" * 64, withheld=withheld,
    )  # fmt: skip
    digest = f"{first}-{last}-{withheld}"
    raw = header.model_dump_json()
    outbox.add(tx, BatchRecord(digest, 3, first, last, raw, b"raw"))
    return digest


def _refuse(counter: Counter, tx: Transaction, digest: str, code: Code = BAD) -> bool:
    return quarantining.refused(counter.place, tx, digest, code)


def _suspect(counter: Counter, tx: Transaction, place: int) -> None:
    """Refuse an entry alone until it is suspected."""
    digest = _batch(tx, place, place)
    for _ in range(PATIENCE):
        assert _refuse(counter, tx, digest)


def test_a_refused_run_is_cut_in_halves(counter: Counter, tx: Transaction) -> None:
    assert _refuse(counter, tx, _batch(tx, 1, 5))
    assert outbox.oldest_waiting(tx) is None
    ranges = [quarantine.cut_at(tx, 3, n) for n in (1, 4)]
    assert [(c.first, c.last) for c in ranges if c] == [(1, 3), (4, 5)]


def test_one_refusal_of_one_entry_proves_nothing(
    counter: Counter, tx: Transaction
) -> None:
    """A byte may have changed on the way: the same bytes go again, a few times."""
    digest = _batch(tx, 2, 2)
    for _ in range(PATIENCE - 1):
        assert _refuse(counter, tx, digest)
        assert outbox.oldest_waiting(tx) is not None
    assert quarantine.get(tx, 3, 2) is None
    _refuse(counter, tx, digest)
    suspect = quarantine.get(tx, 3, 2)
    assert suspect is not None
    assert (suspect.state, suspect.problem) == ("suspected", int(BAD))
    assert outbox.oldest_waiting(tx) is None


def test_an_entry_is_at_fault_only_where_its_stub_passes(
    counter: Counter, tx: Transaction
) -> None:
    _suspect(counter, tx, 2)
    (entry,) = journal.after(tx, epoch=3, sequence=1, limit=1)
    stub = EntryWithheld.model_validate_json(quarantining.stub_of(tx, entry))
    assert (stub.digest, stub.size) == (suite1.digest(b"3/2"), len(b"3/2"))
    assert stub.problem == int(BAD)

    record = outbox.get(tx, _batch(tx, 2, 2, withheld=True))
    assert record is not None
    header = BatchHeader.model_validate_json(record.header)
    quarantining.released(counter.place, tx, header)

    task = quarantine.get(tx, 3, 2)
    assert task is not None
    assert task.state == "open"


def test_where_the_stub_is_refused_too_nothing_is_set_aside(
    counter: Counter, tx: Transaction
) -> None:
    _suspect(counter, tx, 2)
    stub = _batch(tx, 2, 2, withheld=True)
    said = [_refuse(counter, tx, stub) for _ in range(PATIENCE)]
    assert said == [True] * (PATIENCE - 1) + [False], "and then sending rests"
    left = quarantine.get(tx, 3, 2)
    assert left is None or left.state != "open"
    assert quarantine.cut_at(tx, 3, 2) is None
    assert outbox.oldest_waiting(tx) is None


def test_what_is_no_fault_of_the_content_is_kept_as_it_is(
    counter: Counter, tx: Transaction
) -> None:
    digest = _batch(tx, 1, 4)
    assert _refuse(counter, tx, digest, Code.BATCH_OVERLAPS)
    assert [(d, c) for d, _, _, c in outbox.refusals(tx)] == [
        (digest, int(Code.BATCH_OVERLAPS))
    ]
    assert quarantine.cut_at(tx, 3, 1) is None
    assert _refuse(counter, tx, "unknown")


@pytest.mark.parametrize(
    ("held", "chain", "cut"),
    [(9, "9", 9), (9, "another", None), (10, "10", None), (7, "7", None)],
)
def test_p03_a_run_that_overlaps_is_cut_where_the_kept_part_ends(
    counter: Counter, tx: Transaction, held: int, chain: str, cut: int | None
) -> None:
    """A disk lost what was sent and kept the entries; the district's word tells it."""
    for n in (9, 10):
        link = suite1.digest(str(n).encode())
        kept = journal.KeptEntry(3, n, b"{}", link)
        journal.append(tx, kept, journal.Label("", "case_received", None))
    head = {"epoch": 3, "sequence": held, "chain": suite1.digest(chain.encode())}
    settings.put(tx, "welcome", counter.town.welcome(held=head).model_dump_json())
    assert _refuse(counter, tx, _batch(tx, 8, 10), Code.BATCH_OVERLAPS)
    there = quarantine.cut_at(tx, 3, 8)
    assert (there.last if there else None) == cut
    assert outbox.has_refusal(tx, 3, int(Code.BATCH_OVERLAPS)) == (cut is None)
    assert outbox.oldest_waiting(tx) is None


def test_p08_a_run_that_is_held_in_part_goes_again_in_the_pieces_that_were_lost(
    counter: Counter, tx: Transaction
) -> None:
    """The district was put back, took one piece, and then said what it had lost."""
    for first, last in ((1, 3), (4, 5)):
        receipt = json.dumps({"received_at": utc_text(MONDAY)})
        outbox.receipted(tx, _batch(tx, first, last), receipt)
    outbox.lose(tx, epoch=3, after=0, at=utc_text(MONDAY))
    assert _refuse(counter, tx, _batch(tx, 1, 7), Code.BATCH_OVERLAPS)
    assert outbox.refusals(tx) == ()
    pieces = [quarantine.cut_at(tx, 3, n) for n in (1, 4, 6)]
    assert [(c.first, c.last) for c in pieces if c] == [(1, 3), (4, 5), (6, 7)]
    digest = _batch(tx, 4, 5)
    assert _refuse(counter, tx, digest, Code.BATCH_OVERLAPS)
    assert [each[0] for each in outbox.refusals(tx)] == [digest], "another history's"


def test_p03_what_the_district_could_not_file_is_a_supervisors_task(
    counter: Counter,
) -> None:
    counter.take(seed=1)
    last = counter.entries()[-1]
    said = EntryQuarantined(
        epoch=last.epoch, sequence=last.sequence, problem=int(Code.CHAIN_FORKED),
        reason="not its number",
    )  # fmt: skip
    with counter.place.vault.write() as tx:
        quarantining.take(counter.place, tx, said)
    (task,) = quarantining.tasks(counter.place)
    assert (task.sequence, task.reason) == (last.sequence, "not its number")
    assert quarantining.found(task) == MONDAY
    assert not quarantining.may_retry(task), "it has the bytes and has ruled on them"
    place = (last.epoch, last.sequence)
    refused(Code.NOT_RETRIABLE, quarantining.retry, counter.place, *place)
    refused(Code.REASON_MISSING, quarantining.settle, counter.place, *place, note=" ")
    refused(
        Code.NOT_ALLOWED, quarantining.settle, counter.as_("wu"), *place, note="已核"
    )
    counter.as_("lin")
    quarantining.settle(counter.place, *place, note="已与区级核对")
    assert quarantining.tasks(counter.place) == ()
    assert counter.trail()[0] == "quarantine_settled"
    refused(
        Code.QUARANTINE_UNKNOWN, quarantining.settle, counter.place, *place, note="再核"
    )
    assert counter.entries()[-1] == last, "the entry stays on record"


def test_p03_an_entry_that_was_set_aside_is_offered_again_whole(
    counter: Counter,
) -> None:
    number = counter.take(seed=2)
    last = counter.entries()[-1]
    with counter.place.vault.write() as tx:
        task = quarantine.Quarantined(
            last.epoch, last.sequence, int(BAD), "", "intake", "open",
            "2026-06-01T02:00:00.000Z",
        )  # fmt: skip
        quarantine.put(tx, task)
    quarantining.retry(counter.place, last.epoch, last.sequence)
    offered = counter.entries()[-1]
    assert offered.body.kind == "entry_offered"
    with counter.place.vault.read() as tx:
        cut = quarantine.cut_at(tx, offered.epoch, offered.sequence)
        of = journal.number_of(tx, epoch=offered.epoch, sequence=offered.sequence)
    assert of == number
    assert cut is not None
    assert (cut.first, cut.last) == (offered.sequence, offered.sequence), "alone"
    (task,) = quarantining.tasks(counter.place)
    assert (task.state, task.offered_sequence) == ("offered", offered.sequence)
    assert json.loads(offered.model_dump_json())["body"]["sequence"] == last.sequence
