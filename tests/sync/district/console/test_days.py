"""P7 at the console and on both command lines: named records, rulings, silent desks."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from typer.testing import CliRunner

from desk_app.boot.cli import app as desk_app
from desk_app.services.standing import local_day
from schemas.base import utc_text
from schemas.statement import DayQuestion
from sync.district.boot.cli import app as district_app
from sync.district.boot.district import add_staff, utc_now
from sync.district.boot.staffing import console_parts
from sync.district.config.words import words
from sync.district.console.app import make_console
from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.silence import USUAL, silent_desks
from tests.support.closings import DAY, ClosingDesk
from tests.support.rigs import PASSPHRASE, Island, an_island, take_case

TODAY = local_day(datetime.now(UTC)).isoformat()
DESK_ENV = {"ISLAND_DESK_LOGIN": "lin", "ISLAND_DESK_PASSPHRASE": PASSPHRASE}
SECRET = "reviewer passphrase"


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as joined:
        yield joined


def exchange(island: Island, *, times: int = 1) -> None:
    for _ in range(times):
        assert asyncio.run(island.desk.sync(impatient=True)).problem is None
        d = island.district
        reconcile_once(d.sealed, d.record, d.keys, now=utc_now())


def on_desk(tmp_path: Path, *words: str) -> str:
    done = CliRunner().invoke(
        desk_app, ["--home", str(tmp_path / "desk"), *words], env=DESK_ENV
    )
    assert done.exit_code == 0, done.output
    return done.output


def at_district(tmp_path: Path, *words: str) -> str:
    home = str(tmp_path / "district")
    done = CliRunner().invoke(district_app, ["--home", home, *words])
    assert done.exit_code == 0, done.output
    return done.output


def signed_in(island: Island) -> TestClient:
    district = island.district
    add_staff(
        district, login="reviewer", name="区审核", role="reviewer", passphrase=SECRET
    )
    parts = console_parts(district)
    client = TestClient(make_console(parts))
    client.post("/sign-in", data={"login": "reviewer", "passphrase": SECRET})
    return client


def lose(island: Island, sequence: int) -> None:
    with island.district.record._engine.begin() as connection:
        connection.execute(text("DROP TRIGGER entries_never_delete"))
        gone = text("DELETE FROM entries WHERE sequence = :n")
        assert connection.execute(gone, {"n": sequence}).rowcount == 1


def test_p07_a_lost_record_is_named_on_every_screen_and_ruled_on(
    island: Island, tmp_path: Path
) -> None:
    numbers = [take_case(island.desk, "HY01-02", seed=seed) for seed in range(3)]
    exchange(island)
    assert json.loads(at_district(tmp_path, "statements", "list", "--json")) != []
    lose(island, 2)
    closed = json.loads(on_desk(tmp_path, "day", "close", "--json"))
    device = closed["statement"]["device"]
    exchange(island, times=6)

    shown = json.loads(on_desk(tmp_path, "day", "show", TODAY, "--json"))
    assert shown["row"]["state"] == "differs"
    assert [each["number"] for each in shown["differences"]] == [numbers[1]]
    assert numbers[1] in on_desk(tmp_path, "day", "show", TODAY)
    said = json.loads(
        at_district(tmp_path, "statements", "show", device, TODAY, "--json")
    )
    # Whoever runs this at night has taken the cases outside office hours, too.
    (finding,) = [f for f in said["findings"] if f["closing"]]
    assert (finding["kind"], finding["number"]) == ("missing_at_district", numbers[1])

    console = signed_in(island)
    assert TODAY in console.get("/days").text
    page = console.get(f"/days/{device}/{TODAY}").text
    assert numbers[1] in page
    assert numbers[1] in console.get("/findings").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    place = f"/findings/{finding['id']}"
    refused = console.post(place, data={"csrf": "wrong", "ruling": "补送"})
    assert refused.status_code == 400
    done = console.post(
        place,
        data={"csrf": token[1], "ruling": "以受理台为准"},
        follow_redirects=False,
    )
    assert done.headers["location"] == f"/days/{device}/{TODAY}"
    again = console.post(place, data={"csrf": token[1], "ruling": "改判"})
    assert "[361]" in again.text
    exchange(island)
    listed = json.loads(on_desk(tmp_path, "day", "list", "--json"))
    assert [each["state"] for each in listed] == ["agreed"]
    pdf = tmp_path / "statement.pdf"
    on_desk(tmp_path, "day", "print", TODAY, "--to", str(pdf))
    assert pdf.read_bytes().startswith(b"%PDF")
    ruled = at_district(tmp_path, "findings", "list", "--all")
    assert "以受理台为准" in ruled
    left = json.loads(at_district(tmp_path, "findings", "list", "--json"))
    assert [each for each in left if each["closing"]] == []


def test_p07_what_the_days_agreement_settled_asks_for_nobodys_word(
    island: Island,
) -> None:
    """It is off the list of what waits, and stays on its day's page and in all."""
    district = island.district
    desk = ClosingDesk(district.record, district.keys)
    desk.did(1)
    desk.did(2, filed=False)
    said = desk.close(3)
    assert said.feedback is not None
    desk.answer(DayQuestion.model_validate_json(said.feedback), 4)
    (found,) = district.record.findings.of(open_only=True)
    console, mark = signed_in(island), f'action="/findings/{found.id}"'
    assert mark in console.get("/findings").text
    desk.offer(2, at=5)
    desk.close(6, version=2)
    assert f"#{found.id} " not in console.get("/findings").text
    settled = words("district")["findings.settled"]
    for page in ("/findings?everything=true", f"/days/{desk.writer.device}/{DAY}"):
        shown = console.get(page).text
        assert (f"#{found.id} " in shown, settled in shown, mark in shown) == (
            True, True, False,
        )  # fmt: skip


def test_a_wrong_day_is_a_problem_in_words(island: Island, tmp_path: Path) -> None:
    take_case(island.desk, "HY01-02", seed=1)
    for typed, number in (
        (["day", "close", "2999-01-01"], "[1041]"),
        (["day", "show", "yesterday"], "[1040]"),
        (["day", "print", "2026-01-05", "--to", str(tmp_path / "x.pdf")], "[1043]"),
    ):
        done = CliRunner().invoke(
            desk_app, ["--home", str(tmp_path / "desk"), *typed], env=DESK_ENV
        )
        assert done.exit_code == 1
        assert number in done.output


def test_a_desk_that_does_not_call_by_its_own_word_is_silent(
    island: Island, tmp_path: Path
) -> None:
    """Each contact says what waits and until when to wait for the next one."""
    take_case(island.desk, "HY01-02", seed=1)
    exchange(island)
    district = island.district
    now = datetime.now(UTC)
    (heard,) = silent_desks(district.sealed, district.record, now=now)
    assert not heard.silent
    assert heard.waiting == 1
    assert heard.open_cases == 1
    assert heard.at_stake is not None
    assert heard.expected_by is not None
    late = datetime.fromisoformat(heard.expected_by) + timedelta(hours=30)
    (gone,) = silent_desks(district.sealed, district.record, now=late)
    assert gone.silent
    assert gone.overdue_h == 30
    (told,) = json.loads(at_district(tmp_path, "desks", "--json"))
    assert told["at_stake"] == heard.at_stake
    assert heard.at_stake in signed_in(island).get("/desks").text


def test_a_desk_of_an_old_program_is_expected_once_in_a_day(island: Island) -> None:
    """A desk that greets nobody (0.1) still shows when it was last heard."""
    district = island.district
    now = datetime.now(UTC)
    with district.sealed._engine.begin() as connection:
        connection.execute(text("DELETE FROM contacts"))
    (unheard,) = silent_desks(district.sealed, district.record, now=now)
    assert unheard.silent
    assert unheard.expected_by is None or unheard.last_contact_at is not None
    district.sealed.contacted(unheard.device, now=now)
    (heard,) = silent_desks(district.sealed, district.record, now=now)
    assert not heard.silent
    assert heard.expected_by is not None
    expected = datetime.fromisoformat(heard.expected_by)
    assert utc_text(expected) == utc_text(now + USUAL)
