"""Keys by command: listed, renewed and followed on both sides, refused by number."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from schemas.problems import Code
from sync.district.boot.cli import app as district_app
from tests.support.rigs import an_island
from tests.support.terminal import Terminal


def _district(home: Path, *words: str) -> Result:
    return CliRunner().invoke(district_app, ["--home", str(home), *words])


def test_keys_by_command_on_both_sides(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        desk, district = Terminal(tmp_path / "desk"), tmp_path / "district"
        file = tmp_path / "succession.json"
        rotated = _district(district, "keys", "rotate", "--out", str(file))
        assert rotated.exit_code == 0, rotated.output
        listed = json.loads(_district(district, "keys", "list", "--json").output)
        assert sorted(each["in_force"] for each in listed["keys"]) == [
            False, False, False, True, True, True,
        ]  # fmt: skip
        assert len(listed["lagging"]) == 1
        former = next(k["key"] for k in listed["keys"] if not k["in_force"])
        early = _district(district, "keys", "retire", former)
        assert (early.exit_code, "[364]" in early.output) == (1, True)
        assert _district(district, "keys", "retire", former, "--force").exit_code == 0

        assert "不用申请" in desk.type("keys", "ask")
        desk.type("keys", "follow", str(file))
        desk.type("keys", "rotate")
        assert desk.refused("keys", "rotate") == 1061
        states = {each["state"] for each in desk.json("keys", "list")}
        assert {"in_force", "next", "former"} <= states

        device = island.district.sealed.devices()[0].device
        gone = _district(
            district, "revoke", device, "--reason", "示例：遗失", "--from-sequence", "3"
        )
        assert gone.exit_code == 0, gone.output
        cut = island.district.sealed.keys.cut_off(device)
        assert cut is not None
        assert (cut.epoch, cut.sequence) == (1, 2)
        assert _district(district, "restored").exit_code == 0
        noticed = json.loads(_district(district, "rollbacks", "--json").output)
        assert noticed == {"noticed": [], "epochs": []}


def test_a_file_that_is_no_succession_changes_nothing(
    terminal: Terminal, tmp_path: Path
) -> None:
    before = terminal.json("keys", "list")
    assert {"use", "key", "state", "since"} == set(before[0])
    for content in ("", "{}", "not json"):
        (tmp_path / "file").write_text(content, "utf-8")
        assert terminal.refused("keys", "follow", str(tmp_path / "file")) == 403
    assert terminal.refused("keys", "follow", str(tmp_path / "gone")) == 172
    assert terminal.json("keys", "list") == before
    shown = terminal.type("keys", "list")
    assert f"本机签名  在用  {before[0]['key']}" in shown


def test_who_may_not_renew_keys_is_told_so(terminal: Terminal) -> None:
    terminal.login = "chen"
    assert terminal.refused("keys", "rotate") == 105


def test_fresh_keys_are_asked_for_and_used_by_file(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        desk, district = Terminal(tmp_path / "desk"), tmp_path / "district"
        request, grant = tmp_path / "request.json", tmp_path / "grant.json"
        said = desk.type("keys", "ask", "--out", str(request))
        listed = _district(district, "approve", str(request), "--fingerprint", "0")
        assert "[375]" in listed.output
        (asked,) = json.loads(_district(district, "keys", "asked", "--json").output)
        assert asked["fingerprint"] in said
        # By the line it is the same request, and it waits.
        assert asked["fingerprint"] in desk.type("keys", "ask")
        done = _district(
            district, "approve", str(request), "--fingerprint", asked["fingerprint"],
            "--out", str(grant),
        )  # fmt: skip
        assert done.exit_code == 0, done.output

        assert desk.refused("keys", "ask", "--answer", str(request)) == int(
            Code.FILE_NOT_THIS_KIND
        )
        desk.type("keys", "ask", "--answer", str(grant))

        states = {each["key"]: each["state"] for each in desk.json("keys", "list")}
        assert states[asked["key"]] == "in_force"
        (known,) = island.district.sealed.devices()
        assert known.terminal == "01"
