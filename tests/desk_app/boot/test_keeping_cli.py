"""Backups by command: made, listed, put elsewhere, opted for; numbers resumed."""

from pathlib import Path

from desk_app.store.backups import SUFFIX
from schemas.problems import Code
from tests.support.rigs import Island, take_case
from tests.support.terminal import Terminal


def test_a_backup_is_made_where_it_was_asked_for_and_listed(
    terminal: Terminal, tmp_path: Path
) -> None:
    (made,) = terminal.json("backup", "now", "--to", str(tmp_path))
    assert [str(each) for each in tmp_path.iterdir()] == [made["file"]]
    assert made["bytes"] == Path(made["file"]).stat().st_size
    Path(made["file"]).unlink()
    listed = terminal.json("backup", "list")
    gone = [each for each in listed if each["file"] == made["file"]]
    assert [each["present"] for each in gone] == [False]
    assert (
        terminal.json("backup", "status")["last_backup_at"][:19] == made["made_at"][:19]
    )


def test_the_scheduled_ones_go_to_the_folder_that_was_chosen(
    terminal: Terminal, island: Island, tmp_path: Path
) -> None:
    terminal.type("backup", "folder", str(tmp_path))
    terminal.type("backup", "now")
    assert [each.suffix for each in tmp_path.iterdir()] == [SUFFIX]
    assert (
        terminal.refused("backup", "now", "--to", str(tmp_path / "none"))
        == Code.BACKUP_FOLDER_MISSING
    )
    terminal.type("backup", "folder", "")
    own = str(island.desk.places.backups)
    assert terminal.json("backup", "status")["folder"] == own


def test_no_backup_goes_to_the_district_that_nobody_opted_for(
    terminal: Terminal,
) -> None:
    assert terminal.refused("backup", "send") == Code.NOT_ALLOWED
    terminal.type("backup", "opt", "maybe", code=2)
    terminal.type("backup", "opt", "in")
    terminal.type("backup", "send")
    terminal.type("backup", "opt", "out")
    assert terminal.refused("backup", "send") == Code.NOT_ALLOWED


def test_numbers_follow_the_paper_register_only_where_they_are_frozen(
    terminal: Terminal, island: Island
) -> None:
    number = take_case(island.desk, "HY12-01", seed=61)
    refused = terminal.refused("numbers", "resume", number)
    assert refused == Code.NUMBERING_NOT_FROZEN
