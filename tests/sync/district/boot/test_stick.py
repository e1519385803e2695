"""The stick's program: blind as intake is, and what it says comes back as values."""

import json
from pathlib import Path

import pytest
import typer

from schemas.problems import Code, Problem
from sync.district.boot.district import District
from sync.district.boot.stick import main, visit_stick
from sync.stick.layout import Kind
from sync.stick.stick import Stick
from tests.support.ledgers import granted


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def test_it_prints_what_each_desk_brought(
    home: Path, district: District, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = granted(district.sealed)
    Stick(stick).put(desk.device, "out", Kind.BATCH, desk.batch(1, 2).raw)
    Stick(stick).put(desk.device, "out", Kind.CONTACT, b"{}")

    main(stick, home=home)

    (said,) = json.loads(capsys.readouterr().out)["desks"]
    assert (said["device"], said["receipts"], said["greeted"]) == (
        desk.device,
        1,
        False,
    )
    codes = [each["code"] for each in said["troubles"]]
    assert codes == [int(Code.MESSAGE_MALFORMED)]


def test_a_problem_is_printed_by_number_with_what_it_is_about(
    home: Path, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        main(stick / "none", home=home)
    assert ended.value.exit_code == 1
    said = json.loads(capsys.readouterr().out)
    assert said["problem"] == int(Code.STICK_NOT_FOUND)
    assert said["params"] == {"folder": str(stick / "none")}


def test_a_visit_takes_in_lets_the_record_follow_and_puts_answers_back(
    home: Path, district: District, stick: Path
) -> None:
    """Two programs' worth: the answers of today are on the stick as well."""
    desk = granted(district.sealed)
    Stick(stick).put(desk.device, "out", Kind.BATCH, desk.batch(1, 2).raw)
    kept_before_the_record: list[int] = []

    (taken,) = visit_stick(
        stick, home=home,
        reconcile=lambda: kept_before_the_record.append(
            len(district.sealed.unopened())
        ),
    )  # fmt: skip

    assert kept_before_the_record == [1]
    assert (taken.device, taken.receipts, taken.troubles) == (desk.device, 1, ())
    names, _ = Stick(stick).listed(desk.device, "in")
    assert [each.kind for each in names] == [Kind.RECEIPT]


def test_a_foreign_stick_is_the_same_problem_on_this_side(
    home: Path, stick: Path
) -> None:
    with pytest.raises(Problem) as refused:
        visit_stick(stick, home=home, reconcile=lambda: pytest.fail("nothing came"))
    assert refused.value.code is Code.STICK_FOREIGN
    assert refused.value.params == {"folder": str(stick)}
