"""Where the desk stands when it calls: counted, told as it is, and what is kept."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk_app.services import contacts, freezing, fresh_keys
from desk_app.services.hands import Workplace
from desk_app.store import outbox, scans, settings
from desk_app.store.outbox import BatchRecord
from schemas.contact import Contact, Verdict
from sync.protocol.chain import chain_start
from sync.seal import suite1
from sync.seal.enrolment import charter_digest
from tests.support.counter import MONDAY, Counter, a_counter


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Counter]:
    """A desk that never called."""
    with a_counter(tmp_path) as made:
        yield made


def _call(counter: Counter) -> Contact:
    return contacts.next_contact(counter.place)


def _welcomed(own: Counter, **said: object) -> None:
    welcome = own.town.welcome(**said)
    contacts.keep_welcome(own.place, welcome, Verdict.AGREED)


def test_every_call_has_its_own_counter_and_nonce(own: Counter) -> None:
    first, second = _call(own), _call(own)
    assert (first.counter, second.counter) == (1, 2)
    assert first.nonce != second.nonce
    with own.place.vault.read() as tx:
        assert settings.get(tx, "contact_nonce") == second.nonce


def test_an_empty_desk_stands_at_the_beginning(own: Counter) -> None:
    said = _call(own)
    start = chain_start(suite1.digest, said.device, 1)
    assert (said.head.epoch, said.head.sequence, said.head.chain) == (1, 0, start)
    assert (said.receipted, said.feed_cursor, said.feed_digest) == (0, 0, None)
    assert said.backlog.entries == 0
    assert said.backlog.oldest_at is None
    assert said.charter == charter_digest(own.town.charter())
    assert said.incarnation is None
    assert not said.restored


def test_what_waits_is_told_with_its_oldest_and_its_nearest_day(own: Counter) -> None:
    for seed in (1, 2, 3):
        own.take(seed=seed)
        own.watch.later(hours=1)
    with own.place.vault.write() as tx:
        outbox.add(tx, BatchRecord("d", 1, 1, 1, "{}", b""))
        outbox.receipted(tx, "d", "{}")
        scans.want(tx, "5" * 64, size=700, at="2026")
    said = _call(own)
    last = own.entries()[-1]
    assert (said.head.sequence, said.receipted) == (last.sequence, 1) == (3, 1)
    assert said.backlog.entries == 2
    assert said.backlog.attachment_bytes == 700
    assert said.backlog.oldest_at == MONDAY + timedelta(hours=1)
    assert said.backlog.earliest_due is not None
    assert str(said.backlog.earliest_due) > "2026-06-01"


def test_the_next_call_is_promised_by_the_gaps_so_far(own: Counter) -> None:
    """After closing it is two hours after the doors open; then by what was usual."""
    said = _call(own)
    assert said.next_contact_by == MONDAY + timedelta(days=1)
    for _ in range(4):
        own.watch.later(minutes=25)
        said = _call(own)
    assert said.next_contact_by == own.watch.now + timedelta(minutes=75)


def test_p08_another_machine_has_another_name_and_tells_no_other_device(
    own: Counter,
) -> None:
    def name(place: Workplace) -> str | None:
        return contacts.next_contact(place).machine

    here = name(own.place)
    hands = dataclasses.replace(own.place.hands, machine="another")
    assert here is not None
    assert name(own.place) == here
    assert name(dataclasses.replace(own.place, hands=hands)) != here
    assert own.place.hands.machine not in here
    nowhere = dataclasses.replace(own.place.hands, machine="")
    assert name(dataclasses.replace(own.place, hands=nowhere)) is None


def test_a_restored_desk_says_so_and_the_last_answer_is_named(own: Counter) -> None:
    own.put("restored_at", "2026-06-01T00:00:00.000Z")
    said = _call(own)
    assert (said.restored, said.answered) == (True, 0)
    _welcomed(own, counter=said.counter, nonce=said.nonce)
    again = _call(own)
    assert (again.answered, again.incarnation) == (said.counter, "1" * 32)


def test_the_last_welcome_is_kept_with_its_verdict(own: Counter) -> None:
    said = _call(own)
    _welcomed(own, counter=said.counter, nonce=said.nonce, verdict="agreed")
    with own.place.vault.read() as tx:
        assert settings.get(tx, "verdict") == "agreed"
        kept = settings.get(tx, "welcome") or ""
    assert f'"nonce":"{said.nonce}"' in kept


def test_a_district_born_anew_is_asked_again_which_scans_it_has(own: Counter) -> None:
    """The first one is no other: nothing was assumed of it."""

    def at_district() -> int:
        with own.place.vault.read() as tx:
            return 1 - scans.backlog(tx)[0]

    with own.place.vault.write() as tx:
        scans.want(tx, "5" * 64, size=700, at="2026")
        scans.arrived(tx, "5" * 64, at="2026")
    told = []
    for incarnation in ("1" * 32, "1" * 32, "2" * 32):
        said = _call(own)
        _welcomed(own, counter=said.counter, nonce=said.nonce, incarnation=incarnation)
        told.append(at_district())
    assert told == [1, 1, 0]


@pytest.mark.parametrize("known", [True, False])
def test_p09_a_welcome_ends_a_freeze_of_years_only_where_it_proves_the_time(
    own: Counter, *, known: bool
) -> None:
    """An answer to an earlier call proves that it is later, not what day it is."""
    with own.place.vault.write() as tx:
        freezing.freeze_in(tx, "restored", until_after="2030-01-01")
    said = _call(own)
    nonce = said.nonce if known else "f" * 32
    _welcomed(own, counter=said.counter, nonce=nonce, at=MONDAY)
    with own.place.vault.read() as tx:
        frozen = freezing.frozen_in(tx, now=MONDAY + timedelta(days=1))
    assert (frozen is None) is known


def test_p08_whoever_is_answered_asks_for_no_other_keys(own: Counter) -> None:
    own.as_("lin")
    fresh_keys.ask(own.place)
    said = _call(own)
    assert fresh_keys.asked(own.place) is not None
    _welcomed(own, counter=said.counter, nonce=said.nonce)
    assert fresh_keys.asked(own.place) is None
