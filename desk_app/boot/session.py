"""What the command line needs around every command: the desk, secrets, problems."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from pydantic import JsonValue
from rich.console import Console

from desk_app.boot.hands import real_hands
from desk_app.boot.watching import Watch, watching
from desk_app.config.places import Places, places
from desk_app.services import recounting
from desk_app.services.desk import Desk
from desk_app.text.words import Words, problem_words
from schemas.problems import Code, Problem

PASSPHRASE: Final = "ISLAND_DESK_PASSPHRASE"  # noqa: S105 - the variable's name
LOGIN: Final = "ISLAND_DESK_LOGIN"
RECOVERY: Final = "ISLAND_DESK_RECOVERY_KEY"
# Whether the command that runs now was given `--json`: its problems are JSON then, too.
_json: ContextVar[bool] = ContextVar("json", default=False)


def say_json(wanted: bool) -> bool:  # noqa: FBT001 - typer's shape of a callback
    """Remember what kind of answer was asked for."""
    _json.set(wanted)
    return wanted


Json = Annotated[bool, typer.Option("--json", help="Print JSON.", callback=say_json)]
Login = Annotated[str | None, typer.Option("--login", help="Who asks.")]
EXIT_PROBLEM: Final = 1
EXIT_NOT_SET_UP: Final = 3
out = Console(soft_wrap=True, highlight=False)
_err = Console(stderr=True, soft_wrap=True, highlight=False)


def fail(problem: Problem) -> NoReturn:
    """Print a problem with its number and what to do; exit 1, or 3 if not set up.

    Who asked for JSON gets one JSON object on standard error instead.
    """
    title, cause, do = problem_words(problem)
    if _json.get():
        told = {
            "problem": int(problem.code), "title": title, "cause": cause, "do": do,
            "fields": problem.params,
        }  # fmt: skip
        sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        _err.print(f"[{int(problem.code)}] {title}\n{cause}\n{do}", markup=False)
    code = EXIT_NOT_SET_UP if problem.code is Code.NOT_SET_UP else EXIT_PROBLEM
    raise typer.Exit(code)


@contextmanager
def problems() -> Iterator[None]:
    """Turn what a user can meet into words and an exit code, never a traceback."""
    try:
        yield
    except Problem as problem:
        fail(problem)
    except BrokenPipeError:
        # Whoever read our answer has gone (`… | head`): nobody is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except (OSError, UnicodeDecodeError) as error:
        name = getattr(error, "filename", None) or ""
        fail(Problem(Code.FILE_NOT_READABLE, file=str(name)))


@contextmanager
def watched(key: str, **named: int) -> Iterator[Watch]:
    """Show how far a long work is (words: `key`), and let Ctrl+C stop it."""
    with watching(key, _err, shown=not _json.get(), **named) as watch:
        yield watch


def places_of(home: Path | None) -> Places:
    """Return where the desk of a home folder keeps its files."""
    return places(home)


def desk_at(home: Path | None) -> Desk:
    """Return the desk of a home folder, locked."""
    return Desk(places(home), real_hands())


def secret(variable: str, ask: str) -> str:
    """Return a secret from the environment, a pipe, or a prompt; never arguments."""
    given = os.environ.get(variable)
    if given:
        return given
    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\n")
        if line:
            return line
        raise Problem(Code.PASSPHRASE_MISSING, variable=variable)
    return str(typer.prompt(ask, hide_input=True))


def unlock(desk: Desk, login: str | None) -> None:
    """Unlock by login and passphrase, wherever they come from."""
    words = Words("desk")
    who = login or os.environ.get(LOGIN)
    if not who:
        if not sys.stdin.isatty():
            raise Problem(Code.PASSPHRASE_MISSING, variable=LOGIN)
        who = str(typer.prompt(words("login.login")))
    desk.unlock(who, secret(PASSPHRASE, words("login.passphrase")))
    # The window does this while it goes on; a command shows what it was asked for.
    total = recounting.owed(desk.place)
    with watched("works.recount", total=total) as watch:
        recounting.recount(desk.place, progress=watch)
    watch.check()


def read_text(path: Path) -> str:
    """Return a file's text; `Problem(FILE_NOT_READABLE)` names the file."""
    try:
        # Windows' own editor puts a mark before the text.
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(Code.FILE_NOT_READABLE, file=str(path)) from error


def write_text(path: Path, text: str) -> None:
    """Write a file that was asked for; `Problem(FILE_NOT_WRITABLE)` names it."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file that was asked for; `Problem(FILE_NOT_WRITABLE)` names it."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Problem(Code.FILE_NOT_WRITABLE, file=str(path)) from error


@contextmanager
def unlocked(home: Path | None, login: str | None) -> Iterator[Desk]:
    """Unlock the desk for one command, and lock it again."""
    with problems():
        desk = desk_at(home)
        if not desk.is_set_up:
            raise Problem(Code.NOT_SET_UP)
        unlock(desk, login)
        try:
            yield desk
        finally:
            desk.lock()


def show(value: JsonValue, *, as_json: bool, lines: Iterable[str]) -> None:
    """Print JSON for programs or lines for people."""
    if as_json:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
        return
    for line in lines:
        out.print(line, markup=False)
