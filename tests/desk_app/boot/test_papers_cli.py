"""Documents by command: made, written where asked, refused by number; voids told."""

import re
from pathlib import Path

import pytest

from tests.support.paper import text
from tests.support.rigs import Island, take_case
from tests.support.terminal import Terminal

ITEM = "HY12-01"


@pytest.fixture(scope="module")
def number(the_island: Island) -> str:
    the_island.desk.unlock("lin", "correct horse battery staple")
    return take_case(the_island.desk, ITEM, seed=31)


def test_a_case_says_what_it_is_due_and_each_copy_is_numbered(
    terminal: Terminal, number: str, tmp_path: Path
) -> None:
    due = terminal.json("papers", "due", number)
    assert "receipt" in due
    listed = terminal.type("papers", "due", number).splitlines()
    assert [line.split()[0] for line in listed] == due
    file, copies = tmp_path / "receipt.pdf", []
    for _ in range(2):
        told = terminal.type("papers", "make", "receipt", number, "--out", str(file))
        printed = text(Path(told.strip()).read_bytes())
        assert number in printed
        copies += [int(n) for n in re.findall(r"第(\d+)次打印", printed)]
    assert copies[1] == copies[0] + 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("papers", "due", "350305107-01-20200101-0001-0"), 152),
        (("papers", "make", "receipt", "350305107-01-20200101-0001-0"), 152),
        (("papers", "told", "HY99-99"), 150),
        (("papers", "bag", "no-such-bag"), 192),
        (("papers", "blanks", "HY99-99"), 150),
        (("papers", "void-blank", "no-such", "写坏"), 194),
        (("numbers", "void", "x"), 163),
    ],
)
def test_what_cannot_be_made_is_refused_by_number(
    terminal: Terminal, words: tuple[str, ...], code: int
) -> None:
    assert terminal.refused(*words) == code


def test_a_document_that_the_case_is_not_due_is_not_made(
    terminal: Terminal, number: str
) -> None:
    assert terminal.refused("papers", "make", "extension", number) == 192
    assert terminal.refused("papers", "make", "poem", number) == 192


def test_without_a_printer_the_copy_is_written_all_the_same(
    terminal: Terminal, number: str, tmp_path: Path
) -> None:
    done = terminal.run(
        "papers", "make", "slip", number, "--out", str(tmp_path / "slip.pdf"),
        "--print", PATH=str(tmp_path),
    )  # fmt: skip
    assert done.exit_code == 1
    assert "[190]" in done.stderr
    assert Path(done.stdout.strip()).read_bytes().startswith(b"%PDF")


def test_a_folder_that_is_a_file_is_told(
    terminal: Terminal, number: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "slip.pdf"
    assert terminal.refused("papers", "make", "slip", number, "--out", str(out)) == 177


def test_blanks_are_numbered_spoilt_and_what_is_out_is_listed(
    terminal: Terminal, tmp_path: Path
) -> None:
    made = terminal.type(
        "papers", "blanks", ITEM, "--count", "3", "--folder", str(tmp_path)
    ).split()
    controls = [Path(each).stem for each in made]
    assert len(set(controls)) == 3
    assert all(
        control in text(Path(file).read_bytes())
        for control, file in zip(controls, made, strict=True)
    )
    terminal.type("papers", "void-blank", controls[0], "写坏")
    told = terminal.json("numbers", "voided")
    assert {"control": controls[0], "reason": "写坏"} in told["blanks"]
    assert set(controls[1:]) <= set(told["blanks_out"])
    assert terminal.run("papers", "blanks", ITEM, "--count", "51").exit_code == 2


@pytest.mark.parametrize("because", ["void", "test", "paper"])
def test_a_number_without_a_case_is_voided_for_a_reason(
    terminal: Terminal, because: str
) -> None:
    number = terminal.type("numbers", "void", "测试打印", "--because", because).strip()
    assert {"number": number, "reason": "测试打印"} in terminal.json(
        "numbers", "voided"
    )["numbers"]
    assert f"{number}  测试打印" in terminal.type("numbers", "voided")


def test_a_cause_that_there_is_not_is_wrong_usage(terminal: Terminal) -> None:
    before = terminal.json("numbers", "voided")
    done = terminal.run("numbers", "void", "测试打印", "--because", "boredom")
    assert done.exit_code == 2
    assert terminal.json("numbers", "voided") == before
