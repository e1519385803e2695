"""Every single byte of every file on a stick, changed: refused by its number."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from desk_app.services.sticks import StickVaultPort
from desk_app.services.syncing import keys_of
from schemas.case import Granted
from schemas.encoding import canonical
from schemas.problems import Code, Problem
from sync.district.boot.intake import intake_parts
from sync.district.intake.sticks import take_stick
from sync.district.reconcile.answering import answer_case
from sync.seal import suite1
from sync.seal.receipts import Filed, sign_receipt
from sync.seal.refusals import sign_refusal
from sync.stick.layout import Kind, read_name
from sync.stick.stick import Stick
from tests.support.rigs import Island, an_island, take_case
from tests.support.sticks import back, everything_under, out, reconcile, visit

# What a changed file may be called, once whoever changed it gave it the right name.
REFUSED: Final = {
    Code.SIGNATURE_INVALID,
    Code.MESSAGE_MALFORMED,
    Code.DEVICE_UNKNOWN,
    Code.SUITE_UNKNOWN,
    Code.ANSWER_NOT_OURS,
    Code.KEY_MISSING,
    Code.SEAL_BROKEN,
    Code.FEED_GAP,
}


@pytest.fixture(scope="module")
def travelled(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Island, Path]]:
    """A stick with every kind of file, none of them taken back yet."""
    folder = tmp_path_factory.mktemp("damage")
    stick = folder / "stick"
    stick.mkdir()
    with an_island(folder) as island:
        desk, district = island.desk, island.district
        number = take_case(desk, "HY12-01", seed=1)
        out(desk, stick)
        visit(district, stick)
        reconcile(district)
        answer_case(
            district.record, number, Granted(licence_number="(示)证第0001号"),
            by="区审核", now=datetime.now(UTC),
        )  # fmt: skip
        reconcile(district)
        visit(district, stick)
        yield island, stick


def test_p06_every_flipped_byte_is_seen_by_the_name_alone(
    travelled: tuple[Island, Path],
) -> None:
    """427 for each byte of each file: before anything looks inside."""
    _, folder = travelled
    stick = Stick(folder)
    seen = set()
    for text, content in everything_under(folder).items():
        _, device, side, file = Path(text).parts
        name = read_name(file)
        assert name is not None
        seen.add(name.kind)
        for place in range(len(content)):
            damaged = bytearray(content)
            damaged[place] ^= 0xFF
            (folder / text).write_bytes(damaged)
            with pytest.raises(Problem) as refused:
                stick.read(device, "out" if side == "out" else "in", name)
            assert refused.value.code is Code.STICK_FILE_DAMAGED
        for length in range(0, len(content), 97):
            (folder / text).write_bytes(content[:length])
            with pytest.raises(Problem) as cut:
                stick.read(device, "out" if side == "out" else "in", name)
            assert cut.value.code is Code.STICK_FILE_DAMAGED
        (folder / text).write_bytes(content)
    assert seen == {Kind.BATCH, Kind.CONTACT, Kind.RECEIPT, Kind.WELCOME, Kind.FEED}


def _alone(folder: Path, text: str, content: bytes) -> None:
    """Return a stick with this one file, under the name that its content must have."""
    root, device, side, file = Path(text).parts
    place = folder / root / device / side
    place.mkdir(parents=True, exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    kind = Path(file).suffix
    (place / f"{suite1.digest(content)}{kind}").write_bytes(content)


def _flips(content: bytes) -> Iterator[bytes]:
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 0x01
        yield bytes(damaged)


@pytest.mark.parametrize("kind", [Kind.BATCH, Kind.CONTACT])
def test_p06_a_changed_file_from_the_desk_has_no_effect(
    travelled: tuple[Island, Path], tmp_path: Path, kind: Kind
) -> None:
    """Named anew by whoever changed it: its signature refuses it, nobody is told."""
    island, folder = travelled
    (text,) = [t for t in everything_under(folder) if t.endswith(f".{kind}")]
    _, parts = intake_parts(island.district.places.home)
    before = parts.ledger.contacts.log_position()
    for damaged in _flips((folder / text).read_bytes()):
        _alone(tmp_path, text, damaged)
        (taken,) = take_stick(parts, Stick(tmp_path))
        (trouble,) = taken.troubles
        assert trouble.code in REFUSED
        assert (taken.receipts, taken.greeted) == (0, False)
    assert parts.ledger.contacts.log_position() == before
    parts.ledger.close()
    assert not list(tmp_path.glob("*/*/in/*"))


@pytest.mark.parametrize("kind", [Kind.RECEIPT, Kind.WELCOME, Kind.FEED])
def test_p06_a_changed_file_from_the_district_has_no_effect(
    travelled: tuple[Island, Path], tmp_path: Path, kind: Kind
) -> None:
    """No receipt but the signed one releases; no answer but the signed one is shown."""
    island, folder = travelled
    desk = island.desk
    (text,) = [t for t in everything_under(folder) if t.endswith(f".{kind}")]
    waiting = desk.sync_status().waiting
    assert waiting == 1
    for damaged in _flips((folder / text).read_bytes()):
        _alone(tmp_path, text, damaged)
        brought = back(desk, tmp_path)
        (trouble,) = brought.troubles
        assert trouble.code in REFUSED
        assert (brought.released, brought.refused, brought.answers) == (0, 0, 0)
        assert brought.verdict is None
    assert desk.sync_status().waiting == waiting


def test_p06_words_of_another_key_release_and_refuse_nothing(
    travelled: tuple[Island, Path], tmp_path: Path
) -> None:
    """A well-made receipt and a refusal, signed by the desk itself: no effect."""
    island, _ = travelled
    desk = island.desk
    keys = keys_of(desk.place)
    (batch,) = StickVaultPort(desk.place).waiting_batches()
    now = datetime.now(UTC)
    filed = Filed(batch.digest, 1, now)
    forged = {
        Kind.RECEIPT: sign_receipt(batch.header, filed, keys.signing),
        Kind.REFUSAL: sign_refusal(
            keys.device, batch.digest, Code.BATCH_OVERLAPS, key=keys.signing, now=now
        ),
    }
    for kind, document in forged.items():
        text = f"island-desk/{keys.device}/in/x.{kind}"
        _alone(tmp_path, text, canonical(document))
        brought = back(desk, tmp_path)
        assert [t.code for t in brought.troubles] == [Code.SIGNATURE_INVALID]
        assert (brought.released, brought.refused) == (0, 0)
    assert desk.sync_status().waiting == 1


def test_p03_a_signed_refusal_sets_aside_visibly(
    travelled: tuple[Island, Path], tmp_path: Path
) -> None:
    """By stick as by line: refused batches are on the sync screen, with the reason."""
    island, _ = travelled
    desk = island.desk
    keys = keys_of(desk.place)
    _, parts = intake_parts(island.district.places.home)
    (batch,) = StickVaultPort(desk.place).waiting_batches()
    refusals = {
        code: sign_refusal(
            keys.device, batch.digest, code, key=parts.receipts, now=datetime.now(UTC)
        )
        for code in (Code.DEVICE_REVOKED, Code.BATCH_OVERLAPS)
    }
    parts.ledger.close()
    text = f"island-desk/{keys.device}/in/x.refusal"
    _alone(tmp_path, text, canonical(refusals[Code.DEVICE_REVOKED]))
    revoked = back(desk, tmp_path)
    assert [t.code for t in revoked.troubles] == [Code.DEVICE_REVOKED]
    assert desk.sync_status().refused == ()

    _alone(tmp_path, text, canonical(refusals[Code.BATCH_OVERLAPS]))
    assert back(desk, tmp_path).refused == 1
    (refused,) = desk.sync_status().refused
    assert refused.code is Code.BATCH_OVERLAPS
