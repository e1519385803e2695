"""Scans by stick: sealed pieces out, receipts back, proved whole at the district."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from desk_app.services import attaching
from sync.stick.layout import Kind
from tests.support.rigs import Island, an_island, take_case
from tests.support.sticks import back, everything_under, out, reconcile, visit


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def _a_scan(seed: int) -> bytes:
    noise = random.Random(seed).randbytes(700 * 900 * 3)
    kept = io.BytesIO()
    Image.frombytes("RGB", (700, 900), noise).save(kept, "JPEG", quality=80)
    return kept.getvalue()


def _kinds(stick: Path) -> list[str]:
    return sorted(Path(name).suffix[1:] for name in everything_under(stick))


def test_p04_scans_come_whole_by_stick_and_leave_it_when_proved(
    island: Island, tmp_path: Path
) -> None:
    """First visit: the list goes, the naming key comes. Second: the pieces."""
    desk, district = island.desk, island.district
    stick = tmp_path / "stick"
    stick.mkdir()
    number = take_case(desk, "HY01-02", seed=1)
    for seed in range(2):
        attaching.attach(
            desk.place, number, "id_card", name=f"{seed}.jpg", raw=_a_scan(seed)
        )

    def there_and_back() -> int:
        pieces = out(desk, stick).pieces
        visit(district, stick)
        assert reconcile(district).waiting == ()
        (taken,) = visit(district, stick)
        assert taken.troubles == ()
        assert back(desk, stick).troubles == ()
        return pieces

    assert there_and_back() == 0
    pieces = there_and_back()
    assert pieces >= 2
    view = desk.case(number)
    assert (view.scans, view.scans_at_district) == (2, 2)
    assert _kinds(stick) == [Kind.CONTACT]
    assert there_and_back() == 0


def test_p06_a_piece_that_was_damaged_is_exported_again(
    island: Island, tmp_path: Path
) -> None:
    desk, district = island.desk, island.district
    stick = tmp_path / "stick"
    stick.mkdir()
    number = take_case(desk, "HY01-02", seed=1)
    attaching.attach(desk.place, number, "id_card", name="a.jpg", raw=_a_scan(7))
    out(desk, stick)
    visit(district, stick)
    reconcile(district)
    visit(district, stick)
    back(desk, stick)
    out(desk, stick)
    pieces = [n for n in everything_under(stick) if n.endswith(".chunk")]
    assert pieces
    damaged = stick / pieces[0]
    damaged.write_bytes(damaged.read_bytes()[:-1])

    (taken,) = visit(district, stick)
    assert len(taken.troubles) == 1
    assert desk.case(number).scans_at_district == 0
    out(desk, stick)
    visit(district, stick)
    back(desk, stick)
    assert desk.case(number).scans_at_district == 1
