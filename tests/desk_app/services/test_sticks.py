"""Sending by stick: everything that waits lies there; its receipts prove it."""

import json
from pathlib import Path

import pytest

from desk_app.services import sticks
from desk_app.services.sticks import StickVaultPort
from desk_app.services.syncing import keys_of
from schemas.encoding import canonical
from schemas.problems import Code
from sync.client.folder import Imported
from sync.seal.batches import SealedBatch, close_batch, read_batch
from sync.seal.receipts import Filed, sign_receipt
from sync.stick.layout import Kind
from sync.stick.stick import Stick, Trouble
from tests.support.counter import MONDAY, Counter, refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "usb"
    made.mkdir()
    return made


def _receipts(counter: Counter, folder: Path) -> int:
    """Answer every batch on the stick as its district would; returns how many."""
    stick, device = Stick(folder), keys_of(counter.place).device
    names, _ = stick.listed(device, "out")
    batches = [each for each in names if each.kind is Kind.BATCH]
    for position, name in enumerate(batches, start=1):
        batch = read_batch(stick.read(device, "out", name))
        filed = Filed(batch.digest, position, MONDAY)
        receipt = sign_receipt(batch.header, filed, counter.town.receipts)
        stick.put(device, "in", Kind.RECEIPT, canonical(receipt))
    return len(batches)


def _batch(counter: Counter, port: StickVaultPort) -> SealedBatch:
    run = port.pending_run()
    assert run is not None
    return close_batch(
        run, recipient=counter.town.opening.public,
        signing=keys_of(counter.place).signing, now=MONDAY,
    )  # fmt: skip


def test_what_waits_lies_on_the_stick_and_waits_on(
    counter: Counter, folder: Path
) -> None:
    for seed in (1, 2):
        counter.take(seed=seed)
    done = sticks.export(counter.place, folder)
    assert done.batches >= 1
    assert counter.desk.sync_status().waiting >= 2
    names, _ = Stick(folder).listed(keys_of(counter.place).device, "out")
    assert {each.kind for each in names} == {Kind.BATCH, Kind.CONTACT}
    assert sticks.last_folder(counter.place) == str(folder)
    assert counter.trail()[0] == "stick_exported"


def test_p06_only_a_receipt_lets_go_and_it_counts_once(
    counter: Counter, folder: Path
) -> None:
    counter.take(seed=3)
    sticks.export(counter.place, folder)
    count = _receipts(counter, folder)
    done = sticks.take_back(counter.place, folder)
    assert (done.released, done.troubles) == (count, ())
    assert counter.desk.sync_status().waiting == 0
    refused(Code.STICK_NOT_ANSWERED, sticks.take_back, counter.place, folder)


def test_p06_a_receipt_that_another_signed_lets_go_of_nothing(
    counter: Counter, folder: Path
) -> None:
    counter.take(seed=4)
    sticks.export(counter.place, folder)
    _receipts(counter, folder)
    stick, device = Stick(folder), keys_of(counter.place).device
    (name,) = stick.listed(device, "in")[0]
    forged = json.loads(stick.read(device, "in", name))
    stick.drop(device, "in", (name,))
    stick.put(device, "in", Kind.RECEIPT, canonical({**forged, "log_position": 9}))
    done = sticks.take_back(counter.place, folder)
    assert done.released == 0
    assert [each.code for each in done.troubles] == [Code.SIGNATURE_INVALID]
    assert counter.desk.sync_status().waiting > 0


def test_p04_a_range_is_sealed_once_whichever_process_was_first(
    counter: Counter,
) -> None:
    counter.take(seed=5)
    port = StickVaultPort(counter.place)
    while port.waiting_batches():
        first = port.waiting_batches()[0]
        filed = Filed(first.digest, 1, MONDAY)
        port.release(
            first.digest, sign_receipt(first.header, filed, counter.town.receipts)
        )
    counter.take(seed=6)
    one = _batch(counter, port)
    port.add_batch(one)
    port.add_batch(one)
    (kept,) = port.waiting_batches()
    assert (kept.digest, port.is_released(kept.digest)) == (one.digest, False)


def test_the_greeting_on_the_stick_is_remembered_by_its_counter(
    counter: Counter, folder: Path
) -> None:
    sticks.export(counter.place, folder)
    port = StickVaultPort(counter.place)
    first = port.letter()
    sticks.export(counter.place, folder)
    second = port.letter()
    assert first is not None
    assert second is not None
    assert second[0] > first[0]
    names, _ = Stick(folder).listed(keys_of(counter.place).device, "out")
    assert [each.kind for each in names].count(Kind.CONTACT) == 1


def test_what_is_no_stick_is_refused_and_nothing_is_noted(
    counter: Counter, folder: Path
) -> None:
    before = counter.trail()
    refused(Code.STICK_NOT_FOUND, sticks.export, counter.place, folder / "none")
    refused(Code.STICK_FOREIGN, sticks.take_back, counter.place, folder)
    assert counter.trail() == before


def test_what_a_stick_brought_is_said_in_words() -> None:
    done = Imported(
        released=2, answers=3, cleaned=False,
        troubles=(Trouble("x.receipt", Code.SIGNATURE_INVALID),),
    )  # fmt: skip
    first, second, third = sticks.imported_lines(done)
    assert "2" in first
    assert "3" in first
    assert second
    assert f"{int(Code.SIGNATURE_INVALID)}" in third
    assert "x.receipt" in third
    assert len(sticks.imported_lines(Imported())) == 1
