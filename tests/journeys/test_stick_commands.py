"""A desk without a line, by commands alone: both programs as their users start them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from desk_app.services.desk import Desk
from sync.district.boot.district import District
from tests.support.rigs import PASSPHRASE, a_desk, a_district, enrol, take_case

ENVIRONMENT = {
    **os.environ,
    "ISLAND_DESK_PASSPHRASE": PASSPHRASE,
    "ISLAND_DESK_LOGIN": "lin",
}


def _run(program: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"{program}.boot.cli", "--home", str(home), *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


def _desk(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run("desk_app", home, "sync", *arguments)


def _ready(tmp_path: Path) -> tuple[Desk, District]:
    with a_district(tmp_path / "district") as (district, url):
        desk = a_desk(tmp_path / "desk")
        enrol(desk, district, url)
        take_case(desk, "HY12-01", seed=1)
        desk.lock()
    return desk, district


def test_a_case_is_receipted_by_stick_with_nothing_served(tmp_path: Path) -> None:
    """No server runs; each step says what it did, in words and as JSON."""
    _ready(tmp_path)
    desk, district, stick = tmp_path / "desk", tmp_path / "district", tmp_path / "usb"
    stick.mkdir()

    exported = _desk(desk, "export", str(stick), "--json")
    assert exported.returncode == 0, exported.stderr
    assert json.loads(exported.stdout)["batches"] == 1
    early = _desk(desk, "import", str(stick))
    assert (early.returncode, "[231]" in early.stderr) == (1, True)
    taken = _run("sync.district", district, "stick", "import", str(stick), "--json")
    assert taken.returncode == 0, taken.stderr
    (row,) = json.loads(taken.stdout)
    assert (row["receipts"], row["greeted"], row["troubles"]) == (1, True, [])
    filed = _run("sync.district", district, "cases", "--json")
    assert len(json.loads(filed.stdout)) == 1
    again = _run("sync.district", district, "stick", "import", str(stick))
    assert again.returncode == 0
    brought = _desk(desk, "import", str(stick), "--json")
    said = json.loads(brought.stdout)
    assert (said["released"], said["verdict"], said["troubles"]) == (1, "agreed", [])
    status = _desk(desk, "status", "--json")
    assert json.loads(status.stdout)["waiting"] == 0


def test_wrong_sticks_are_said_in_words_never_in_tracebacks(tmp_path: Path) -> None:
    _ready(tmp_path)
    (tmp_path / "empty").mkdir()
    for program, words in (("desk_app", "sync"), ("sync.district", "stick")):
        home = tmp_path / ("desk" if words == "sync" else "district")
        for folder, number in (("nowhere", "[1065]"), ("empty", "[1069]")):
            done = _run(program, home, words, "import", str(tmp_path / folder))
            assert done.returncode == 1
            assert number in done.stderr
            assert "Traceback" not in done.stderr


def test_giving_out_and_paper_by_commands(tmp_path: Path) -> None:
    """Every verb of the district that the desk shows, each with its problems."""
    _ready(tmp_path)
    desk, district, stick = tmp_path / "desk", tmp_path / "district", tmp_path / "usb"
    stick.mkdir()

    def at_district(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = _run("sync.district", district, *arguments)
        assert "Traceback" not in done.stderr
        return done

    def at_desk(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = _run("desk_app", desk, *arguments)
        assert "Traceback" not in done.stderr
        return done

    shipped = Path(__file__).parents[2] / "assets" / "catalogue"
    given = ["--by", "区办公室"]
    assert at_district("publish", "notice", "明日停电", *given).returncode == 0
    calendar = str(shipped / "holidays.json")
    assert at_district("publish", "calendar", calendar, *given).returncode == 0
    stale = at_district("publish", "edition", str(shipped / "edition-1.json"), *given)
    assert (stale.returncode, "[171]" in stale.stderr) == (1, True)
    (device,) = json.loads(at_district("devices", "--json").stdout)
    odd = at_district("publish", "command", device["device"], "dance", *given)
    assert "[370]" in odd.stderr
    early = at_district("paper", device["device"], "--out", str(tmp_path / "s.pdf"))
    assert "[371]" in early.stderr
    listed = json.loads(at_district("publish", "list", "--json").stdout)
    assert [each["kind"] for each in listed] == ["holidays", "notice"]

    at_desk("sync", "export", str(stick))
    at_district("stick", "import", str(stick))
    paper = at_district(
        "paper", device["device"], "--out", str(tmp_path / "s.pdf"), "--json"
    )
    codes = json.loads(paper.stdout)["codes"]
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")
    wrong = at_desk("sync", "paper", "https://example.org")
    assert (wrong.returncode, "[1071]" in wrong.stderr) == (1, True)
    taken = at_desk("sync", "paper", *codes, "--json")
    assert json.loads(taken.stdout)["released"] == 1
    at_desk("sync", "import", str(stick))
    (notice,) = json.loads(at_desk("notices", "list", "--json").stdout)
    assert (notice["text"], notice["new"]) == ("明日停电", True)
    assert at_desk("notices", "seen", str(notice["position"])).returncode == 0
    assert "[1076]" in at_desk("notices", "seen", "99").stderr
    (seen,) = json.loads(at_desk("notices", "list", "--json").stdout)
    assert seen["seen_by"] == ["林窗口"]
    (calendar_given,) = json.loads(at_desk("catalogue", "given", "--json").stdout)
    assert calendar_given["state"] == "in_use"


def test_intakes_stick_program_holds_no_code_that_opens() -> None:
    """P2 holds for the stick as for the line."""
    code = "import sys; import sync.district.boot.stick; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    forbidden = ("sync.seal.opening", "sync.district.reconcile")
    assert not [name for name in done.stdout.split() if name.startswith(forbidden)]
