"""What is around every command of the desk: words or JSON, and always an exit code."""

import json
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from desk_app.boot.cli import app
from desk_app.boot.session import (
    problems,
    read_text,
    secret,
    show,
    unlocked,
    write_bytes,
    write_text,
)
from schemas.problems import Code, Problem
from tests.support.rigs import PASSPHRASE, Island
from tests.support.terminal import Terminal


def _commands(
    command: Any,
    path: tuple[str, ...] = (),
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, each in getattr(command, "commands", {}).items():
        yield from _commands(each, (*path, name))
    if any(each.name == "as_json" for each in command.params):
        yield path, command


READING = dict(_commands(typer.main.get_command(app)))


def _words(path: tuple[str, ...]) -> list[str]:
    """A command with something for whatever it cannot do without."""
    said = list(path)
    for each in READING[path].params:
        if each.required:
            given = "1" if each.name in {"epoch", "sequence"} else "x"
            # A day, where it is one; what is refused later is refused by a number.
            given = "2026-11-25" if each.name in {"since", "until"} else given
            named = each.param_type_name == "option"
            said += [each.opts[0], given] if named else [given]
    return said


@pytest.mark.parametrize("path", READING, ids=" ".join)
def test_every_reading_command_says_its_problem_as_one_json_object(
    tmp_path: Path, path: tuple[str, ...]
) -> None:
    """Here there is no desk at all; the exit code is what it is without JSON."""
    home = ["--home", str(tmp_path / "none")]
    done = CliRunner().invoke(app, [*home, *_words(path), "--json"])
    plain = CliRunner().invoke(app, [*home, *_words(path)])
    assert done.exit_code == plain.exit_code, done.output
    if not done.stderr:
        # doctor tells a missing desk as one of its findings.
        assert json.loads(done.stdout)
        return
    told = json.loads(done.stderr)
    assert set(told) == {"problem", "title", "cause", "do", "fields"}
    assert Code(told["problem"])
    assert done.stdout == ""
    assert plain.stderr.startswith(f"[{told['problem']}] {told['title']}\n")


def _raise(error: Exception) -> int:
    with pytest.raises(typer.Exit) as ended, problems():
        raise error
    return ended.value.exit_code


def test_a_problem_becomes_its_number_words_and_an_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _raise(Problem(Code.CASE_UNKNOWN, number="350305107")) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"[{int(Code.CASE_UNKNOWN)}] ")
    assert _raise(Problem(Code.NOT_SET_UP)) == 3
    assert _raise(FileNotFoundError(2, "no", "/there/is/none")) == 1
    assert "/there/is/none" in capsys.readouterr().err


def test_a_mistake_of_ours_is_not_dressed_up_as_the_users() -> None:
    with pytest.raises(ZeroDivisionError), problems():
        raise ZeroDivisionError


def test_files_are_read_and_written_or_named(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("{}", "utf-8-sig")
    assert read_text(file) == "{}"
    write_text(file, "好")
    assert file.read_text("utf-8") == "好"
    with pytest.raises(Problem) as unreadable:
        read_text(tmp_path)
    with pytest.raises(Problem) as unwritable:
        write_text(tmp_path, "x")
    with pytest.raises(Problem, match="gone"):
        write_bytes(tmp_path / "gone" / "day.pdf", b"")
    assert (unreadable.value.code, unwritable.value.code) == (
        Code.FILE_NOT_READABLE, Code.FILE_NOT_WRITABLE,
    )  # fmt: skip


def test_programs_get_json_and_people_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show({"名": [1, None]}, as_json=True, lines=["一"])
    assert json.loads(capsys.readouterr().out) == {"名": [1, None]}
    show({}, as_json=False, lines=["[b]一[/b]", "二"])
    assert capsys.readouterr().out == "[b]一[/b]\n二\n", "no markup is made of it"


def test_a_secret_comes_from_the_environment_or_a_pipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOME_SECRET", "from the environment")
    assert secret("SOME_SECRET", "?") == "from the environment"
    monkeypatch.delenv("SOME_SECRET")
    monkeypatch.setattr(sys, "stdin", StringIO("from a pipe \nmore\n"))
    assert secret("SOME_SECRET", "?") == "from a pipe ", "spaces may belong to it"
    monkeypatch.setattr(sys, "stdin", StringIO(""))
    with pytest.raises(Problem) as missing:
        secret("SOME_SECRET", "?")
    assert missing.value.code is Code.PASSPHRASE_MISSING
    assert missing.value.params == {"variable": "SOME_SECRET"}


def test_a_desk_is_locked_again_whatever_the_command_did(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISLAND_DESK_LOGIN", "lin")
    monkeypatch.setenv("ISLAND_DESK_PASSPHRASE", PASSPHRASE)
    home = island.desk.places.home
    with unlocked(home, None) as desk:
        assert desk.session is not None
    assert desk.session is None
    with pytest.raises(typer.Exit), unlocked(home, None) as desk:
        raise Problem(Code.DISK_FULL)
    assert desk.session is None


@pytest.mark.parametrize(
    ("environment", "number"),
    [
        ({"ISLAND_DESK_PASSPHRASE": "wrong"}, 101),
        ({"ISLAND_DESK_LOGIN": "nobody"}, 101),
        ({"ISLAND_DESK_PASSPHRASE": ""}, 103),
        ({"ISLAND_DESK_LOGIN": ""}, 103),
    ],
)
def test_who_does_not_say_who_he_is_gets_nothing(
    terminal: Terminal, environment: dict[str, str], number: int
) -> None:
    done = terminal.run("cases", **environment)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"[{number}]")


def test_the_login_may_be_an_option_and_the_passphrase_a_pipe(
    terminal: Terminal,
) -> None:
    done = terminal.run(
        "cases", "--json", "--login", "chen", given=f"{PASSPHRASE}\n",
        ISLAND_DESK_PASSPHRASE="",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert isinstance(json.loads(done.stdout), list)
