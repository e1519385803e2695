"""Appending to the journal: gapless, chained, by somebody, by whichever clocks."""

import json

import pytest

from desk_app.services import journalling
from desk_app.store import journal, settings
from schemas.base import utc_text
from schemas.journal import JournalEntry
from schemas.problems import Code
from schemas.publications import NoticeSeen
from sync.protocol.chain import chain_next, chain_start
from sync.seal import suite1
from tests.support.counter import MONDAY, Counter, refused
from tests.support.rows import undone


def _append(counter: Counter, *, number: str = "") -> journal.KeptEntry:
    with counter.place.vault.write() as tx:
        return journalling.append(
            tx, counter.place, NoticeSeen(position=1), number=number
        )


def test_an_entry_follows_the_one_before_it(counter: Counter) -> None:
    first, second = _append(counter), _append(counter)
    assert second.sequence == first.sequence + 1
    assert second.chain == chain_next(suite1.digest, first.chain, second.entry)


def test_an_epochs_first_entry_follows_its_own_name(counter: Counter) -> None:
    place = counter.place
    with undone(place.vault) as tx:
        settings.put(tx, "epoch", "7")
        kept = journalling.append(tx, place, NoticeSeen(position=1), number="")
        device = settings.get(tx, "device") or ""
    start = chain_start(suite1.digest, device, 7)
    assert (kept.epoch, kept.sequence) == (7, 1)
    assert kept.chain == chain_next(suite1.digest, start, kept.entry)


def test_an_entry_says_who_did_what_by_which_clocks(counter: Counter) -> None:
    place = counter.place
    entry = JournalEntry.model_validate_json(_append(counter).entry)
    assert entry.operator == place.operator
    assert entry.clocks.wall == MONDAY
    assert entry.clocks.boot == place.hands.boot
    assert isinstance(entry.body, NoticeSeen)


def test_p01_what_is_undone_leaves_no_gap(counter: Counter) -> None:
    """The serial of an entry that was not kept is the next one's."""
    before = _append(counter)
    with undone(counter.place.vault) as tx:
        journalling.append(tx, counter.place, NoticeSeen(position=2), number="")
    assert _append(counter).sequence == before.sequence + 1


def test_what_is_written_once_more_keeps_who_when_and_which(counter: Counter) -> None:
    was = JournalEntry.model_validate_json(_append(counter).entry)
    body = json.loads(was.body.model_dump_json())
    with undone(counter.place.vault) as tx:
        kept = journalling.append_again(tx, counter.place, body, number="", was=was)
        again = JournalEntry.model_validate_json(kept.entry)
        third = journalling.append_again(tx, counter.place, body, number="", was=again)
    assert again.operator == was.operator
    assert again.again is not None
    assert (again.again.epoch, again.again.sequence) == (was.epoch, was.sequence)
    assert utc_text(again.again.clocks.wall) == utc_text(was.clocks.wall)
    last = JournalEntry.model_validate_json(third.entry)
    ids = {journalling.original_id(each) for each in (was, again, last)}
    assert ids == {was.entry_id}


@pytest.mark.parametrize("lacking", ["device", "epoch"])
def test_a_desk_that_no_district_knows_writes_no_journal(
    counter: Counter, lacking: str
) -> None:
    with undone(counter.place.vault) as tx:
        tx.run("DELETE FROM settings WHERE name = ?", lacking)
        refused(
            Code.NOT_ENROLLED, journalling.append, tx, counter.place,
            NoticeSeen(position=1), number="",
        )  # fmt: skip
