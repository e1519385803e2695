"""Take in a stick: a program of its own, which loads nothing that could open a batch.

It holds the receipt key and the sealed ledger, as the serving intake does, and prints
one JSON object. Who reconciles calls it (`visit_stick`), reconciles, and calls again,
so that the answers of today are on the stick as well.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from schemas.base import Frozen
from schemas.problems import Code, Problem
from sync.district.boot.intake import intake_parts
from sync.district.intake.sticks import take_stick
from sync.seal.selftest import self_test
from sync.stick.stick import DeskTaken, Stick, Trouble


class _Trouble(Frozen):
    file: str
    code: int


class _Desk(Frozen):
    device: str
    receipts: int
    messages: int
    greeted: bool
    troubles: tuple[_Trouble, ...]


class _Said(Frozen):
    """What the program prints: desks, or the problem that ended it."""

    desks: tuple[_Desk, ...] = ()
    problem: int | None = None
    params: dict[str, str | int] = {}


def main(
    folder: Annotated[Path, typer.Argument(help="The stick.")],
    home: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Take in a stick once; exit 1 with a numbered problem."""
    try:
        self_test()
        _, parts = intake_parts(home)
        try:
            desks = take_stick(parts, Stick(folder))
        finally:
            parts.ledger.close()
    except Problem as problem:
        said = _Said(problem=int(problem.code), params=problem.params)
        sys.stdout.write(said.model_dump_json() + "\n")
        raise typer.Exit(1) from problem
    said = _Said(
        desks=tuple(
            _Desk(
                device=each.device,
                receipts=each.receipts,
                messages=each.messages,
                greeted=each.greeted,
                troubles=tuple(
                    _Trouble(file=t.file, code=int(t.code)) for t in each.troubles
                ),
            )
            for each in desks
        )
    )
    sys.stdout.write(said.model_dump_json() + "\n")


def visit_stick(
    folder: Path, *, home: Path | None, reconcile: Callable[[], object]
) -> tuple[DeskTaken, ...]:
    """Take a stick in, let the record follow, and put the answers on the stick."""
    _run(folder, home)
    reconcile()
    return _run(folder, home)


def _run(folder: Path, home: Path | None) -> tuple[DeskTaken, ...]:
    at_home = ["--home", str(home)] if home else []
    command = [sys.executable, "-m", "sync.district.boot.stick", str(folder), *at_home]
    done = subprocess.run(  # noqa: S603 - our own module, no shell
        command, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    try:
        said = _Said.model_validate(json.loads(done.stdout))
    except (ValueError, ValidationError) as error:
        raise Problem(Code.UNEXPECTED) from error
    if said.problem is not None:
        raise Problem(Code(said.problem), **said.params)
    return tuple(
        DeskTaken(
            each.device,
            each.receipts,
            each.messages,
            each.greeted,
            tuple(Trouble(t.file, Code(t.code)) for t in each.troubles),
        )
        for each in said.desks
    )


if __name__ == "__main__":
    typer.run(main)
