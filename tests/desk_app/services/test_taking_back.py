"""What comes back after a rollback: held, or offered again; there is no third (P8)."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from desk_app.services import healing, pending, taking_back
from desk_app.store import returned
from desk_app.store.journal import KeptEntry
from schemas.contact import Verdict
from schemas.encoding import canonical
from schemas.healing import EntriesReturned
from schemas.ids import case_number, read_case_number
from schemas.problems import Code
from sync.protocol.returning import pack
from tests.support.counter import Counter, heard, refused
from tests.support.put_back import (
    PutBack,
    called,
    head,
    heal,
    journal_of,
    numbers_of,
    receipted,
    sent_back,
    told_of,
)


@pytest.mark.parametrize("noticed", [False, True])
def test_p08_a_later_part_that_came_back_first_keeps_nothing_out(
    own: Counter, tmp_path: Path, *, noticed: bool
) -> None:
    """A forgotten healing had agreed on more: its message stands first in the feed."""
    own.take(seed=1)
    receipted(own, 1, 1)
    own.desk.lock()
    shutil.copytree(own.places.home, tmp_path / "copy")
    own.as_("lin")
    lost = {own.take(seed=seed) for seed in (2, 3, 4)}
    held = journal_of(own)
    own.desk.lock()
    shutil.rmtree(own.places.home)
    (tmp_path / "copy").rename(own.places.home)
    own.as_("lin")
    said = {"held": head(held[-1]), "newest_epoch": 2}
    if not noticed:
        # By a stick, before any greeting.
        (early,) = pack((held[3].entry,), since=2)
        with own.place.vault.write() as tx:
            taking_back.take(own.place, tx, early, 0)
    called(own, Verdict.DESK_BEHIND, **said)
    if noticed:
        sent_back(own, held[3:], since=2)
        with own.place.vault.read() as tx:
            assert returned.count_since(tx, 0) == 0, "ours brings it, in order"
    sent_back(own, held[1:], since=3)
    assert lost <= numbers_of(own)
    assert all(own.desk.case(number).row.synced for number in lost)


def test_p08_what_was_lost_is_there_again_and_numbers_go_on(put_back: PutBack) -> None:
    counter = put_back.counter
    heal(put_back)
    assert numbers_of(counter) == {put_back.kept, put_back.lost}
    assert counter.desk.case(put_back.lost).row.synced
    assert told_of(counter)["healed"] == {"back": "1", "offered": "0", "renamed": "0"}
    given = read_case_number(counter.take(seed=3)).serial
    assert given == read_case_number(put_back.lost).serial + 1
    with counter.place.vault.read() as tx:
        assert healing.state_in(tx) is None
        assert pending.held_through(tx, 1) == 2


def test_p08_what_waited_in_the_copy_and_was_sent_is_not_offered_twice(
    own: Counter,
) -> None:
    """The same bytes on both sides: held, whatever receipt was lost with the copy."""
    number = own.take(seed=1)
    held = journal_of(own)
    called(own, Verdict.DESK_BEHIND, held=head(held[-1]), newest_epoch=3)
    assert len(journal_of(own, 4)) == 1, "above every epoch that the district knows"
    sent_back(own, held, since=4)
    assert told_of(own)["healed"] == {"back": "1", "offered": "0", "renamed": "0"}
    assert own.desk.case(number).row.synced
    assert [entry.body.kind for entry in own.entries(epoch=4)] == ["epoch_started"]


def test_an_entry_that_is_none_heals_nothing(put_back: PutBack) -> None:
    counter = put_back.counter
    called(counter, Verdict.DESK_BEHIND, held=head(put_back.held[-1]))
    false = KeptEntry(1, 2, b'{"not": "an entry"}', "")
    refused(Code.RETURNED_ENTRY_FALSE, sent_back, counter, (false,))
    with counter.place.vault.read() as tx:
        assert healing.state_in(tx) is not None
        assert returned.last_chain(tx, "d" * 32, 1) is None


def test_what_comes_late_is_shown_and_told(put_back: PutBack) -> None:
    """A stick of the lost machine reaches the district after the healing ended."""
    counter = put_back.counter
    called(counter, Verdict.DESK_BEHIND, held=head(put_back.held[0]))
    sent_back(counter, ())
    assert numbers_of(counter) == {put_back.kept}
    sent_back(counter, put_back.held[1:])
    assert put_back.lost in numbers_of(counter)
    assert told_of(counter)["entries_back"] == {"entries": "1"}
    # The same message by another way changes nothing.
    sent_back(counter, put_back.held[1:])
    assert len(numbers_of(counter)) == 2


def test_messages_that_are_not_of_a_healing_are_not_for_here(own: Counter) -> None:
    count = len(journal_of(own))
    body = EntriesReturned(since=9, final=True)
    with own.place.vault.write() as tx:
        taking_back.take(own.place, tx, body, heard(tx, body.kind))
    assert told_of(own) == {}
    assert len(journal_of(own)) == count


def test_p08_a_vault_that_forgot_a_new_number_learns_it_with_the_case(
    put_back: PutBack,
) -> None:
    """The paper bears another: whoever looks for that finds the case, and a task."""
    counter = put_back.counter
    entry = json.loads(put_back.held[1].entry)
    on_paper = str(entry["body"]["number"])
    parts = dataclasses.replace(read_case_number(on_paper), serial=77)
    entry["body"] |= {"number": case_number(parts), "paper_number": on_paper}
    entry["again"] = {
        "epoch": 1, "sequence": 2, "entry_id": "9" * 32, "clocks": entry["clocks"],
    }  # fmt: skip
    kept = dataclasses.replace(put_back.held[1], entry=canonical(entry))
    called(counter, Verdict.DESK_BEHIND, held=head(put_back.held[1]))
    for _ in range(2):
        sent_back(counter, (kept,))
    assert numbers_of(counter) == {put_back.kept, case_number(parts)}
    with counter.place.vault.read() as tx:
        (known,) = returned.renumberings(tx, open_only=True)
    assert (known.old, known.new) == (on_paper, case_number(parts))
    pair = told_of(counter)["number_on_two_papers"]
    assert pair == {"old": on_paper, "new": case_number(parts)}
