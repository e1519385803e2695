"""What a desk answers to a publication is kept once a person, and nothing else is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schemas.case import NumberVoided
from schemas.clocks import Clocks
from schemas.journal import JournalEntry
from schemas.publications import CommandDone, NoticeSeen
from sync.district.ledger.publications import Delivered
from sync.district.ledger.record import Record
from sync.district.reconcile.responding import consider_response

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
DEVICE = "d" * 32
LIN, CHEN = "1" * 16, "2" * 16


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = Record(tmp_path / "record.db")
    for kind in ("notice", "command"):
        made.publications.publish(
            kind, "{}", effective_from=date(2026, 11, 25), by="区", now=NOON
        )
    for each in made.publications.undelivered(DEVICE):
        made.publications.deliver(each.id, DEVICE, "{}")
    yield made
    made.close()


def _entry(
    body: NoticeSeen | CommandDone | NumberVoided, *, by: str = LIN
) -> JournalEntry:
    clocks = Clocks(wall=NOON, boot="b", monotonic_ms=1)
    return JournalEntry(
        entry_id="e" * 32, device=DEVICE, epoch=1, sequence=1, operator=by,
        clocks=clocks, body=body,
    )  # fmt: skip


def _say(
    record: Record, body: NoticeSeen | CommandDone, *, by: str = LIN
) -> tuple[Delivered, ...]:
    said = consider_response(_entry(body, by=by))
    assert said is not None
    assert said.also is not None
    assert said.feedback is None
    record.keep(said.also, device=DEVICE, feedback=None)
    found = record.publications.deliveries_of()
    return tuple(each for sent in found.values() for each in sent)


def test_each_person_who_has_seen_a_notice_counts_once(record: Record) -> None:
    for by in (LIN, LIN, CHEN):
        notice, command = _say(record, NoticeSeen(position=1), by=by)
    assert (notice.outcome, notice.people) == ("seen", 2)
    assert (command.outcome, command.people) == ("", 0)


def test_what_became_of_a_command_is_kept_with_its_problem(record: Record) -> None:
    failed = CommandDone(position=2, command="x", outcome="failed", problem=1051)
    _, command = _say(record, failed)
    assert (command.outcome, command.problem) == ("failed", 1051)
    # The first word stands: what is said again changes nothing.
    _, again = _say(record, CommandDone(position=2, command="x", outcome="done"))
    assert again == command


def test_an_answer_to_a_message_that_was_never_sent_shows_nowhere(
    record: Record,
) -> None:
    """A desk cannot answer what another desk was sent."""
    assert {each.outcome for each in _say(record, NoticeSeen(position=9))} == {""}


def test_other_entries_are_none_of_this(record: Record) -> None:
    voided = NumberVoided(
        number="350305107-01-20261123-0001-7", reason="spoilt", voided_at=NOON
    )
    assert consider_response(_entry(voided)) is None
    assert all(
        not each.outcome
        for sent in record.publications.deliveries_of().values()
        for each in sent
    )
