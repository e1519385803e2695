"""Bags by command: listed, packed, moved; what is refused has its number."""

import json
from pathlib import Path

from typer.testing import CliRunner

from desk_app.boot.cli import app
from tests.support.rigs import PASSPHRASE, an_island, take_case

ENV = {"ISLAND_DESK_LOGIN": "lin", "ISLAND_DESK_PASSPHRASE": PASSPHRASE}


def test_a_bag_is_packed_listed_and_arrives(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        number = take_case(island.desk, "HY12-01", seed=1)

        def run(*words: str) -> str:
            home = ["--home", str(tmp_path / "desk")]
            done = CliRunner().invoke(app, [*home, "bags", *words], env=ENV)
            assert done.exit_code == 0, done.output
            return done.output

        run("pack", "FD-9", number)
        assert json.loads(run("list", "--json")) == [
            {"bag": "FD-9", "where": "bag", "cases": 1}
        ]
        assert number in run("show", "FD-9")
        run("move", "FD-9", "--to", "district")
        assert island.desk.case(number).papers == "district"

        home = ["--home", str(tmp_path / "desk"), "bags"]
        done = CliRunner().invoke(app, [*home, "move", "NO", "--to", "town"], env=ENV)
        assert done.exit_code == 1
        assert "[1012]" in done.output
        done = CliRunner().invoke(app, [*home, "pack", "FD-9", "350"], env=ENV)
        assert done.exit_code == 1
        assert "Traceback" not in done.output
