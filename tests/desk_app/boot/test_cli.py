"""The desk's command line: problems in words, exit codes, the same rules."""

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from desk_app.boot.cli import app
from tests.support.rigs import PASSPHRASE, an_island
from tools.sample_cases import sample_applicant, sample_form, sample_materials

ENV = {"ISLAND_DESK_LOGIN": "lin", "ISLAND_DESK_PASSPHRASE": PASSPHRASE}


def test_a_desk_that_is_not_set_up_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--home", str(tmp_path), "cases"], env=ENV)
    assert done.exit_code == 3
    assert "[100]" in done.output


def test_no_two_commands_share_a_name() -> None:
    """The one registered later would hide the other, with other arguments."""

    def look(group: typer.Typer, path: str) -> None:
        names = [
            command.name or command.callback.__name__.replace("_", "-")
            for command in group.registered_commands
            if command.callback is not None
        ]
        groups = [each.name for each in group.registered_groups]
        doubled = {name for name in names if names.count(name) > 1}
        assert not doubled, (path, doubled)
        assert len(set(groups)) == len(groups), path
        for each in group.registered_groups:
            assert each.typer_instance is not None
            look(each.typer_instance, f"{path} {each.name}")

    look(app, "island-desk")


def test_good_lines_are_taken_even_if_others_are_bad(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        edition = island.desk.edition()
        item = edition.item("HY12-01")
        assert item is not None
        good = {
            "item_code": item.code,
            "applicant": sample_applicant(item, seed=3),
            "form": sample_form(item, edition, seed=3),
            "materials": sample_materials(item),
        }
        lines = [
            json.dumps(good, ensure_ascii=False),
            "{not json",
            json.dumps({**good, "applicant": {"kind": "person"}}),
            json.dumps({**good, "received_at": "2020-01-01T08:00:00+08:00"}),
            json.dumps({**good, "item_code": "HY99-99"}),
        ]
        file = tmp_path / "lines.jsonl"
        file.write_text("\n".join(lines), "utf-8")
        home = ["--home", str(tmp_path / "desk")]
        done = CliRunner().invoke(app, [*home, "intake", str(file)], env=ENV)
        results = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.exit_code == 1
        assert "number" in results[0]
        assert [r.get("problem") for r in results] == [None, 164, 157, 156, 150]
        named = {each["field"] for each in results[2]["fields"]}
        assert "applicant.id_number" in named
        assert island.desk.drafts() == ()

        listed = CliRunner().invoke(app, [*home, "cases", "--json"], env=ENV)
        assert [c["number"] for c in json.loads(listed.stdout)] == [
            results[0]["number"]
        ]
        for command in (["verify"], ["sync", "now"], ["doctor"], ["items", "bzx"]):
            done = CliRunner().invoke(app, [*home, *command], env=ENV)
            assert done.exit_code == 0, done.output
        number = results[0]["number"]
        shown = CliRunner().invoke(app, [*home, "show", number, "--json"], env=ENV)
        assert json.loads(shown.stdout)["synced"]
        other = "350305107-01-20200101-0001-0"
        missing = CliRunner().invoke(app, [*home, "show", other], env=ENV)
        assert missing.exit_code == 1
        assert "[152]" in missing.output


def test_a_catalogue_with_faults_is_refused_with_a_list(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        edition = json.loads(island.desk.edition().model_dump_json())
        dropped = edition["items"].pop()
        edition["edition"] = 2
        file = tmp_path / "edition.json"
        home = ["--home", str(tmp_path / "desk")]
        file.write_text(json.dumps(edition), "utf-8")
        done = CliRunner().invoke(app, [*home, "catalogue", "load", str(file)], env=ENV)
        assert done.exit_code == 1
        assert dropped["code"] in done.output
        dropped["retired"] = True
        edition["items"].append(dropped)
        file.write_text(json.dumps(edition), "utf-8")
        done = CliRunner().invoke(app, [*home, "catalogue", "load", str(file)], env=ENV)
        assert done.exit_code == 0, done.output
        assert island.desk.place is not None
        again = CliRunner().invoke(
            app, [*home, "catalogue", "load", str(file)], env=ENV
        )
        assert "[171]" in again.output
