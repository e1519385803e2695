"""Intake's program: opens its own half alone, and says by number what it lacks."""

from pathlib import Path

import pytest
import typer

from schemas.problems import Code, Problem
from sync.district.boot.intake import intake_parts, main, served_intake
from sync.district.config.places import DistrictPlaces


def test_p02_intake_opens_where_the_other_half_is_not(home: Path) -> None:
    """The machine that faces the network has no folder of reconcile's at all."""
    for file in (home / "reconcile").iterdir():
        file.unlink()
    (home / "reconcile").rmdir()
    places, parts = intake_parts(home)
    assert parts.receipts.key_id
    assert (places.uploads, parts.charter.name) == (home / "intake/uploads", "示例区")
    parts.ledger.close()


def test_names_of_uploads_are_not_to_be_guessed(home: Path) -> None:
    _, parts = intake_parts(home)
    names = {parts.nonce() for _ in range(50)}
    assert len(names) == 50
    assert {len(each) for each in names} == {32}
    parts.ledger.close()


def test_a_line_pays_for_no_byte_more_than_needed(home: Path) -> None:
    places, parts = intake_parts(home)
    config = served_intake(places, parts, host="127.0.0.1", port=1)
    assert not config.server_header
    assert not config.date_header
    assert config.ssl is not None
    assert config.ssl.num_tickets == 1
    parts.ledger.close()


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("receipt.key", Code.KEY_MISSING),
        ("sealed.db", Code.LEDGER_MISSING),
        ("charter.json", Code.DISTRICT_FILE_DAMAGED),
    ],
)
def test_without_its_key_or_ledger_it_does_not_begin(
    home: Path, lost: str, code: Code
) -> None:
    (DistrictPlaces(home).intake / lost).unlink()
    with pytest.raises(Problem) as refused:
        intake_parts(home)
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("lost", "code", "status"),
    [
        ("server.key", Code.KEY_MISSING, 1),
        ("charter.json", Code.DISTRICT_FILE_DAMAGED, 1),
    ],
)
def test_the_program_ends_in_words_and_an_exit_code(
    home: Path, capsys: pytest.CaptureFixture[str], lost: str, code: Code, status: int
) -> None:
    (DistrictPlaces(home).intake / lost).unlink()
    with pytest.raises(typer.Exit) as ended:
        main(home=home)
    assert ended.value.exit_code == status
    assert capsys.readouterr().err.startswith(f"[{int(code)}]")


def test_where_no_district_is_the_exit_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        main(home=tmp_path / "nowhere")
    assert ended.value.exit_code == 3
    assert f"[{int(Code.DISTRICT_NOT_SET_UP)}]" in capsys.readouterr().err
