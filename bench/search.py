"""Finding one case among a million: as typed, encrypted, against LIKE and plain SQLite.

`bench.million` makes the vault. Names are random from common syllables; nobody's.
"""

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlcipher3
from pypinyin import Style, lazy_pinyin

from bench.measure import Bar, Comparison, Timing
from bench.million import CHUNK, COUNT, a_million, fill, home_in, names, vessel_of
from desk_app.services.desk import Desk
from desk_app.store import cases
from desk_app.store.migrations.ladder import RUNGS
from desk_app.store.vault import Transaction
from tools.sample_cases import person_id

ROUNDS = 200
PAGE = 20


class _Plain:
    """The same tables in unencrypted SQLite, by the same library."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlcipher3.connect(str(path), isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        for statements in RUNGS.values():
            self.connection.executescript(statements)
        self.tx = Transaction(self.connection)


def _build(folder: Path) -> tuple[Desk, _Plain]:
    desk, plain = a_million(folder), _Plain(folder / "plain.db")
    for first in range(0, COUNT, CHUNK):
        plain.connection.execute("BEGIN")
        fill(plain.tx, first, min(CHUNK, COUNT - first))
        plain.connection.execute("COMMIT")
    return desk, plain


def _queries(kind: str, dice: random.Random) -> str:
    number = dice.randrange(COUNT)
    name = dice.choice(names())
    return {
        "name, two characters": name[:2],
        "whole name": name,
        "pinyin initials": "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)),
        "last four of an id": person_id(number)[-4:],
        "last six of an id": person_id(number)[-6:],
        "vessel": vessel_of(number),
        "free text, two words": f"{name[:2]} 南日",
        "one character": name[:1],
        "one letter": lazy_pinyin(name[:1], style=Style.FIRST_LETTER)[0][:1],
        "two letters": lazy_pinyin(name[:1])[0][:2],
    }[kind]


KINDS = (
    "name, two characters", "whole name", "pinyin initials", "last four of an id",
    "last six of an id", "vessel", "free text, two words", "two letters",
    "one character", "one letter",
)  # fmt: skip

_SHORT = frozenset({"one character", "one letter"})


def _timed(what: str, rounds: int, once: Callable[[int], object]) -> Timing:
    kept = []
    for number in range(rounds):
        started = time.perf_counter()
        once(number)
        kept.append((time.perf_counter() - started) * 1000)
    return Timing(what, tuple(kept))


def run(folder: Path) -> Iterator[Comparison | str]:
    """Measure each way to search."""
    started = time.perf_counter()
    desk, plain = _build(folder)
    vault = desk.place.vault
    size = sum(f.stat().st_size for f in home_in(folder).glob("vault.db*")) / 2**20
    yield (
        f"{COUNT:,} cases made ready in {time.perf_counter() - started:.0f} s; "
        f"the vault has {size:,.0f} MiB"
    )
    for kind in KINDS:
        texts = [
            _queries(kind, random.Random(n))  # noqa: S311 - test data
            for n in range(ROUNDS)
        ]

        def look(n: int, texts: list[str] = texts) -> object:
            with vault.read() as tx:
                wanted = cases.CaseFilter(text=texts[n])
                return cases.page(tx, wanted, limit=PAGE, offset=0)

        def unencrypted(n: int, texts: list[str] = texts) -> object:
            wanted = cases.CaseFilter(text=texts[n])
            return cases.page(plain.tx, wanted, limit=PAGE, offset=0)

        def like(n: int, texts: list[str] = texts) -> object:
            with vault.read() as tx:
                return tx.rows(
                    "SELECT number FROM cases WHERE applicant_name LIKE ?1"
                    " OR identity LIKE ?1 OR vessel LIKE ?1"
                    " ORDER BY received_at DESC LIMIT 20",
                    f"%{texts[n].split()[0]}%",
                )

        bars = (Bar(50 if kind in _SHORT else 20, "p95 ms"), Bar(2, "ratio"))
        yield Comparison(
            _timed(f"search: {kind}", ROUNDS, look),
            (
                _timed("rival: the same index, not encrypted", ROUNDS, unencrypted),
                _timed("rival: SQL LIKE on the same vault", 5, like),
            ),
            bars,
        )

    yield Comparison(
        _timed("first board", 50, lambda _: desk.board()), (), (Bar(300, "median ms"),)
    )
    yield json.dumps({"cases": COUNT, "rounds": ROUNDS})
    desk.lock()
    plain.connection.close()
