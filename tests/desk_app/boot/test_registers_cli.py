"""Registers, figures and lists by command: found, counted, masked, refused."""

import dataclasses
import json
import signal
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from desk_app.boot import session
from desk_app.boot.hands import real_hands
from schemas.problems import Code
from tests.support.rigs import Island, take_case
from tests.support.terminal import Terminal
from tools.sample_cases import sample_applicant, sample_form, sample_materials

ITEM = "HY01-02"


@pytest.fixture(scope="module")
def number(the_island: Island) -> str:
    the_island.desk.unlock("lin", "correct horse battery staple")
    return take_case(the_island.desk, ITEM, seed=41)


@pytest.fixture
def person(the_island: Island, number: str) -> dict[str, str]:
    del number
    item = the_island.desk.edition().item(ITEM)
    assert item is not None
    return sample_applicant(item, seed=41)


def test_the_board_shows_what_is_due_first(terminal: Terminal, number: str) -> None:
    board = terminal.json("board")
    (row,) = [each for each in board["due"] if each["number"] == number]
    assert (row["item"], row["state"], row["synced"]) == (ITEM, "received", False)
    assert row["due"]["what"]
    assert row["due"]["day"]
    assert board["today_received"] >= 1
    assert number in terminal.type("board")


def test_people_vessels_and_certificates_are_found(
    terminal: Terminal, person: dict[str, str]
) -> None:
    (found, *_) = terminal.json("registers", "people", person["phone"])
    assert found["name"] == person["name"]
    assert found["agents"] == []
    assert person["phone"] in terminal.type("registers", "people", person["phone"])
    (vessel, *_) = terminal.json("registers", "vessels", "闽秀渔")
    listed = terminal.type("registers", "vessels", "闽秀渔")
    assert vessel["vessel"] in listed
    assert vessel["owner"] not in listed, "for people the id is masked"
    assert isinstance(
        terminal.json("registers", "certificates", "--vessel", vessel["vessel"]), list
    )
    assert terminal.json("registers", "people", "没有这个人") == []


def test_figures_count_the_days_that_were_asked(
    terminal: Terminal, number: str
) -> None:
    day = f"{number[13:17]}-{number[17:19]}-{number[19:21]}"
    counted = terminal.json("figures", "--since", day, "--until", day)
    assert counted["total"] == sum(counted["by_item"].values()) >= 1
    assert counted["by_item"][ITEM] >= 1
    assert counted["by_day"] == {day: counted["total"]}
    assert ITEM in terminal.type("figures", "--since", day, "--until", day)
    assert (
        terminal.json("figures", "--since", "2020-01-01", "--until", "2020-01-02")[
            "total"
        ]
        == 0
    )


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_list_is_written_with_ids_masked(
    terminal: Terminal, person: dict[str, str], tmp_path: Path, name: str
) -> None:
    identity = person.get("id_number") or person["credit_code"]
    terminal.type("export", str(tmp_path / name))
    content = (tmp_path / name).read_bytes()
    assert len(content) > 100
    assert identity.encode() not in content
    if name.endswith("csv"):
        assert person["name"] in content.decode("utf-8-sig")


def test_a_list_that_cannot_be_written_is_told(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert terminal.refused("export", str(tmp_path / "file" / "list.csv")) == 177


def test_scans_are_added_listed_and_what_is_none_is_refused(
    terminal: Terminal, number: str, tmp_path: Path
) -> None:
    out = BytesIO()
    Image.new("RGB", (300, 400), "white").save(out, "JPEG")
    picture = tmp_path / "页.jpg"
    picture.write_bytes(out.getvalue())
    before = len(terminal.json("scans", "list", number))
    terminal.type("scans", "add", number, "id", str(picture))
    pages = terminal.json("scans", "list", number)
    assert len(pages) == before + 1
    assert (pages[-1]["name"], pages[-1]["at_district"]) == ("页.jpg", False)
    assert "id 1" in terminal.type("scans", "list", number)
    picture.write_text("not a picture")
    assert terminal.refused("scans", "add", number, "id", str(picture)) == 188
    assert terminal.refused("scans", "add", number, "id", str(tmp_path / "x")) == 172
    assert len(terminal.json("scans", "list", number)) == before + 1


def _visit(island: Island, vessels: dict[str, dict[str, str]]) -> dict[str, object]:
    edition = island.desk.edition()
    item = edition.item(ITEM)
    assert item is not None
    return {
        "item_code": ITEM, "applicant": sample_applicant(item, seed=42),
        "form": sample_form(item, edition, seed=42),
        "materials": sample_materials(item), "vessels": vessels,
    }  # fmt: skip


def test_ctrl_c_within_a_visit_says_which_vessels_are_left(
    terminal: Terminal, island: Island, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever types it again knows what was taken: each vessel has its line."""
    file = tmp_path / "visit.json"
    visit = _visit(island, {"闽秀渔99811": {}, "闽秀渔99812": {}, "闽秀渔99813": {}})
    file.write_text(json.dumps(visit), "utf-8")
    hands, looks = real_hands(), 0
    mine = signal.getsignal(signal.SIGINT)

    def now() -> datetime:
        nonlocal looks
        watched = signal.getsignal(signal.SIGINT) is not mine
        looks += watched
        if watched and looks > 1:
            # The first look is for the visit's number, before any vessel.
            signal.raise_signal(signal.SIGINT)
        return hands.now()

    pressing = dataclasses.replace(hands, now=now)
    monkeypatch.setattr(session, "real_hands", lambda: pressing)
    told = terminal.type("batch", str(file), code=1).splitlines()
    lines = [json.loads(line) for line in told]
    assert [line["number"] is not None for line in lines] == [True, False, False]
    assert [line.get("problem") for line in lines[1:]] == [Code.STOPPED] * 2


def test_a_visits_file_is_read_whole_or_not_at_all(
    terminal: Terminal, the_island: Island, tmp_path: Path
) -> None:
    visit = _visit(the_island, {"闽秀渔99801": {}, "闽秀渔99802": {"loa_m": "-1"}})
    file = tmp_path / "visit.json"
    file.write_text("\ufeff" + json.dumps(visit), "utf-8")
    told = terminal.type("batch", str(file), code=1).splitlines()
    lines = [json.loads(line) for line in told]
    assert [line["number"] is not None for line in lines] == [True, False]
    assert (lines[1]["problem"], bool(lines[1]["draft"])) == (157, True)
    for bad in ("{", "[]", json.dumps({**visit, "later": 1})):
        file.write_text(bad, "utf-8")
        assert terminal.refused("batch", str(file)) == 172
