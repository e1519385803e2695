"""Commands typed at one desk, as a clerk would: their words, numbers and exit codes."""

import json
import re
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from desk_app.boot.cli import app
from tests.support.rigs import PASSPHRASE


class Terminal:
    """Types commands at one desk; `login` is whoever sits there."""

    def __init__(self, home: Path, *, login: str = "lin") -> None:
        self.home, self.login = home, login

    def run(self, *words: str, given: str = "", **environment: str) -> Result:
        """Type a command, with what is piped into it."""
        env = {
            "ISLAND_DESK_PASSPHRASE": PASSPHRASE, "ISLAND_DESK_LOGIN": self.login,
            **environment,
        }  # fmt: skip
        line = ["--home", str(self.home), *words]
        done = CliRunner().invoke(app, line, env=env, input=given)
        told = (words, done.output, done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit), told
        assert "Traceback" not in done.output, told
        return done

    def type(self, *words: str, code: int = 0, given: str = "") -> str:
        """Type a command that ends with this code; returns what it prints."""
        done = self.run(*words, given=given)
        assert done.exit_code == code, (words, done.output)
        return done.stdout

    def json(self, *words: str) -> Any:
        """Type a reading command for a program."""
        return json.loads(self.type(*words, "--json"))

    def refused(self, *words: str, given: str = "", code: int = 1) -> int:
        """Type a command that does nothing; returns the number that it says."""
        done = self.run(*words, given=given)
        assert done.exit_code == code, (words, done.output)
        said = re.match(r"\[(\d+)\]", done.stderr)
        assert said is not None, (words, done.output)
        return int(said.group(1))
