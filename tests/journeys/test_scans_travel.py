"""Scans: sealed, sent after the cases, kept once, proved whole, shown to staff."""

import asyncio
import hashlib
import random
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import update

from desk_app.services import attaching
from desk_app.store import scans as store
from desk_app.store import settings
from schemas.problems import Code, Problem
from schemas.scans import PIECE
from sync.client.engine import StepReport
from sync.district.ledger.tables import chunks
from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.scanning import open_scan, standing_of
from sync.seal.chunks import close_chunk
from tests.support.rigs import (
    Island,
    a_desk,
    a_district,
    an_island,
    enrol,
    take_case,
)


def a_photograph(seed: int, *, side: int = 500) -> bytes:
    """A JPEG that compresses as badly as a photograph does."""
    dots = random.Random(seed).randbytes(side * side * 3)
    out = BytesIO()
    Image.frombytes("RGB", (side, side), dots).save(out, "JPEG", quality=80)
    return out.getvalue()


def sync(island: Island) -> StepReport:
    report = asyncio.run(island.desk.sync(impatient=True))
    assert report.problem is None
    return report


def reconcile(island: Island) -> None:
    place = island.district
    report = reconcile_once(
        place.sealed, place.record, place.keys, now=datetime.now(UTC)
    )
    assert report.waiting == ()


def settle(island: Island) -> None:
    """Send the list, get the naming key, send the pieces, prove them."""
    for _ in range(2):
        sync(island)
        reconcile(island)


def a_case_with_scans(island: Island, *scans: bytes, seed: int = 1) -> str:
    place = island.desk.place
    number = take_case(island.desk, "HY01-02", seed=seed)
    for at, raw in enumerate(scans):
        attaching.attach(place, number, "id_card", name=f"{at}.jpg", raw=raw)
    return number


def there(island: Island, number: str) -> list[tuple[int, int, bool]]:
    district = island.district
    return [
        (each.pieces, each.of, each.held)
        for each in standing_of(district.sealed, district.record, number)
    ]


def at_desk(island: Island, number: str) -> store.CaseScans:
    with island.desk.place.vault.read() as tx:
        return store.of_case(tx, number)


def test_a_case_is_complete_once_all_its_scans_are_there(tmp_path: Path) -> None:
    small, large = a_photograph(1, side=200), a_photograph(2, side=1500)
    assert len(large) > PIECE
    with an_island(tmp_path) as island:
        number = a_case_with_scans(island, small, large)
        assert at_desk(island, number) == store.CaseScans(2, 0, 0)

        assert sync(island).pieces == 0  # the district has not named them yet
        reconcile(island)
        assert there(island, number) == [(0, 1, False), (0, 2, False)]

        assert sync(island).pieces == 3
        assert at_desk(island, number) == store.CaseScans(2, 2, 0)
        assert there(island, number) == [(1, 1, False), (2, 2, False)]

        reconcile(island)
        assert there(island, number) == [(1, 1, True), (2, 2, True)]
        for raw in (small, large):
            digest = hashlib.sha256(raw).hexdigest()
            assert open_scan(
                island.district.sealed, island.district.record, island.district.keys,
                number=number, digest=digest,
            ) == ("image/jpeg", raw)  # fmt: skip


def test_p02_intake_keeps_nothing_readable_and_no_name_that_can_be_tested(
    tmp_path: Path,
) -> None:
    raw = a_photograph(1, side=200)
    with an_island(tmp_path) as island:
        a_case_with_scans(island, raw)
        settle(island)
        digest = hashlib.sha256(raw).hexdigest()
        kept = [p for p in (tmp_path / "district" / "intake").rglob("*") if p.is_file()]
        for path in kept:
            content = path.read_bytes()
            assert raw[100:200] not in content
            assert digest.encode() not in content
            assert bytes.fromhex(digest) not in content


def test_p04_a_scan_is_kept_once_whoever_brings_it(tmp_path: Path) -> None:
    raw = a_photograph(1, side=300)
    with a_district(tmp_path / "district") as (district, url):
        numbers, sent = [], []
        for terminal in ("01", "02"):
            desk = a_desk(tmp_path / f"desk-{terminal}")
            enrol(desk, district, url, terminal=terminal)
            island = Island(desk, district, url)
            numbers += [a_case_with_scans(island, raw, seed=s) for s in (1, 2)]
            settle(island)
            sent.append(at_desk(island, numbers[-1]))
            desk.lock()
        assert sent == [store.CaseScans(1, 1, 0)] * 2
        objects = [
            p for p in (tmp_path / "district/intake/scans").rglob("*") if p.is_file()
        ]
        assert len(objects) == 1
        for number in numbers:
            assert [
                s.held for s in standing_of(district.sealed, district.record, number)
            ] == [True]


def test_p06_a_status_or_a_receipt_for_another_piece_releases_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_island(tmp_path) as island:
        number = a_case_with_scans(
            island, a_photograph(1, side=200), a_photograph(2, side=200)
        )
        sync(island)
        reconcile(island)
        genuine: list[str] = []

        sync(island)
        with island.district.sealed._engine.connect() as connection:
            genuine += [r.receipt for r in connection.execute(chunks.select())]
        with island.desk.place.vault.write() as tx:
            store.again(tx)
        forged = genuine[0].replace('"received_at": "2', '"received_at": "1')
        genuine[:] = [forged]
        ledger = type(island.district.sealed.chunks)
        monkeypatch.setattr(ledger, "receipts", lambda *_: tuple(genuine))
        report = asyncio.run(island.desk.sync(impatient=True))
        assert report.problem is Code.ANSWER_NOT_OURS
        assert at_desk(island, number).at_district == 0


def test_pieces_that_are_not_the_scan_are_dropped_and_asked_for_again(
    tmp_path: Path,
) -> None:
    """A desk that lies under a name harms only itself: the true scan is asked for."""
    raw = a_photograph(1, side=300)
    with an_island(tmp_path) as island:
        number = a_case_with_scans(island, raw)
        sync(island)
        reconcile(island)
        desk = island.desk
        with desk.place.vault.read() as tx:
            key = settings.get(tx, "naming_key")
        assert key is None  # it comes with the next contact
        original = close_chunk
        lies = 0

        def lying(plain: bytes, chunk: str, **more: object) -> object:
            nonlocal lies
            lies += 1
            return original(bytes(len(plain)), chunk, **more)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("sync.client.scans.close_chunk", lying)
            sync(island)
        assert lies == 1
        assert at_desk(island, number).at_district == 1
        reconcile(island)
        assert there(island, number) == [(0, 1, False)]

        sync(island)  # hears that it is wanted, and sends it again in the same step
        reconcile(island)
        assert there(island, number) == [(1, 1, True)]


def test_a_restored_district_is_asked_what_it_has(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        number = a_case_with_scans(island, a_photograph(1, side=200))
        settle(island)
        sealed = island.district.sealed
        names = list(sealed.chunks.held(_names(island)))
        sealed.chunks.drop(names)
        assert there(island, number) == [(0, 1, False)]
        with island.desk.place.vault.write() as tx:
            settings.put(tx, "district_incarnation", "0" * 32)
        settle(island)
        assert there(island, number) == [(1, 1, True)]


def _names(island: Island) -> list[str]:
    with island.desk.place.vault.read() as tx:
        return [str(row[0]) for row in tx.rows("SELECT chunk FROM scan_pieces")]


def test_a_later_list_replaces_an_earlier_one(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        place = island.desk.place
        number = a_case_with_scans(island, a_photograph(1, side=200))
        settle(island)
        page = attaching.pages_of(place, number)[0]
        attaching.turn(place, number, page)
        attaching.attach(
            place, number, "id_card", name="2", raw=a_photograph(2, side=200)
        )
        settle(island)
        filed = island.district.record.scans.of_case(number)
        assert [(each.position, each.turned) for each in filed] == [(1, 90), (2, 0)]
        assert there(island, number) == [(1, 1, True)] * 2


def test_the_oldest_legal_deadline_goes_first(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        place = island.desk.place
        raws = {seed: a_photograph(seed, side=150) for seed in (1, 2, 3)}
        numbers = {s: a_case_with_scans(island, raw, seed=s) for s, raw in raws.items()}
        with place.vault.write() as tx:
            for seed, due in ((1, "2027-03-01"), (2, "2026-12-01"), (3, "2027-01-01")):
                tx.run(
                    "UPDATE cases SET due_day = ? WHERE number = ?", due, numbers[seed]
                )
        with place.vault.read() as tx:
            order = [each.digest for each in store.waiting(tx, limit=10)]
        digests = {hashlib.sha256(raw).hexdigest(): seed for seed, raw in raws.items()}
        assert [digests[each] for each in order] == [2, 3, 1]


def test_p03_a_scan_that_is_refused_twice_stays_visible_and_holds_up_no_other(
    tmp_path: Path,
) -> None:
    with an_island(tmp_path) as island:
        bad = a_case_with_scans(island, a_photograph(1, side=200), seed=1)
        good = a_case_with_scans(island, a_photograph(2, side=200), seed=2)
        sync(island)
        reconcile(island)
        original = close_chunk
        spoilt: list[str] = []

        def spoiling(plain: bytes, chunk: str, **more: object) -> object:
            sealed = original(plain, chunk, **more)  # type: ignore[arg-type]
            spoilt[:] = spoilt or [chunk]
            if chunk != spoilt[0]:
                return sealed
            raw = sealed.raw[:-1] + bytes([sealed.raw[-1] ^ 1])
            return replace(sealed, raw=raw)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("sync.client.scans.close_chunk", spoiling)
            sync(island)
        counts = {n: at_desk(island, n) for n in (bad, good)}
        assert sorted((c.at_district, c.refused) for c in counts.values()) == [
            (0, 1),
            (1, 0),
        ]


def test_p10_cases_of_before_scans_travelled_are_listed_at_the_next_contact(
    tmp_path: Path,
) -> None:
    with an_island(tmp_path) as island:
        number = a_case_with_scans(island, a_photograph(1, side=200))
        with island.desk.place.vault.write() as tx:
            tx.run("UPDATE scans SET listed_at = ''")
        before = island.desk.sync_status().waiting
        sync(island)
        reconcile(island)
        assert before == 2
        kinds = [e.entry for e in island.district.record.journals.entries_of(number)]
        assert sum(b"scans_listed" in each for each in kinds) == 2
        settle(island)
        assert there(island, number) == [(1, 1, True)]


def test_nothing_is_opened_that_is_not_what_the_case_names(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        number = a_case_with_scans(island, a_photograph(1, side=200))
        settle(island)
        district = island.district
        with pytest.raises(Problem) as caught:
            open_scan(
                district.sealed, district.record, district.keys,
                number=number, digest="0" * 64,
            )  # fmt: skip
        assert caught.value.code is Code.SCAN_NOT_HERE
        with district.sealed._engine.begin() as connection:
            connection.execute(update(chunks).values(digest="1" * 64))
        digest = hashlib.sha256(a_photograph(1, side=200)).hexdigest()
        with pytest.raises(Problem) as caught:
            open_scan(
                district.sealed, district.record, district.keys,
                number=number, digest=digest,
            )  # fmt: skip
        assert caught.value.code is Code.SCAN_NOT_HERE
