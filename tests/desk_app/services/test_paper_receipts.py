"""Receipts from paper: each line lets go of its own batch, by its own signature."""

from collections.abc import Iterator

import pytest

from desk_app.services import paper_receipts
from desk_app.services.sticks import StickVaultPort
from desk_app.services.syncing import keys_of
from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.protocol.sheets import sheet_bytes, split
from sync.seal.batches import close_batch
from sync.seal.keys import SigningKey
from sync.seal.receipts import Filed, sign_receipt
from sync.seal.sheets import sheet_of
from tests.support.counter import MONDAY, Counter, refused


@pytest.fixture
def port(counter: Counter) -> Iterator[StickVaultPort]:
    """Two batches that wait, as if their stick had not come back."""
    made = StickVaultPort(counter.place)
    for seed in (1, 2):
        counter.take(seed=seed)
        run = made.pending_run()
        assert run is not None
        made.add_batch(close_batch(
            run, recipient=counter.town.opening.public,
            signing=keys_of(counter.place).signing, now=MONDAY,
        ))  # fmt: skip
    yield made
    with counter.place.vault.write() as tx:
        tx.run("UPDATE outbox SET state = 'receipted', receipt = '{}', raw = NULL"
               " WHERE state = 'waiting'")  # fmt: skip


def _receipts(
    counter: Counter, port: StickVaultPort, key: SigningKey | None = None
) -> list[Receipt]:
    return [
        Receipt.model_validate(sign_receipt(
            each.header, Filed(each.digest, n, MONDAY), key or counter.town.receipts
        ))
        for n, each in enumerate(port.waiting_batches(), start=1)
    ]  # fmt: skip


def _sheet(
    counter: Counter, receipts: list[Receipt], *, device: str = "", total: int = 0
) -> tuple[str, ...]:
    mine = device or keys_of(counter.place).device
    key_id = counter.town.receipts.key_id
    total = total or len(receipts)
    return split(sheet_bytes(sheet_of(mine, key_id, tuple(receipts), total=total)))


def test_p06_a_sheet_lets_go_of_what_it_names_in_any_order(
    counter: Counter, port: StickVaultPort
) -> None:
    receipts = _receipts(counter, port)
    texts = _sheet(counter, receipts, total=5)
    done = paper_receipts.take_sheet(counter.place, [*reversed(texts), texts[0]])
    assert (done.released, done.known, done.further) == (2, 0, 3)
    assert port.waiting_batches() == ()
    again = paper_receipts.take_sheet(counter.place, texts)
    assert (again.released, again.known) == (0, 2)
    assert counter.trail()[0] == "paper_receipts"


def test_p06_a_line_lets_go_of_its_own_batch_alone(
    counter: Counter, port: StickVaultPort
) -> None:
    first, second = port.waiting_batches()
    done = paper_receipts.take_sheet(
        counter.place, _sheet(counter, _receipts(counter, port)[1:])
    )
    assert done.released == 1
    assert port.is_released(second.digest)
    assert not port.is_released(first.digest)


def test_p06_a_forged_line_is_refused_and_the_others_have_their_effect(
    counter: Counter, port: StickVaultPort
) -> None:
    """A sheet can be typed by anybody."""
    good = _receipts(counter, port)[0]
    forged = _receipts(counter, port, SigningKey(b"\x71" * 32))[1]
    texts = _sheet(counter, [forged, good])
    refused(Code.SIGNATURE_INVALID, paper_receipts.take_sheet, counter.place, texts)
    (left,) = port.waiting_batches()
    assert left.digest == forged.batch_digest


def test_a_sheet_for_another_desk_or_by_another_key_does_nothing(
    counter: Counter, port: StickVaultPort
) -> None:
    receipts = _receipts(counter, port)
    other = _sheet(counter, receipts, device="e" * 32)
    refused(
        Code.PAPER_NOT_FOR_THIS_DESK, paper_receipts.take_sheet, counter.place, other
    )
    mine = keys_of(counter.place).device
    strange = split(sheet_bytes(sheet_of(mine, "9" * 32, tuple(receipts), total=2)))
    refused(Code.SIGNATURE_INVALID, paper_receipts.take_sheet, counter.place, strange)
    assert len(port.waiting_batches()) == 2


@pytest.mark.parametrize("texts", [[], ["nonsense"], ["IDP1/0/1/1/AAAA"]])
def test_what_is_no_sheet_is_refused_by_number(
    counter: Counter, texts: list[str]
) -> None:
    before = counter.trail()
    with pytest.raises(Problem):
        paper_receipts.take_sheet(counter.place, texts)
    assert counter.trail() == before
