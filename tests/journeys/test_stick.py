"""A stick instead of a line: there and back, damaged, pulled out, shared."""

import asyncio
import errno
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_app.services import sticks
from desk_app.services.desk import Desk
from desk_app.store import outbox
from schemas.case import CaseState, Granted
from schemas.problems import Code, Problem
from sync.district.reconcile.answering import answer_case
from sync.seal import suite1
from sync.stick.layout import ROOT
from tests.support.rigs import Island, a_desk, an_island, enrol, take_case
from tests.support.sticks import (
    Protected,
    Pulled,
    back,
    each_cut,
    everything_under,
    out,
    reconcile,
    visit,
)


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def _half(stick: Path, side: str) -> list[Path]:
    return sorted((stick / ROOT).glob(f"*/{side}/*"))


def _filed(island: Island) -> set[str]:
    return {case.number for case in island.district.record.list_cases(limit=999)[0]}


def test_p04_a_case_travels_by_stick_there_and_back(
    island: Island, stick: Path
) -> None:
    """Out, in, opened, answered, and back on the same stick; then it is clean."""
    desk, district = island.desk, island.district
    numbers = [take_case(desk, "HY12-01", seed=seed) for seed in range(3)]

    assert out(desk, stick).batches >= 1
    (taken,) = visit(district, stick)
    assert (taken.troubles, taken.greeted) == ((), True)
    assert reconcile(district).filed == 3
    granted = Granted(licence_number="(示)证第0001号")
    answer_case(
        district.record, numbers[0], granted, by="区审核", now=datetime.now(UTC)
    )
    reconcile(district)
    visit(district, stick)
    brought = back(desk, stick)

    assert brought.troubles == ()
    assert (brought.released, brought.answers) == (taken.receipts, 1)
    assert desk.sync_status().waiting == 0
    assert desk.sync_status().last_contact_at is not None
    assert desk.case(numbers[0]).row.state is CaseState.GRANTED
    # What is left is the greeting; the district's words and our batches are gone.
    assert [path.suffix for path in _half(stick, "out")] == [".contact"]
    assert _half(stick, "in") == []


def test_p02_nothing_on_the_stick_can_be_read(island: Island, stick: Path) -> None:
    """Names are digests; no name, number, item or case number lies there."""
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

    lying = everything_under(stick)
    secrets = [number, "示", "HY12-01", "1390000", "110105", "陈阿妹", "南日"]
    assert lying
    for name, content in lying.items():
        digest, kind = Path(name).stem, Path(name).suffix
        assert digest == suite1.digest(content), kind
        for secret in secrets:
            assert secret.encode() not in content
            assert secret not in name


def test_p04_by_stick_and_by_line_is_one_effect_and_one_receipt(
    island: Island, stick: Path
) -> None:
    desk, district = island.desk, island.district
    take_case(desk, "HY12-01", seed=1)
    out(desk, stick)
    assert asyncio.run(desk.sync(impatient=True)).problem is None
    assert desk.sync_status().waiting == 0
    with desk.place.vault.read() as tx:
        by_line = tx.rows("SELECT batch_digest, receipt FROM outbox ORDER BY first")

    (taken,) = visit(district, stick)
    receipts = [p for p in _half(stick, "in") if p.suffix == ".receipt"]
    assert {p.read_text() for p in receipts} == {str(row[1]) for row in by_line}
    assert taken.receipts == len(by_line)
    assert reconcile(district).filed == 1
    brought = back(desk, stick)
    assert (brought.released, brought.troubles) == (0, ())
    assert asyncio.run(desk.sync(impatient=True)).verdict == "agreed"


def test_p04_a_stick_may_visit_any_number_of_times(island: Island, stick: Path) -> None:
    desk, district = island.desk, island.district
    take_case(desk, "HY12-01", seed=1)
    for _ in range(3):
        out(desk, stick)
    assert len([p for p in _half(stick, "out") if p.suffix == ".batch"]) == 1
    for _ in range(3):
        (taken,) = visit(district, stick)
        assert taken.troubles == ()
    assert [back(desk, stick).released, len(_filed(island))] == [1, 0]
    assert reconcile(district).filed == 1
    with pytest.raises(Problem) as nothing:
        back(desk, stick)
    assert nothing.value.code is Code.STICK_NOT_ANSWERED


def test_an_overtaken_letter_is_no_second_history(island: Island, stick: Path) -> None:
    """The stick was made before, and comes after, three calls over the line."""
    desk = island.desk
    take_case(desk, "HY12-01", seed=1)
    out(desk, stick)
    for seed in range(2, 5):
        take_case(desk, "HY12-01", seed=seed)
        assert asyncio.run(desk.sync(impatient=True)).verdict == "agreed"

    (taken,) = visit(island.district, stick)
    assert taken.greeted
    assert back(desk, stick).troubles == ()
    assert asyncio.run(desk.sync(impatient=True)).verdict == "agreed"


def test_a_gap_between_batches_is_exported_too(island: Island, stick: Path) -> None:
    """A batch that was cut apart leaves a gap before batches that wait already."""
    desk = island.desk
    for seed in range(3):
        take_case(desk, "HY12-01", seed=seed)
        out(desk, stick)
    with desk.place.vault.write() as tx:
        _, middle, _ = outbox.all_waiting(tx)
        outbox.take_back(tx, middle.batch_digest)

    assert out(desk, stick).batches == 3
    with desk.place.vault.read() as tx:
        assert [(b.first, b.last) for b in outbox.all_waiting(tx)] == [
            (1, 1), (2, 2), (3, 3),
        ]  # fmt: skip


def test_several_desks_share_one_stick(
    island: Island, stick: Path, tmp_path: Path
) -> None:
    """Each finds its own; one desk's damage holds up nobody else."""
    first, district = island.desk, island.district
    second = a_desk(tmp_path / "second")
    try:
        enrol(second, district, island.url, terminal="02")
        numbers = [
            take_case(d, "HY12-01", seed=s) for s, d in enumerate((first, second))
        ]
        out(first, stick)
        out(second, stick)
        (mine,) = [p for p in _half(stick, "out") if p.suffix == ".batch"
                   and p.parent.parent.name == _device(first)]  # fmt: skip
        mine.write_bytes(mine.read_bytes()[:-9])

        taken = {each.device: each for each in visit(district, stick)}
        assert [t.code for t in taken[_device(first)].troubles] == [
            Code.STICK_FILE_DAMAGED
        ]
        assert taken[_device(second)].troubles == ()
        assert back(second, stick).released == 1
        assert back(first, stick).released == 0
        out(first, stick)
        visit(district, stick)
        assert back(first, stick).released == 1
        reconcile(district)
        assert _filed(island) == set(numbers)
    finally:
        second.lock()


def _device(desk: Desk) -> str:
    with desk.place.vault.read() as tx:
        row = tx.row("SELECT value FROM settings WHERE name = 'device'")
    assert row is not None
    return str(row[0])


def test_a_stick_that_is_none_of_ours_says_so(island: Island, stick: Path) -> None:
    """Not there, nothing of ours, another desk's, not answered yet: four numbers."""

    def code_of(folder: Path) -> Code:
        with pytest.raises(Problem) as refused:
            back(island.desk, folder)
        return refused.value.code

    assert code_of(stick / "not-there") is Code.STICK_NOT_FOUND
    (stick / "holiday.jpg").write_bytes(b"\xff\xd8")
    assert code_of(stick) is Code.STICK_FOREIGN
    with pytest.raises(Problem) as foreign:
        visit(island.district, stick)
    assert foreign.value.code is Code.STICK_FOREIGN
    (stick / ROOT / ("0" * 32) / "in").mkdir(parents=True)
    assert code_of(stick) is Code.STICK_NOT_FOR_THIS_DESK
    out(island.desk, stick)
    assert code_of(stick) is Code.STICK_NOT_ANSWERED
    assert (stick / "holiday.jpg").read_bytes() == b"\xff\xd8"


def test_wrong_files_are_named_and_left_alone(island: Island, stick: Path) -> None:
    desk, district = island.desk, island.district
    take_case(desk, "HY12-01", seed=1)
    out(desk, stick)
    folder = stick / ROOT / _device(desk)
    wrong = {
        "notes.txt": b"hello",
        f"{'0' * 64}.future": b"{}",
        f"{suite1.digest(b'x')}.batch": b"x",
        f"{suite1.digest(b'{}')}.contact": b"{}",
        f"{suite1.digest(b'{}')}.receipt": b"{}",
    }
    for name, content in wrong.items():
        (folder / "out" / name).write_bytes(content)
    (folder / "out" / f"{'1' * 64}.batch").mkdir()

    (taken,) = visit(district, stick)

    assert {t.file: t.code for t in taken.troubles} == {
        "notes.txt": Code.STICK_FILE_UNKNOWN,
        f"{'0' * 64}.future": Code.STICK_FILE_UNKNOWN,
        f"{suite1.digest(b'x')}.batch": Code.MESSAGE_MALFORMED,
        f"{suite1.digest(b'{}')}.contact": Code.MESSAGE_MALFORMED,
        f"{suite1.digest(b'{}')}.receipt": Code.STICK_FILE_UNKNOWN,
        f"{'1' * 64}.batch": Code.STICK_FILE_UNKNOWN,
    }
    assert taken.receipts == 1
    for name, content in wrong.items():
        assert (folder / "out" / name).read_bytes() == content
    assert back(desk, stick).released == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errno.EROFS, Code.STICK_READ_ONLY),
        (errno.EACCES, Code.STICK_READ_ONLY),
        (errno.ENOSPC, Code.STICK_FULL),
        (errno.EIO, Code.STICK_PULLED_OUT),
    ],
)
def test_p03_protected_full_and_dying_sticks_lose_nothing(
    island: Island, stick: Path, error: int, code: Code
) -> None:
    """Each has its number on either side, and another stick does it all."""
    desk, district = island.desk, island.district
    take_case(desk, "HY12-01", seed=1)
    with pytest.raises(Problem) as refused:
        out(desk, stick, Protected(error))
    assert refused.value.code is code
    out(desk, stick)
    with pytest.raises(Problem) as at_district:
        visit(district, stick, Protected(error))
    assert at_district.value.code is code
    visit(district, stick)
    if code is Code.STICK_READ_ONLY:
        # What is on it is taken all the same; it only stays there.
        brought = back(desk, stick, Protected(error))
        assert (brought.released, brought.cleaned) == (1, False)
    assert desk.sync_status().waiting == (0 if code is Code.STICK_READ_ONLY else 1)
    back(desk, stick)
    assert desk.sync_status().waiting == 0
    assert reconcile(district).filed == 1


def test_p03_pulled_out_after_any_operation_of_an_export(
    island: Island, stick: Path
) -> None:
    """Whenever it is pulled out, every file is whole, and the next try does it."""
    desk, district = island.desk, island.district
    for seed in range(2):
        take_case(desk, "HY12-01", seed=seed)

    def cut(files: Pulled) -> None:
        try:
            out(desk, stick, files)
        finally:
            for path in _half(stick, "out"):
                if path.suffix != ".part":
                    assert path.stem == suite1.digest(path.read_bytes())

    assert each_cut(cut) > 8
    (taken,) = visit(district, stick)
    assert taken.troubles == ()
    assert back(desk, stick).released == taken.receipts
    assert not [p for p in everything_under(stick) if p.endswith(".part")]
    assert reconcile(district).filed == 2


def test_p03_pulled_out_after_any_operation_at_the_district(
    island: Island, stick: Path
) -> None:
    desk, district = island.desk, island.district
    for seed in range(2):
        take_case(desk, "HY12-01", seed=seed)
    out(desk, stick)

    def cut(files: Pulled) -> None:
        visit(district, stick, files)
        assert files.left >= 0

    assert each_cut(cut) > 8
    (taken,) = visit(district, stick)
    assert taken.troubles == ()
    assert back(desk, stick).released == taken.receipts
    assert desk.sync_status().waiting == 0
    assert reconcile(district).filed == 2


def test_p06_pulled_out_after_any_operation_of_taking_back(
    island: Island, stick: Path
) -> None:
    """A receipt is kept before the batch leaves the stick; nothing comes twice."""
    desk, district = island.desk, island.district
    numbers = [take_case(desk, "HY12-01", seed=seed) for seed in range(2)]
    out(desk, stick)
    visit(district, stick)
    reconcile(district)
    for number in numbers:
        answer_case(
            district.record, number, Granted(licence_number=f"(示){number[-6:]}"),
            by="区审核", now=datetime.now(UTC),
        )  # fmt: skip
    reconcile(district)
    visit(district, stick)
    answers = 0

    def cut(files: Pulled) -> None:
        nonlocal answers
        before = desk.sync_status().waiting
        try:
            answers += back(desk, stick, files).answers
        except Problem as problem:
            if problem.code is Code.STICK_NOT_ANSWERED:
                return
            raise
        finally:
            batches = [p for p in _half(stick, "out") if p.suffix == ".batch"]
            assert batches or desk.sync_status().waiting == 0
            assert desk.sync_status().waiting <= before

    assert each_cut(cut) > 5
    assert desk.sync_status().waiting == 0
    for number in numbers:
        view = desk.case(number)
        assert view.row.state is CaseState.GRANTED
        assert len(view.answers) == 1


def test_p03_who_stops_an_export_or_an_import_goes_on_the_next_time(
    island: Island, stick: Path
) -> None:
    """Files that are there are whole; the rest follows; one effect in the end."""
    desk = island.desk
    numbers = {take_case(desk, "HY12-01", seed=seed) for seed in range(3)}

    def at_once(_: int) -> bool:
        return False

    with pytest.raises(Problem) as stopped:
        sticks.export(desk.place, stick, progress=at_once)
    assert stopped.value.code is Code.STOPPED
    out(desk, stick)
    visit(island.district, stick)
    reconcile(island.district)
    visit(island.district, stick)
    with pytest.raises(Problem) as stopped:
        sticks.take_back(desk.place, stick, progress=at_once)
    assert stopped.value.code is Code.STOPPED
    assert desk.sync_status().waiting > 0
    back(desk, stick)
    assert desk.sync_status().waiting == 0
    assert numbers <= _filed(island)
