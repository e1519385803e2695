"""Healing: nothing is decided on an old answer; held, or offered again (P8)."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk_app.services import contacts, healing, pending
from desk_app.store import incidents, journal, outbox, returned, settings
from desk_app.store.journal import KeptEntry
from desk_app.store.outbox import BatchRecord
from schemas.contact import Contact, JournalHead, Verdict
from schemas.healing import EntriesReturned, EpochStarted
from schemas.ids import read_case_number
from schemas.problems import Code
from sync.protocol.returning import pack
from tests.support.counter import Counter, a_counter, heard, refused


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Counter]:
    with a_counter(tmp_path / "desk") as made:
        yield made


def _journal(counter: Counter, epoch: int = 1) -> tuple[KeptEntry, ...]:
    with counter.place.vault.read() as tx:
        return journal.after(tx, epoch=epoch, sequence=0, limit=99)


def _receipted(counter: Counter, first: int, last: int) -> None:
    with counter.place.vault.write() as tx:
        outbox.add(tx, BatchRecord(f"batch {first}", 1, first, last, "{}", b""))
        outbox.receipted(tx, f"batch {first}", "{}")


def _called(counter: Counter, verdict: Verdict, **said: object) -> Contact:
    """Greet, and keep a welcome that answers it."""
    contact = contacts.next_contact(counter.place)
    plain = {"counter": contact.counter, "nonce": contact.nonce, "newest_epoch": 1}
    welcome = counter.town.welcome(**{**plain, "verdict": verdict, **said})
    contacts.keep_welcome(counter.place, welcome, verdict)
    return contact


def _head(kept: KeptEntry) -> JournalHead:
    return JournalHead(epoch=kept.epoch, sequence=kept.sequence, chain=kept.chain)


def _sent_back(
    counter: Counter, held: tuple[KeptEntry, ...], *, since: int = 2
) -> None:
    for body in pack((each.entry for each in held), since=since):
        with counter.place.vault.write() as tx:
            position = heard(tx, body.kind)
            healing.take(counter.place, tx, body, position)


def _told(counter: Counter) -> dict[str, dict[str, str]]:
    with counter.place.vault.read() as tx:
        found = incidents.listed(tx, unseen_only=True, limit=99)
    return {each.what: each.detail for each in found}


def _numbers(counter: Counter) -> set[str]:
    return {row.number for row in counter.desk.cases(page_size=99).rows}


@dataclass
class PutBack:
    """A desk whose folder was put back; the district holds all that it lost."""

    counter: Counter
    held: tuple[KeptEntry, ...]
    kept: str
    lost: str


@pytest.fixture
def put_back(own: Counter, tmp_path: Path) -> PutBack:
    kept = own.take(seed=1)
    _receipted(own, 1, 1)
    own.desk.lock()
    shutil.copytree(own.places.home, tmp_path / "copy")
    own.as_("lin")
    lost = own.take(seed=2)
    held = _journal(own)
    own.desk.lock()
    shutil.rmtree(own.places.home)
    (tmp_path / "copy").rename(own.places.home)
    own.as_("lin")
    assert _numbers(own) == {kept}
    return PutBack(own, held, kept, lost)


def _heal(put: PutBack) -> None:
    _called(put.counter, Verdict.DESK_BEHIND, held=_head(put.held[-1]))
    _sent_back(put.counter, put.held[1:])


def test_p08_a_desk_that_is_behind_leaves_its_epoch_and_gives_no_number(
    put_back: PutBack,
) -> None:
    counter = put_back.counter
    _called(counter, Verdict.DESK_BEHIND, held=_head(put_back.held[-1]))
    (first,) = _journal(counter, 2)
    body = json.loads(first.entry)["body"]
    started = EpochStarted.model_validate(body)
    assert (started.why, started.from_epoch) == ("desk_behind", 1)
    assert (started.agreed, started.own) == (1, 1)
    with counter.place.vault.read() as tx:
        state = healing.state_in(tx)
    assert state is not None
    assert (state.since, state.from_epoch, state.agreed) == (2, 1, 1)
    refused(Code.NUMBERING_FROZEN, counter.take, seed=3)


def test_p03_a_batch_that_overlaps_for_good_is_left_with_its_epoch(
    own: Counter,
) -> None:
    """What comes after it would never be filed: both sides seemed to agree."""
    for seed in (1, 2, 3):
        own.take(seed=seed)
    kept = _journal(own)
    _receipted(own, 1, 1)
    with own.place.vault.write() as tx:
        outbox.add(tx, BatchRecord("parked", 1, 2, 3, "{}", b"raw"))
        outbox.refused(tx, "parked", int(Code.DEVICE_REVOKED))
    _called(own, Verdict.AGREED, held=_head(kept[1]))
    assert _journal(own, 2) == ()

    with own.place.vault.write() as tx:
        outbox.refused(tx, "parked", int(Code.BATCH_OVERLAPS))
    _called(own, Verdict.AGREED, held=_head(kept[1]))
    started = EpochStarted.model_validate(json.loads(_journal(own, 2)[0].entry)["body"])
    assert (started.agreed, started.own) == (1, 3)
    _sent_back(own, kept[1:2])
    (again,) = _journal(own, 2)[1:]
    assert json.loads(again.entry)["again"]["sequence"] == 3
    with own.place.vault.read() as tx:
        assert outbox.refusals(tx) == ()
        there = [outbox.is_receipted(tx, epoch=1, sequence=n) for n in (1, 2, 3)]
    assert there == [True, True, False]


@pytest.mark.parametrize("noticed", [False, True])
def test_p08_a_later_part_that_came_back_first_keeps_nothing_out(
    own: Counter, tmp_path: Path, *, noticed: bool
) -> None:
    """A forgotten healing had agreed on more: its message stands first in the feed."""
    own.take(seed=1)
    _receipted(own, 1, 1)
    own.desk.lock()
    shutil.copytree(own.places.home, tmp_path / "copy")
    own.as_("lin")
    lost = {own.take(seed=seed) for seed in (2, 3, 4)}
    held = _journal(own)
    own.desk.lock()
    shutil.rmtree(own.places.home)
    (tmp_path / "copy").rename(own.places.home)
    own.as_("lin")
    said = {"held": _head(held[-1]), "newest_epoch": 2}
    if not noticed:
        # By a stick, before any greeting.
        (early,) = pack((held[3].entry,), since=2)
        with own.place.vault.write() as tx:
            healing.take(own.place, tx, early, 0)
    _called(own, Verdict.DESK_BEHIND, **said)
    if noticed:
        _sent_back(own, held[3:], since=2)
        with own.place.vault.read() as tx:
            assert returned.count_since(tx, 0) == 0, "ours brings it, in order"
    _sent_back(own, held[1:], since=3)
    assert lost <= _numbers(own)
    assert all(own.desk.case(number).row.synced for number in lost)


def test_p08_nothing_is_decided_on_the_answer_to_an_old_greeting(
    put_back: PutBack,
) -> None:
    counter = put_back.counter
    contact = contacts.next_contact(counter.place)
    contacts.next_contact(counter.place)
    welcome = counter.town.welcome(
        counter=contact.counter, nonce=contact.nonce, held=_head(put_back.held[-1])
    )
    for verdict in (Verdict.DESK_BEHIND, Verdict.CLONED):
        contacts.keep_welcome(counter.place, welcome, verdict)
    assert _journal(counter, 2) == ()
    assert _told(counter) == {}


def test_p08_what_was_lost_is_there_again_and_numbers_go_on(put_back: PutBack) -> None:
    counter = put_back.counter
    _heal(put_back)
    assert _numbers(counter) == {put_back.kept, put_back.lost}
    assert counter.desk.case(put_back.lost).row.synced
    assert _told(counter)["healed"] == {"back": "1", "offered": "0", "renamed": "0"}
    given = read_case_number(counter.take(seed=3)).serial
    assert given == read_case_number(put_back.lost).serial + 1
    with counter.place.vault.read() as tx:
        assert healing.state_in(tx) is None
        assert pending.held_through(tx, 1) == 2


def test_p08_a_number_on_two_papers_is_the_districts_and_a_task(
    put_back: PutBack,
) -> None:
    """Work done before the first contact got a number that the district knows."""
    counter = put_back.counter
    twice = counter.take(seed=4)
    assert twice == put_back.lost
    mine = counter.desk.case(twice).application
    _heal(put_back)
    assert _told(counter)["healed"] == {"back": "1", "offered": "1", "renamed": "1"}
    pair = _told(counter)["number_on_two_papers"]
    assert pair["old"] == twice
    theirs = counter.desk.case(twice).application
    assert theirs != mine
    assert counter.desk.case(pair["new"]).application == mine
    offered = counter.entries(epoch=2)[-1]
    assert offered.again is not None
    assert (offered.again.epoch, offered.again.sequence) == (1, 2)
    with counter.place.vault.read() as tx:
        assert [each.new for each in returned.renumberings(tx, open_only=True)] == [
            pair["new"]
        ]
    healing.told(counter.place, pair["new"])
    refused(Code.CASE_UNKNOWN, healing.told, counter.place, pair["new"])
    assert counter.trail()[0] == "renumbering_told"


def test_p08_what_waited_in_the_copy_and_was_sent_is_not_offered_twice(
    own: Counter,
) -> None:
    """The same bytes on both sides: held, whatever receipt was lost with the copy."""
    number = own.take(seed=1)
    held = _journal(own)
    _called(own, Verdict.DESK_BEHIND, held=_head(held[-1]), newest_epoch=3)
    assert len(_journal(own, 4)) == 1, "above every epoch that the district knows"
    _sent_back(own, held, since=4)
    assert _told(own)["healed"] == {"back": "1", "offered": "0", "renamed": "0"}
    assert own.desk.case(number).row.synced
    assert [entry.body.kind for entry in own.entries(epoch=4)] == ["epoch_started"]


def test_p08_a_fork_is_agreed_up_to_what_was_receipted(own: Counter) -> None:
    """Where the chains differ, only the district's own signature says what it has."""
    for seed in (1, 2):
        own.take(seed=seed)
    _receipted(own, 1, 1)
    other = JournalHead(epoch=1, sequence=2, chain="0" * 64)
    _called(own, Verdict.FORKED, held=other)
    body = EpochStarted.model_validate(json.loads(_journal(own, 2)[0].entry)["body"])
    assert (body.why, body.agreed, body.own, body.held) == ("forked", 1, 2, other)
    _sent_back(own, ())
    kinds = [entry.body.kind for entry in own.entries(epoch=2)]
    assert kinds == ["epoch_started", "case_received"]
    assert len(_numbers(own)) == 2


def test_p08_what_the_district_lost_is_offered_again_and_told(own: Counter) -> None:
    for seed in (1, 2, 3):
        own.take(seed=seed)
    _receipted(own, 1, 3)
    held = _journal(own)
    _called(own, Verdict.DISTRICT_BEHIND, held=_head(held[0]))
    assert _told(own) == {"district_behind": {"entries": "2"}}
    with own.place.vault.read() as tx:
        assert outbox.receipted_through(tx, 1) == 0
        assert pending.waiting(tx, 1)[0] == 3
        assert settings.get(tx, "epoch") == "1"


def test_p08_a_clone_is_told_once_and_one_copy_is_declared_the_only_one(
    own: Counter,
) -> None:
    own.take(seed=1)
    for _ in range(2):
        _called(own, Verdict.CLONED)
    assert list(_told(own)) == ["cloned"]
    assert own.trail().count("cloned") == 1
    refused(Code.NUMBERING_FROZEN, own.take, seed=2)
    refused(Code.NOT_ALLOWED, healing.declare_only, own.as_("wu"))
    healing.declare_only(own.as_("lin"))
    own.watch.later(days=1)
    own.take(seed=2)
    assert _called(own, Verdict.AGREED).restored


def test_p08_another_contact_with_a_healed_copy_ends_the_cloning(
    own: Counter,
) -> None:
    _called(own, Verdict.CLONED)
    _called(own, Verdict.AGREED)
    with own.place.vault.read() as tx:
        assert not settings.get(tx, "cloned_at")


def test_an_entry_that_is_none_heals_nothing(put_back: PutBack) -> None:
    counter = put_back.counter
    _called(counter, Verdict.DESK_BEHIND, held=_head(put_back.held[-1]))
    false = KeptEntry(1, 2, b'{"not": "an entry"}', "")
    refused(Code.RETURNED_ENTRY_FALSE, _sent_back, counter, (false,))
    with counter.place.vault.read() as tx:
        assert healing.state_in(tx) is not None
        assert returned.last_chain(tx, "d" * 32, 1) is None


def test_what_comes_late_is_shown_and_told(put_back: PutBack) -> None:
    """A stick of the lost machine reaches the district after the healing ended."""
    counter = put_back.counter
    _called(counter, Verdict.DESK_BEHIND, held=_head(put_back.held[0]))
    _sent_back(counter, ())
    assert _numbers(counter) == {put_back.kept}
    _sent_back(counter, put_back.held[1:])
    assert put_back.lost in _numbers(counter)
    assert _told(counter)["entries_back"] == {"entries": "1"}
    # The same message by another way changes nothing.
    _sent_back(counter, put_back.held[1:])
    assert len(_numbers(counter)) == 2


def test_messages_that_are_not_of_a_healing_are_not_for_here(own: Counter) -> None:
    count = len(_journal(own))
    body = EntriesReturned(since=9, final=True)
    with own.place.vault.write() as tx:
        healing.take(own.place, tx, body, heard(tx, body.kind))
    assert _told(own) == {}
    assert len(_journal(own)) == count
