"""The engine's port over the vault: each verb one transaction."""

import dataclasses
from datetime import datetime, timedelta

import pytest

from desk_app.services import syncing
from desk_app.services.syncing import VaultPort
from desk_app.store import feed, outbox
from schemas.case import CaseState, Granted, Refused
from schemas.encoding import JsonObject
from schemas.feed import CaseAnswered
from schemas.problems import Code
from sync.client.uploading import StoredBatch
from sync.protocol.outbox import Patience
from sync.protocol.pacing import Pace
from sync.seal.batches import SealedBatch, close_batch
from sync.seal.feed import Addressee, close_feed
from sync.seal.receipts import Filed, sign_receipt
from tests.support.counter import MONDAY, Counter, refused

GRANTED = Granted(licence_number="闽捕9", valid_until="2026-08-01")


@pytest.fixture
def port(counter: Counter) -> VaultPort:
    """A port that has sent all that was written before."""
    made = VaultPort(counter.place)
    counter.take(seed=99)
    _send_all(counter, made)
    return made


def _close(counter: Counter, port: VaultPort) -> SealedBatch:
    run = port.pending_run()
    assert run is not None
    return close_batch(
        run, recipient=counter.town.opening.public,
        signing=syncing.keys_of(counter.place).signing, now=MONDAY,
    )  # fmt: skip


def _receipt(counter: Counter, batch: SealedBatch | StoredBatch) -> JsonObject:
    filed = Filed(batch.digest, batch.header.last, MONDAY)
    return sign_receipt(batch.header, filed, counter.town.receipts)


def _send_all(counter: Counter, port: VaultPort) -> None:
    while (waits := port.open_batch()) or port.pending_run():
        batch = waits or port.save_batch(_close(counter, port))
        port.release(batch.digest, _receipt(counter, batch))


def _answer(
    counter: Counter, port: VaultPort, number: str, *, at: int,
    answer: Granted | Refused = GRANTED, given: datetime = MONDAY,
) -> None:  # fmt: skip
    said = CaseAnswered(
        number=number, revision=0, answered_at=given, answered_by="审核", answer=answer
    )
    keys = syncing.keys_of(counter.place)
    to = Addressee(keys.device, keys.sealing.public, at)
    message = close_feed(said, to, answers=counter.town.answers, now=MONDAY)
    port.apply_feed(message, said)


def test_what_was_written_goes_as_one_run_from_where_it_was(
    counter: Counter, port: VaultPort
) -> None:
    first = len(counter.entries()) + 1
    for seed in (1, 2):
        counter.take(seed=seed)
    run = port.pending_run()
    assert run is not None
    assert (run.first, len(run.entries)) == (first, 2)
    assert port.chain_at(1, first - 1) == run.chain_before
    assert port.chain_at(1, first + 1) == run.chain_after


def test_p01_a_batch_is_written_down_before_it_goes_and_is_the_same_again(
    counter: Counter, port: VaultPort
) -> None:
    counter.take(seed=3)
    batch = _close(counter, port)
    stored = port.save_batch(batch)
    assert (stored.raw, stored.digest) == (batch.raw, batch.digest)
    assert port.open_batch() == stored
    other = dataclasses.replace(batch, digest="0" * 64)
    assert port.save_batch(other) == stored, "another process was first"
    assert port.pending_run() is None
    port.release(batch.digest, _receipt(counter, batch))


def test_p06_a_batch_is_let_go_with_its_receipt_and_its_bytes_are_forgotten(
    counter: Counter, port: VaultPort
) -> None:
    number = counter.take(seed=4)
    batch = _close(counter, port)
    port.save_batch(batch)
    assert not counter.desk.case(number).row.synced
    port.release(batch.digest, _receipt(counter, batch))
    assert port.open_batch() is None
    assert counter.desk.case(number).row.synced
    with counter.place.vault.read() as tx:
        kept = outbox.get(tx, batch.digest)
    assert kept is not None
    assert kept.raw == b""
    assert syncing.status(counter.place).waiting == 0


def test_p03_what_waits_is_counted_and_says_since_when(
    counter: Counter, port: VaultPort
) -> None:
    counter.take(seed=5)
    counter.watch.later(hours=2)
    counter.take(seed=6)
    before = syncing.status(counter.place)
    assert (before.waiting, before.in_flight) == (2, 0)
    assert before.oldest_waiting_at == MONDAY
    port.save_batch(_close(counter, port))
    assert syncing.status(counter.place).in_flight == 2
    assert port.entries_wait()


def test_p03_a_refusal_about_the_desk_is_in_sight(
    counter: Counter, port: VaultPort
) -> None:
    counter.take(seed=7)
    batch = _close(counter, port)
    port.save_batch(batch)
    assert port.refused(batch.digest, Code.BATCH_OVERLAPS)
    (shown,) = syncing.status(counter.place).refused
    assert (shown.digest, shown.code) == (batch.digest, Code.BATCH_OVERLAPS)
    with counter.place.vault.write() as tx:
        tx.run("DELETE FROM outbox WHERE batch_digest = ?", batch.digest)


def test_p04_a_message_is_applied_once_and_in_order(
    counter: Counter, port: VaultPort
) -> None:
    number = counter.take(seed=8)
    at = port.feed_cursor() + 1
    refused(Code.FEED_GAP, _answer, counter, port, number, at=at + 1)
    assert port.feed_cursor() == at - 1
    for _ in range(2):
        _answer(counter, port, number, at=at)
    assert port.feed_cursor() == at
    view = counter.desk.case(number)
    assert view.row.state is CaseState.GRANTED
    assert [each.answer.kind for each in view.answers] == ["granted"]


def test_p08_an_answer_to_a_case_of_before_a_restore_is_kept(
    counter: Counter, port: VaultPort
) -> None:
    lost = counter.take(seed=9)
    with counter.place.vault.write() as tx:
        tx.run("DELETE FROM cases WHERE number = ?", lost)
    _answer(counter, port, lost, at=port.feed_cursor() + 1)
    with counter.place.vault.read() as tx:
        assert len(feed.of_case(tx, lost)) == 1


def test_patience_and_pace_outlive_a_restart(counter: Counter, port: VaultPort) -> None:
    until = MONDAY + timedelta(minutes=4)
    patience = Patience(3, Code.LINE_DOWN, until)
    port.keep_patience(patience)
    pace = Pace(piece=4096, carried=900, since=10, idle=1)
    port.keep_pace(pace, moved=500)
    again = VaultPort(counter.place)
    assert (again.patience(), again.pace()) == (patience, pace)
    shown = syncing.status(counter.place)
    assert (shown.last_problem, shown.next_try_at) == (Code.LINE_DOWN, until)
    port.keep_patience(Patience())
    assert again.patience() == Patience()


def test_the_line_rests_only_while_nothing_waits_and_all_is_fresh(
    counter: Counter, port: VaultPort
) -> None:
    now = counter.place.hands.now()
    for heard, rests in (
        (now, True),
        (now - timedelta(minutes=6), False),
        # A clock that was set back is no reason to rest for weeks (P9).
        (now + timedelta(days=40), False),
        (now, True),
    ):
        port.contacted(heard)
        assert syncing.may_rest(counter.place) == rests
    counter.take(seed=10)
    assert not syncing.may_rest(counter.place)


def test_p08_what_is_to_be_offered_of_a_left_epoch_waits_like_any_entry(
    counter: Counter, port: VaultPort
) -> None:
    """Else scans would go first, and the line rest, while cases are missing there."""
    assert not port.entries_wait()
    counter.take(seed=11)
    counter.put("epoch", "2")
    try:
        run = port.pending_run()
        assert run is not None
        assert run.epoch == 1
        assert port.entries_wait()
        port.contacted(counter.place.hands.now())
        assert not syncing.may_rest(counter.place)
    finally:
        counter.put("epoch", "1")


def test_a_desk_that_no_district_knows_has_no_keys_to_speak_by(
    counter: Counter,
) -> None:
    keys = syncing.keys_of(counter.place)
    assert keys.district_answers == counter.town.answers.public
    with counter.place.vault.write() as tx:
        tx.run("UPDATE settings SET name = 'kept' WHERE name = 'terminal'")
    try:
        refused(Code.NOT_ENROLLED, syncing.keys_of, counter.place)
        assert not syncing.status(counter.place).enrolled
        assert not syncing.may_rest(counter.place)
    finally:
        with counter.place.vault.write() as tx:
            tx.run("UPDATE settings SET name = 'terminal' WHERE name = 'kept'")


@pytest.mark.parametrize("first", ["granted", "refused"])
def test_p08_of_two_contrary_decisions_the_first_stands_in_whatever_order_they_come(
    counter: Counter, port: VaultPort, first: str
) -> None:
    """A district put back decided again, and was reminded of what it had decided."""
    number = counter.take(seed=30 + len(first))
    refusal = Refused(reason="资源保护", remedies="申请复议")
    granted_day, refused_day = (1, 2) if first == "granted" else (2, 1)
    later = {
        "granted": (GRANTED, MONDAY + timedelta(days=granted_day)),
        "refused": (refusal, MONDAY + timedelta(days=refused_day)),
    }
    for kind in sorted(later, key=lambda each: each == first):
        answer, at = later[kind]
        _answer(
            counter, port, number, at=port.feed_cursor() + 1, answer=answer, given=at
        )
    view = counter.desk.case(number)
    assert view.row.state == first
    assert len(view.answers) == 2
