"""What docs/command-line.md says there is, there is."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk_app.boot.cli import app as desk
from sync.district.boot.cli import app as district

_PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"


def _named() -> list[tuple[str, str]]:
    found, program = [], ""
    for line in _PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            program = line.removeprefix("## ")
        elif named := re.match(r"\| `([a-z -]+)` \|", line):
            found.append((program, named.group(1)))
    return found


@pytest.mark.parametrize(("program", "command"), _named())
def test_a_documented_command_is_there(program: str, command: str) -> None:
    app = {"island-desk": desk, "island-district": district}[program]
    done = CliRunner().invoke(app, [*command.split(), "--help"])
    assert done.exit_code == 0, done.output


def test_the_commands_of_the_first_release_are_documented() -> None:
    named = _named()
    assert len(named) > 30
    for program, command in (
        ("island-desk", "intake"), ("island-desk", "doctor"),
        ("island-district", "serve intake"), ("island-district", "answer"),
    ):  # fmt: skip
        assert (program, command) in named
