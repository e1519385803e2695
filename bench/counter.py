"""What a clerk waits for at the counter: saving, checking, finding, printing."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import Comparison, in_turns
from desk_app.services.desk import Desk
from desk_app.services.receiving import When, receive_case
from schemas.case import MaterialTaken
from tests.support.rigs import PASSPHRASE, an_island, take_case
from tools.sample_cases import sample_applicant, sample_form, sample_materials

ITEM = "HY01-02"


@contextmanager
def a_bare_database(folder: Path) -> Iterator[sqlite3.Connection]:
    """Plain SQLite on the same disk with the same durability, and no encryption."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE cases (number TEXT PRIMARY KEY, body TEXT)")
    yield connection
    connection.close()


def run(folder: Path) -> Iterator[Comparison]:
    """Measure the counter on one enrolled desk."""
    with an_island(folder) as island, a_bare_database(folder) as bare:
        desk = island.desk
        drafts = [_draft(desk, seed) for seed in range(120)]
        body = "x" * 2500

        def accept(number: int) -> None:
            receive_case(desk.place, drafts[number], When())

        def insert(number: int) -> None:
            bare.execute("INSERT INTO cases VALUES (?, ?)", (str(number), body))

        draft = desk.draft(_draft(desk, 500))

        def type_on(number: int) -> None:
            form = {**draft.form, "typed": str(number)}
            desk.save_draft(dataclasses.replace(draft, form=form))

        saved, ours, rival = in_turns(
            ("save what is typed, durably (each field)", type_on),
            ("accept: check, number, journal, audit, index, registers", accept),
            ("rival: one bare insert of 2.5 KB, same sync, no cipher", insert),
            rounds=100,
        )
        yield Comparison(saved, (rival,), "bar: 3 × the rival's")
        yield Comparison(ours, (rival,), "bar: 3 × the rival's")
        (checked,) = in_turns(
            ("check a whole form", lambda _: desk.check(draft)), rounds=50
        )
        yield Comparison(checked)

        number = take_case(desk, ITEM, seed=501)
        (printed,) = in_turns(
            ("receipt as PDF, warm", lambda _: desk.receipt_pdf(number)), rounds=30
        )
        yield Comparison(printed, bar="bar: 150 ms")
        (board,) = in_turns(("first board", lambda _: desk.board()), rounds=30)
        yield Comparison(board, bar="bar: 300 ms")
        (unlocked,) = in_turns(
            ("passphrase to open vault", lambda _: desk.unlock("lin", PASSPHRASE)),
            rounds=5, warm=1,
        )  # fmt: skip
        yield Comparison(unlocked)


def _draft(desk: Desk, seed: int) -> str:
    edition = desk.edition()
    item = edition.item(ITEM)
    if item is None:
        raise LookupError(ITEM)
    draft = dataclasses.replace(
        desk.new_draft(ITEM),
        applicant=sample_applicant(item, seed=seed),
        form=sample_form(item, edition, seed=seed),
        materials=tuple(map(MaterialTaken.model_validate, sample_materials(item))),
    )
    desk.save_draft(draft)
    return draft.draft_id
