"""The stick as a carrier: the same bytes, believed by the same signatures."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_app.services.sticks import StickVaultPort
from desk_app.services.syncing import keys_of
from schemas.encoding import canonical
from schemas.problems import Code, Problem
from sync.client.folder import Imported, Pen, export_to
from sync.seal.batches import read_batch
from sync.seal.keys import SigningKey
from sync.seal.receipts import Filed, sign_receipt
from sync.seal.refusals import sign_refusal
from sync.stick.layout import ROOT, Kind, name_of
from sync.stick.stick import Stick
from tests.support.rigs import Island, take_case
from tests.support.sticks import back, everything_under, out, reconcile, visit

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def waiting(island: Island) -> Island:
    take_case(island.desk, "HY12-01", seed=21)
    return island


def waits(island: Island) -> int:
    return island.desk.sync_status().waiting


def lay(island: Island, stick: Path, kind: Kind, content: bytes) -> str:
    """Put a file where the district's words lie; returns its name."""
    device = keys_of(island.desk.place).device
    return str(Stick(stick).put(device, "in", kind, content))


def troubles(done: Imported) -> dict[str, Code]:
    return {each.file: each.code for each in done.troubles}


def test_p04_an_export_again_leaves_the_same_bytes_and_one_letter(
    waiting: Island, stick: Path
) -> None:
    first = out(waiting.desk, stick)
    before = everything_under(stick)
    second = out(waiting.desk, stick)
    after = everything_under(stick)
    assert (second.batches, second.size) == (first.batches, first.size)
    kept = {name for name in before if not name.endswith(".contact")}
    assert {name: before[name] for name in kept}.items() <= after.items()
    assert sum(name.endswith(".contact") for name in after) == 1
    assert waits(waiting) >= 1, "nothing is let go by being on a stick"


def test_p06_what_the_district_signed_lets_go_and_leaves_the_stick(
    waiting: Island, stick: Path
) -> None:
    out(waiting.desk, stick)
    visit(waiting.district, stick)
    reconcile(waiting.district)
    done = back(waiting.desk, stick)
    assert done.released >= 1
    assert (done.troubles, done.cleaned, waits(waiting)) == ((), True, 0)
    left = [name.rpartition(".")[2] for name in everything_under(stick)]
    assert left == ["contact"]
    with pytest.raises(Problem) as again:
        back(waiting.desk, stick)
    assert again.value.code is Code.STICK_NOT_ANSWERED


def test_p06_a_receipt_or_refusal_by_another_key_moves_nothing(
    waiting: Island, stick: Path
) -> None:
    out(waiting.desk, stick)
    stranger = SigningKey(bytes(32))
    (batch, *_) = [
        read_batch(raw)
        for name, raw in everything_under(stick).items()
        if name.endswith(".batch")
    ]
    receipt = sign_receipt(batch.header, Filed(batch.digest, 1, NOON), stranger)
    refusal = sign_refusal(
        keys_of(waiting.desk.place).device, batch.digest, Code.CHAIN_FORKED,
        key=stranger, now=NOON,
    )  # fmt: skip
    names = [
        lay(waiting, stick, Kind.RECEIPT, canonical(receipt)),
        lay(waiting, stick, Kind.REFUSAL, canonical(refusal)),
    ]
    before = waits(waiting)
    done = back(waiting.desk, stick)
    assert (done.released, done.refused) == (0, 0)
    assert troubles(done) == dict.fromkeys(names, Code.SIGNATURE_INVALID)
    assert waits(waiting) == before
    lying = {name.rpartition("/")[2] for name in everything_under(stick)}
    assert set(names) <= lying, "what was not used is left for people to look at"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.RECEIPT, b"not json"),
        (Kind.REFUSAL, b"{}"),
        (Kind.WELCOME, b'{"welcome": {}}'),
        (Kind.FEED, b"[]"),
        (Kind.BATCH, b"a batch has nothing to say to a desk"),
    ],
)
def test_a_file_that_is_off_is_named_and_the_others_are_used(
    waiting: Island, stick: Path, kind: Kind, content: bytes
) -> None:
    out(waiting.desk, stick)
    visit(waiting.district, stick)
    bad = lay(waiting, stick, kind, content)
    done = back(waiting.desk, stick)
    assert set(troubles(done)) == {bad}
    assert done.released >= 1
    assert waits(waiting) == 0


def test_a_stick_of_other_desks_is_not_for_this_one(
    waiting: Island, stick: Path
) -> None:
    Stick(stick).put("e" * 32, "in", Kind.RECEIPT, b"{}")
    with pytest.raises(Problem) as refused:
        back(waiting.desk, stick)
    assert refused.value.code is Code.STICK_NOT_FOR_THIS_DESK


def test_p05_who_stops_an_export_has_whole_files_and_goes_on_later(
    waiting: Island, stick: Path
) -> None:
    hands = waiting.desk.place.hands
    pen = Pen(hands.now, lambda: hands.random_bytes(12).hex())
    with pytest.raises(Problem) as stopped:
        export_to(
            StickVaultPort(waiting.desk.place), Stick(stick),
            keys_of(waiting.desk.place), pen=pen, progress=lambda _: False,
        )  # fmt: skip
    assert stopped.value.code is Code.STOPPED
    for path in (stick / ROOT).rglob("*.batch"):
        assert str(name_of(path.read_bytes(), Kind.BATCH)) == path.name
    assert out(waiting.desk, stick).batches >= 1
