"""Receipts as QR codes on paper, read back from the printed page."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from desk_app.services.paper_receipts import take_sheet
from desk_app.services.sticks import StickVaultPort
from schemas.problems import Code, Problem
from sync.district.config.words import words
from sync.district.console.paper import receipts_sheet, sheet_pdf
from sync.protocol.sheets import join, read_sheet, sheet_bytes, split
from tests.support.rigs import Island, a_desk, an_island, enrol, take_case
from tests.support.sticks import everything_under, out, visit


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def _printed(island: Island, device: str) -> bytes:
    sealed = island.district.sealed
    desk = sealed.device(device)
    assert desk is not None
    return sheet_pdf(receipts_sheet(sealed, device), desk, words("district"))


def _scanned(pdf: bytes) -> list[str]:
    """Read every code of every page, as a scanner would."""
    document = pypdfium2.PdfDocument(pdf)
    texts = []
    for page in document:
        picture = page.render(scale=2).to_pil()
        texts += [code.text for code in zxingcpp.read_barcodes(picture)]
    return texts


def test_p06_paper_releases_exactly_what_it_names(
    island: Island, tmp_path: Path
) -> None:
    """The stick went and never came back; the sheet brings the very same receipts."""
    desk = island.desk
    stick = tmp_path / "stick"
    stick.mkdir()
    for seed in range(4):
        take_case(desk, "HY12-01", seed=seed)
        out(desk, stick)
    (taken,) = visit(island.district, stick)
    take_case(desk, "HY12-01", seed=9)
    out(desk, tmp_path)
    on_stick = {
        content.decode()
        for name, content in everything_under(stick).items()
        if name.endswith(".receipt")
    }
    sheet = receipts_sheet(island.district.sealed, taken.device)
    assert (sheet.first, sheet.last, sheet.batches) == (1, 4, taken.receipts)
    pdf = _printed(island, taken.device)
    texts = _scanned(pdf)
    assert len(texts) == len(split(sheet_bytes(read_sheet(join(texts)))))

    with pytest.raises(Problem) as partly:
        take_sheet(desk.place, texts[1:])
    assert partly.value.code is Code.PAPER_PARTS_MISSING
    assert desk.sync_status().waiting == 5
    done = take_sheet(desk.place, reversed(texts))

    assert (done.released, done.known, done.further) == (taken.receipts, 0, 0)
    # The fifth case came to the district by nothing.
    assert desk.sync_status().waiting == 1
    with desk.place.vault.read() as tx:
        rows = tx.rows("SELECT receipt FROM outbox WHERE state = 'receipted'")
    assert {str(row[0]) for row in rows} == on_stick
    again = take_sheet(desk.place, texts)
    assert (again.released, again.known) == (0, taken.receipts)


def test_p06_a_forged_line_releases_nothing(island: Island, tmp_path: Path) -> None:
    """A sheet can be typed by anybody: each signature decides on its own batch."""
    desk = island.desk
    stick = tmp_path / "stick"
    stick.mkdir()
    for seed in range(2):
        take_case(desk, "HY12-01", seed=seed)
        out(desk, stick)
    (taken,) = visit(island.district, stick)
    sheet = read_sheet(join(receipts_sheet(island.district.sealed, taken.device).texts))
    first, second = sheet.lines
    forged = [
        first.model_copy(update={"log_position": 99}),
        first.model_copy(update={"signature": second.signature}),
        first.model_copy(update={"batch": second.batch}),
    ]
    for line in forged:
        typed = sheet.model_copy(update={"lines": (line,)})
        with pytest.raises(Problem) as refused:
            take_sheet(desk.place, split(sheet_bytes(typed)))
        assert refused.value.code is Code.SIGNATURE_INVALID
    assert desk.sync_status().waiting == 2
    mixed = sheet.model_copy(update={"lines": (forged[0], second)})
    with pytest.raises(Problem):
        take_sheet(desk.place, split(sheet_bytes(mixed)))
    (left,) = StickVaultPort(desk.place).waiting_batches()
    assert left.digest.startswith(first.batch.hex())
    other_key = sheet.model_copy(update={"receipt_key": bytes(8)})
    with pytest.raises(Problem) as unknown:
        take_sheet(desk.place, split(sheet_bytes(other_key)))
    assert unknown.value.code is Code.SIGNATURE_INVALID


def test_a_sheet_is_for_one_desk_and_only_where_there_is_something(
    island: Island, tmp_path: Path
) -> None:
    desk, sealed = island.desk, island.district.sealed
    (device,) = sealed.devices()
    with pytest.raises(Problem) as nothing:
        receipts_sheet(sealed, device.device)
    assert nothing.value.code is Code.NOTHING_RECEIPTED
    with pytest.raises(Problem) as nobody:
        receipts_sheet(sealed, "0" * 32)
    assert nobody.value.code is Code.DEVICE_NOT_FOUND
    stick = tmp_path / "stick"
    stick.mkdir()
    take_case(desk, "HY12-01", seed=1)
    out(desk, stick)
    visit(island.district, stick)
    texts = receipts_sheet(sealed, device.device).texts
    second = a_desk(tmp_path / "second")
    try:
        enrol(second, island.district, island.url, terminal="02")
        with pytest.raises(Problem) as other:
            take_sheet(second.place, texts)
        assert other.value.code is Code.PAPER_NOT_FOR_THIS_DESK
    finally:
        second.lock()
