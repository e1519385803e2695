"""What is around every command: words and exit codes, files by name, JSON or lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from schemas.problems import Code, Problem
from sync.district.boot.cli import app
from sync.district.boot.session import problems, read_text, show, write_text, writing
from tests.support.commands import commands_of


def _commands(
    command: Any,
    path: tuple[str, ...] = (),
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, each in getattr(command, "commands", {}).items():
        yield from _commands(each, (*path, name))
    if any(each.name == "as_json" for each in command.params):
        yield path, command


READING = dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", READING, ids=" ".join)
def test_every_reading_command_says_its_problem_as_one_json_object(
    tmp_path: Path, path: tuple[str, ...]
) -> None:
    """Here there is no district at all: exit 3, with JSON as without."""
    needed = []
    for each in READING[path].params:
        if each.required:
            named = each.param_type_name == "option"
            needed += [each.opts[0], "x"] if named else ["x"]
    run = commands_of(tmp_path / "none")
    done, plain = run(*path, *needed, "--json"), run(*path, *needed)
    assert done.exit_code == plain.exit_code, done.output
    if not done.stderr:
        # doctor tells missing files as findings of its own.
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
    assert _raise(Problem(Code.TERMINAL_TAKEN, terminal="07")) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"[{int(Code.TERMINAL_TAKEN)}] ")
    assert "07" in said
    assert len(said.splitlines()) >= 3
    assert _raise(Problem(Code.DISTRICT_NOT_SET_UP)) == 3


def test_a_file_that_the_system_refuses_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _raise(FileNotFoundError(2, "no", "/there/is/none")) == 1
    said = capsys.readouterr().err
    assert f"[{int(Code.FILE_NOT_READABLE)}]" in said
    assert "/there/is/none" in said


def test_a_mistake_of_ours_is_not_dressed_up_as_the_users() -> None:
    with pytest.raises(ZeroDivisionError), problems():
        raise ZeroDivisionError


def test_a_text_is_read_with_or_without_the_mark_that_windows_puts_first(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.json"
    for encoding in ("utf-8", "utf-8-sig"):
        file.write_text('{"名": 1}', encoding)
        assert json.loads(read_text(file)) == {"名": 1}
    file.write_bytes(b"\xff\xfe\x00")
    for unreadable in (file, tmp_path / "none"):
        with pytest.raises(Problem) as refused:
            read_text(unreadable)
        assert refused.value.code is Code.FILE_NOT_READABLE


def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    write_text(tmp_path / "out", "好")
    assert (tmp_path / "out").read_text("utf-8") == "好"
    with pytest.raises(Problem) as refused:
        write_text(tmp_path, "好")
    assert refused.value.code is Code.FILE_NOT_WRITABLE
    with pytest.raises(Problem) as refused, writing(tmp_path / "x"):
        raise OSError(28, "no space")
    assert refused.value.params == {"file": str(tmp_path / "x")}


def test_programs_get_json_and_people_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show({"名": [1, None]}, ["第一行", "第二行"], as_json=True)
    assert json.loads(capsys.readouterr().out) == {"名": [1, None]}
    show({}, ["第一行", "第二行"], as_json=False)
    assert capsys.readouterr().out == "第一行\n第二行\n"
