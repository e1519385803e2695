"""A district's command line as its staff type it, in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from typer.testing import CliRunner, Result

from sync.district.boot.cli import app

Run: TypeAlias = Callable[..., Result]
"""Takes the words after `island-district --home …`."""


def commands_of(home: Path) -> Run:
    """Return a runner of commands on one district."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["--home", str(home), *words])

    return run
