"""`publish`: given out and sealed for every desk in one command, or refused whole."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from schemas.problems import Code
from sync.district.boot.district import District
from sync.district.reconcile.publishing import shipped_edition
from tests.support.commands import Run
from tests.support.ledgers import granted

BY = ("--by", "赵主任")


def _listed(run: Run) -> list[Any]:
    done = run("publish", "list", "--json")
    assert done.exit_code == 0, done.output
    return list(json.loads(done.output))


def _edition(file: Path, number: int, **changes: object) -> str:
    document = {**json.loads(shipped_edition()), "edition": number, **changes}
    # As Windows' own editor would save it.
    file.write_text(json.dumps(document, ensure_ascii=False), "utf-8-sig")
    return str(file)


def test_an_edition_goes_to_every_desk_at_once(
    run: Run, district: District, tmp_path: Path
) -> None:
    desk = granted(district.sealed)
    done = run("publish", "edition", _edition(tmp_path / "e.json", 2), *BY)
    assert done.exit_code == 0, done.output
    (row,) = _listed(run)
    assert (row["kind"], row["number"], row["delivered"]) == ("edition", 2, 1)
    assert district.sealed.feed_heads() == {desk.device: 1}


def test_the_faults_of_an_edition_are_all_listed_and_nothing_changes(
    run: Run, tmp_path: Path
) -> None:
    items = json.loads(shipped_edition())["items"]
    done = run("publish", "edition", _edition(tmp_path / "e", 2, items=items[2:]), *BY)
    assert done.exit_code == 1
    assert f"[{int(Code.EDITION_INVALID)}]" in done.output
    assert all(f"items/{each['code']}" in done.output for each in items[:2])
    assert _listed(run) == []


def test_a_calendar_is_given_out_from_a_day(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "h.json"
    shipped = files("assets") / "catalogue" / "holidays.json"
    file.write_text(shipped.read_text("utf-8"), "utf-8-sig")
    words = ("publish", "calendar", str(file), *BY)
    assert run(*words, "--since", "2027-01-01").exit_code == 0
    assert run(*words, "--since", "soon").exit_code == 2
    assert [each["effective_from"] for each in _listed(run)] == ["2027-01-01"]
    file.write_text("{}")
    assert f"[{int(Code.CALENDAR_INVALID)}]" in run(*words).output


def test_a_notice_is_shown_until_its_day(run: Run, district: District) -> None:
    granted(district.sealed)
    done = run("publish", "notice", "明日停航", *BY, "--until", "2027-01-01")
    assert done.exit_code == 0, done.output
    (row,) = _listed(run)
    assert (row["what"], row["by"], row["delivered"]) == ("明日停航", "赵主任", 1)
    assert "明日停航" in run("publish", "list").output
    empty = run("publish", "notice", " ", *BY)
    assert f"[{int(Code.ANSWER_INCOMPLETE)}]" in empty.output


def test_a_command_is_for_a_desk_that_there_is(run: Run, district: District) -> None:
    desk = granted(district.sealed)
    words = ("publish", "command", desk.device)
    asked = run(*words, "send_statement", *BY, "--day", "2026-11-23")
    assert asked.exit_code == 0, asked.output
    assert [each["device"] for each in _listed(run)] == [desk.device]
    unknown = run(*words, "format_disk", *BY)
    assert f"[{int(Code.COMMAND_UNKNOWN)}]" in unknown.output
    nobody = run("publish", "command", "0" * 32, "make_backup", *BY)
    assert f"[{int(Code.DEVICE_NOT_FOUND)}]" in nobody.output


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    done = run("publish", "edition", str(tmp_path / "none"), *BY)
    assert done.exit_code == 1
    assert f"[{int(Code.FILE_NOT_READABLE)}]" in done.output
    assert "none" in done.output
