"""Healing: nothing is decided on an old answer; an epoch is left for good (P8)."""

import json

from desk_app.services import contacts, healing, pending
from desk_app.store import outbox, settings
from desk_app.store.outbox import BatchRecord
from schemas.contact import JournalHead, Verdict
from schemas.healing import EpochStarted
from schemas.problems import Code
from tests.support.counter import Counter, refused
from tests.support.put_back import (
    PutBack,
    called,
    head,
    journal_of,
    numbers_of,
    receipted,
    sent_back,
    told_of,
)


def test_p08_a_desk_that_is_behind_leaves_its_epoch_and_gives_no_number(
    put_back: PutBack,
) -> None:
    counter = put_back.counter
    called(counter, Verdict.DESK_BEHIND, held=head(put_back.held[-1]))
    (first,) = journal_of(counter, 2)
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
    kept = journal_of(own)
    receipted(own, 1, 1)
    with own.place.vault.write() as tx:
        outbox.add(tx, BatchRecord("parked", 1, 2, 3, "{}", b"raw"))
        outbox.refused(tx, "parked", int(Code.DEVICE_REVOKED))
    called(own, Verdict.AGREED, held=head(kept[1]))
    assert journal_of(own, 2) == ()

    with own.place.vault.write() as tx:
        outbox.refused(tx, "parked", int(Code.BATCH_OVERLAPS))
    called(own, Verdict.AGREED, held=head(kept[1]))
    started = EpochStarted.model_validate(
        json.loads(journal_of(own, 2)[0].entry)["body"]
    )
    assert (started.agreed, started.own) == (1, 3)
    sent_back(own, kept[1:2])
    (again,) = journal_of(own, 2)[1:]
    assert json.loads(again.entry)["again"]["sequence"] == 3
    with own.place.vault.read() as tx:
        assert outbox.refusals(tx) == ()
        there = [outbox.is_receipted(tx, epoch=1, sequence=n) for n in (1, 2, 3)]
    assert there == [True, True, False]


def test_p08_nothing_is_decided_on_the_answer_to_an_old_greeting(
    put_back: PutBack,
) -> None:
    counter = put_back.counter
    contact = contacts.next_contact(counter.place)
    contacts.next_contact(counter.place)
    welcome = counter.town.welcome(
        counter=contact.counter, nonce=contact.nonce, held=head(put_back.held[-1])
    )
    for verdict in (Verdict.DESK_BEHIND, Verdict.CLONED):
        contacts.keep_welcome(counter.place, welcome, verdict)
    assert journal_of(counter, 2) == ()
    assert told_of(counter) == {}


def test_p08_a_fork_is_agreed_up_to_what_was_receipted(own: Counter) -> None:
    """Where the chains differ, only the district's own signature says what it has."""
    for seed in (1, 2):
        own.take(seed=seed)
    receipted(own, 1, 1)
    other = JournalHead(epoch=1, sequence=2, chain="0" * 64)
    called(own, Verdict.FORKED, held=other)
    body = EpochStarted.model_validate(json.loads(journal_of(own, 2)[0].entry)["body"])
    assert (body.why, body.agreed, body.own, body.held) == ("forked", 1, 2, other)
    sent_back(own, ())
    kinds = [entry.body.kind for entry in own.entries(epoch=2)]
    assert kinds == ["epoch_started", "case_received"]
    assert len(numbers_of(own)) == 2


def test_p08_what_the_district_lost_is_offered_again_and_told(own: Counter) -> None:
    for seed in (1, 2, 3):
        own.take(seed=seed)
    receipted(own, 1, 3)
    held = journal_of(own)
    called(own, Verdict.DISTRICT_BEHIND, held=head(held[0]))
    assert told_of(own) == {"district_behind": {"entries": "2"}}
    with own.place.vault.read() as tx:
        assert outbox.receipted_through(tx, 1) == 0
        assert pending.waiting(tx, 1)[0] == 3
        assert settings.get(tx, "epoch") == "1"


def test_p08_a_clone_is_told_once_and_one_copy_is_declared_the_only_one(
    own: Counter,
) -> None:
    own.take(seed=1)
    for _ in range(2):
        called(own, Verdict.CLONED)
    assert list(told_of(own)) == ["cloned"]
    assert own.trail().count("cloned") == 1
    refused(Code.NUMBERING_FROZEN, own.take, seed=2)
    refused(Code.NOT_ALLOWED, healing.declare_only, own.as_("wu"))
    healing.declare_only(own.as_("lin"))
    own.watch.later(days=1)
    own.take(seed=2)
    assert called(own, Verdict.AGREED).restored


def test_p08_another_contact_with_a_healed_copy_ends_the_cloning(
    own: Counter,
) -> None:
    called(own, Verdict.CLONED)
    called(own, Verdict.AGREED)
    with own.place.vault.read() as tx:
        assert not settings.get(tx, "cloned_at")


def test_p08_an_answer_that_comes_twice_leaves_an_epoch_once(own: Counter) -> None:
    """By the line, and again by a stick. Found by the world of seed 41."""
    number = own.take(seed=1)
    contact = contacts.next_contact(own.place)
    ahead = JournalHead(epoch=1, sequence=9, chain="c" * 64)
    welcome = own.town.welcome(
        counter=contact.counter, nonce=contact.nonce, newest_epoch=1, held=ahead,
        verdict=Verdict.DESK_BEHIND,
    )  # fmt: skip
    for _ in range(2):
        contacts.keep_welcome(own.place, welcome, Verdict.DESK_BEHIND)
    kinds = [entry.body.kind for entry in own.entries(epoch=2)]
    assert kinds == ["epoch_started"]
    assert number in {row.number for row in own.desk.cases(page_size=9).rows}
