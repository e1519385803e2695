"""What a clerk waits for at the counter: saving, checking, finding, printing."""

import dataclasses
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import Bar, Comparison, in_turns, together
from desk_app.services import finding
from desk_app.services.desk import Desk
from desk_app.services.receiving import Checked, When, checked, receive_case, save
from desk_app.store import journal
from desk_app.store.vault import Vault
from schemas.case import MaterialTaken
from tests.support.rigs import PASSPHRASE, an_island, take_case
from tools.sample_cases import sample_applicant, sample_form, sample_materials

ITEM = "HY01-02"


@contextmanager
def a_bare_vault(folder: Path) -> Iterator[Callable[[str, bytes], object]]:
    """A vault as the desk's (same disk, sync, cipher) that keeps one row a case."""
    vault = Vault(folder / "bare-vault.db", bytes(range(32)))
    with vault.write() as tx:
        tx.run("CREATE TABLE bare (number TEXT PRIMARY KEY, body BLOB)")

    def insert(number: str, body: bytes) -> None:
        with vault.write() as tx:
            tx.run("INSERT INTO bare VALUES (?, ?)", number, body)

    yield insert
    vault.close()


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
    with (
        an_island(folder) as island,
        a_bare_database(folder) as bare,
        a_bare_vault(folder) as insert_encrypted,
    ):
        desk = island.desk
        drafts = [_draft(desk, seed) for seed in range(120)]
        body = _journal_entry(desk)

        ready: dict[int, Checked] = {}

        def check(number: int) -> None:
            ready[number] = checked(desk.place, drafts[number], When())

        def keep(number: int) -> None:
            save(desk.place, ready[number])

        def insert(number: int) -> None:
            bare.execute("INSERT INTO cases VALUES (?, ?)", (str(number), body))

        draft = desk.draft(_draft(desk, 500))

        def type_on(number: int) -> None:
            form = {**draft.form, "typed": str(number)}
            desk.save_draft(dataclasses.replace(draft, form=form))

        def insert_in_vault(number: int) -> None:
            insert_encrypted(str(number), body)

        def catch_up(_: int) -> None:
            finding.catch_up(desk.place)

        # What was not synced is written out by whoever syncs next, on any file of the
        # disk: that is our own next save, not a rival's.
        in_vault, bare_insert, before, ours, found, saved = in_turns(
            ("rival: its bytes as one row, same sync and cipher", insert_in_vault),
            ("rival: its bytes as one row, same sync, no cipher", insert),
            ("before: read the draft, check all of it, count its days", check),
            ("save a case: number, journal, case, audit, draft gone", keep),
            ("then, no sync: what it is found by", catch_up),
            ("save what is typed, durably (each field)", type_on),
            rounds=100,
        )
        rivals = (in_vault, bare_insert)
        bars = (Bar(3, "ratio", rival=0), Bar(3, "ratio", rival=1))
        yield Comparison(saved, rivals, bars)
        yield Comparison(ours, rivals, bars)
        yield Comparison(before)
        yield Comparison(together("accept: both of them", before, ours), rivals)
        yield Comparison(found)
        (read,) = in_turns(
            ("check a whole form", lambda _: desk.check(draft)), rounds=50
        )
        yield Comparison(read)

        number = take_case(desk, ITEM, seed=501)
        (printed,) = in_turns(
            ("receipt as PDF, warm", lambda _: desk.receipt_pdf(number)), rounds=30
        )
        yield Comparison(printed, bars=(Bar(150, "median ms"),))
        (board,) = in_turns(("first board", lambda _: desk.board()), rounds=30)
        yield Comparison(board, bars=(Bar(300, "median ms"),))
        (unlocked,) = in_turns(
            ("passphrase to open vault", lambda _: desk.unlock("lin", PASSPHRASE)),
            rounds=5, warm=1,
        )  # fmt: skip
        yield Comparison(unlocked)


def _journal_entry(desk: Desk) -> bytes:
    """Return what the desk keeps of a case: the entry of one like those measured."""
    number = receive_case(desk.place, _draft(desk, 600), When())
    with desk.place.vault.read() as tx:
        (kept,) = journal.of_case(tx, number)
    return kept.entry


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
