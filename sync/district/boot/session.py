"""What the district's command line needs around every command."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import JsonValue

from schemas.problems import Code, Problem
from sync.district.boot.district import District, open_district
from sync.district.config.words import problem_words, words

# Whether the command that runs now was given `--json`: its problems are JSON then, too.
_json: ContextVar[bool] = ContextVar("json", default=False)


def say_json(wanted: bool) -> bool:  # noqa: FBT001 - typer's shape of a callback
    """Remember what kind of answer was asked for."""
    _json.set(wanted)
    return wanted


Json = Annotated[bool, typer.Option("--json", help="Print JSON.", callback=say_json)]


@contextmanager
def problems() -> Iterator[None]:
    """Turn what a user can meet into words and an exit code."""
    try:
        yield
    except Problem as problem:
        fail(problem)
    except BrokenPipeError:
        # Whoever read our answer has gone (`… | head`): nobody is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except (OSError, UnicodeDecodeError) as error:
        name = str(getattr(error, "filename", None) or "")
        fail(Problem(Code.FILE_NOT_READABLE, file=name))


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
        typer.echo(json.dumps(told, ensure_ascii=False), err=True)
    else:
        typer.echo(f"[{int(problem.code)}] {title}\n{cause}\n{do}", err=True)
    not_set_up = problem.code is Code.DISTRICT_NOT_SET_UP
    raise typer.Exit(3 if not_set_up else 1)


def read_text(path: Path) -> str:
    """Return a file's text; `Problem(FILE_NOT_READABLE)` names the file."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(Code.FILE_NOT_READABLE, file=str(path)) from error


def write_text(path: Path, text: str) -> None:
    """Write a file that was asked for; `Problem(FILE_NOT_WRITABLE)` names it."""
    with writing(path):
        path.write_text(text, "utf-8")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Write a file in this block, or say by `FILE_NOT_WRITABLE` that it cannot be."""
    try:
        yield
    except OSError as error:
        raise Problem(Code.FILE_NOT_WRITABLE, file=str(path)) from error


def is_same(shown: str, typed: str | None) -> bool:
    """Say whether a person finds a fingerprint the same: typed, or at the prompt."""
    if typed is None:
        return typer.confirm(words("district")["cli.same"])
    return typed.replace(" ", "").upper() == shown.replace(" ", "")


@contextmanager
def opened(context: typer.Context) -> Iterator[District]:
    """Open the side beside the key for one command."""
    with problems():
        district = open_district(context.obj)
        try:
            yield district
        finally:
            district.sealed.close()
            district.record.close()


def show(value: JsonValue, lines: list[str], *, as_json: bool) -> None:
    """Print JSON for programs or lines for people."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(lines))
