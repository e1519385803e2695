"""A list as a file: masked, harmless, all of it or none, and on record."""

import csv
import dataclasses
from pathlib import Path
from zipfile import ZipFile

import pytest

from desk_app.services import exporting
from desk_app.store import cases
from desk_app.store.cases import CaseFilter, CaseRecord
from schemas.problems import Code
from tests.support.counter import Counter, refused

_ALL = CaseFilter()


def _export(counter: Counter, path: Path, wanted: CaseFilter = _ALL) -> int:
    return exporting.export_list(counter.place, wanted, path, progress=lambda _: True)


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _copied(counter: Counter, number: str, count: int, **changed: str) -> None:
    """Fill the list with copies of a case, since taking hundreds takes long."""
    with counter.place.vault.write() as tx:
        record = cases.get(tx, number)
        assert isinstance(record, CaseRecord)
        for n in range(count):
            name = f"{number} {'.'.join(changed.values())} {n}"
            other = dataclasses.replace(record, number=name, **changed)
            cases.add(tx, other, words="")


@pytest.fixture(scope="module")
def number(made: Counter) -> str:
    return made.take(seed=60)


def test_ids_are_masked_and_the_file_says_what_the_list_says(
    counter: Counter, number: str, tmp_path: Path
) -> None:
    row = counter.desk.case(number).row
    count = _export(counter, tmp_path / "list.csv", CaseFilter(day="2026-06-01"))
    heads, *rows = _rows(tmp_path / "list.csv")
    assert len(rows) == count
    assert len(heads) == len(rows[0]) == 8
    mine = next(each for each in rows if each[0] == number)
    assert mine[3:6] == [row.applicant_name, row.id_masked, row.vessel]
    assert "********" in mine[4]
    assert row.deadline is not None
    assert mine[7] == row.deadline.day.isoformat()
    assert counter.trail()[0] == "list_exported"


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(
    counter: Counter, number: str, tmp_path: Path
) -> None:
    _copied(counter, number, 1, applicant_name="=HYPERLINK(1)", vessel="@x")
    wanted = CaseFilter(vessel="@x")
    assert _export(counter, tmp_path / "list.csv", wanted) == 1
    assert _rows(tmp_path / "list.csv")[1][3] == "'=HYPERLINK(1)"
    _export(counter, tmp_path / "list.xlsx", wanted)
    with ZipFile(tmp_path / "list.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
        texts = book.read("xl/sharedStrings.xml").decode()
    assert b"<f>" not in sheet
    assert "=HYPERLINK(1)" in texts


def test_long_lists_are_whole_and_can_be_stopped_without_a_trace(
    counter: Counter, number: str, tmp_path: Path
) -> None:
    """Every page of them, in the list's order, each row once."""
    _copied(counter, number, 1003, item_code="HY12-01")
    wanted = CaseFilter(item="HY12-01")
    told: list[int] = []

    def go(done: int) -> bool:
        told.append(done)
        return True

    path = tmp_path / "long.csv"
    count = exporting.export_list(counter.place, wanted, path, progress=go)
    numbers = [row[0] for row in _rows(path)[1:]]
    assert (count, told) == (1003, [500, 1000, 1003])
    assert numbers == [f"{number} HY12-01 {n}" for n in reversed(range(1003))]
    stopped = tmp_path / "new" / "stopped.csv"
    trail = counter.trail()
    assert exporting.export_list(
        counter.place, wanted, stopped, progress=lambda done: done < 1000
    ) == -1  # fmt: skip
    assert not stopped.parent.exists()
    assert counter.trail() == trail


def test_where_no_file_can_be_written_it_is_named(
    counter: Counter, tmp_path: Path
) -> None:
    """A folder of that name; a file where a folder is meant; on record is neither."""
    (tmp_path / "file").write_bytes(b"")
    for name in ("file/such.csv", "file/such.xlsx", "here.csv", "here.xlsx"):
        if name.startswith("here"):
            (tmp_path / name).mkdir()
        trail = counter.trail()
        problem = refused(
            Code.FILE_NOT_WRITABLE, exporting.export_list, counter.place,
            CaseFilter(day="2026-06-02"), tmp_path / name, progress=lambda _: True,
        )  # fmt: skip
        assert str(problem.params["file"]).endswith(name)
        assert counter.trail() == trail
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {"file", "here.csv", "here.xlsx"}


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_p02_no_readable_part_is_written_anywhere_but_where_it_was_asked_for(
    counter: Counter, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:  # fmt: skip
    """A writer's own temporary files would be a copy that nobody asked for."""
    nowhere = tmp_path / "nowhere"
    monkeypatch.setattr("tempfile.tempdir", str(nowhere))
    wanted = CaseFilter(vessel=counter.desk.case(number).row.vessel)
    assert _export(counter, tmp_path / name, wanted) > 0
    assert [file.name for file in tmp_path.iterdir()] == [name]
