"""Finding one case among a million: as typed, encrypted, against LIKE and plain SQLite.

`ISLAND_BENCH_CASES` sets how many cases the vault holds (a million by default; building
it twice takes some minutes). Names are random from common syllables; nobody's.
"""

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlcipher3
from pypinyin import Style, lazy_pinyin

from bench.measure import Comparison, Timing
from desk_app.store import cases, search
from desk_app.store.migrations import m0001_first
from desk_app.store.vault import Transaction, Vault
from schemas.ids import NumberParts, case_number
from tools.sample_cases import person_id

COUNT = int(os.environ.get("ISLAND_BENCH_CASES", "1000000"))
ROUNDS = 200
PAGE = 20
_SURNAMES = "林陈黄郑吴许蔡张王李刘杨周徐孙马朱胡郭何"
_GIVEN = "海阿志丽金秀文国建明华英玉美春云飞龙生水宝妹强珠梅兰福贵兴旺平安顺祥瑞"
_START = datetime(2020, 1, 1, 1, 0, tzinfo=UTC)
_KEY = bytes(range(32))


def _names(dice: random.Random) -> list[str]:
    return [
        dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2))))
        for _ in range(min(COUNT, 60_000))
    ]


def _words(name: str, vessel: str) -> str:
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return search.words_of(
        [name, initials, "".join(lazy_pinyin(name)), "福建省莆田市南日镇", vessel]
    )


def _fill(tx: Transaction, first: int, count: int, names: list[str]) -> None:
    dice = random.Random(first)  # noqa: S311 - test data
    for number in range(first, first + count):
        name = names[dice.randrange(len(names))]
        vessel = f"闽秀渔{number % 100000:05d}"
        at = _START + timedelta(minutes=number * 3)
        parts = NumberParts("350305107", f"{number // 9_000_000 + 1:02d}",
                            at.date(), number % 9999 + 1)  # fmt: skip
        # A unique text of the right shape is enough here: serials repeat in a day.
        record = cases.CaseRecord(
            number=f"{case_number(parts)}-{number}",
            item_code="HY01-02", applicant_name=name, identity=person_id(number),
            phone=f"139{number % 10**8:08d}", received_at=at.isoformat(),
            received_day=at.date().isoformat(), state="received", revision=0,
            last_epoch=1, last_sequence=number + 1, vessel=vessel,
            due_day=(at.date() + timedelta(days=20)).isoformat(), due_what="statutory",
            standing='{"version":1}',
        )  # fmt: skip
        cases.add(tx, record, words=_words(name, vessel))


class _Plain:
    """The same tables in unencrypted SQLite, by the same library."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlcipher3.connect(str(path), isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.executescript(m0001_first.statements())
        self.tx = Transaction(self.connection)


def _build(folder: Path) -> tuple[Vault, _Plain]:
    vault, plain = Vault(folder / "vault.db", _KEY), _Plain(folder / "plain.db")
    names = _names(random.Random(7))  # noqa: S311 - test data
    for first in range(0, COUNT, 20_000):
        count = min(20_000, COUNT - first)
        with vault.write() as tx:
            _fill(tx, first, count, names)
        plain.connection.execute("BEGIN")
        _fill(plain.tx, first, count, names)
        plain.connection.execute("COMMIT")
    return vault, plain


def _queries(kind: str, dice: random.Random, names: list[str]) -> str:
    number = dice.randrange(COUNT)
    name = names[dice.randrange(len(names))]
    return {
        "name, two characters": name[:2],
        "whole name": name,
        "pinyin initials": "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)),
        "last four of an id": person_id(number)[-4:],
        "last six of an id": person_id(number)[-6:],
        "vessel": f"闽秀渔{number % 100000:05d}",
        "free text, two words": f"{name[:2]} 南日",
        "one character": name[:1],
    }[kind]


KINDS = (
    "name, two characters", "whole name", "pinyin initials", "last four of an id",
    "last six of an id", "vessel", "free text, two words", "one character",
)  # fmt: skip


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
    vault, plain = _build(folder)
    size = sum(f.stat().st_size for f in folder.glob("vault.db*")) / 2**20
    yield (
        f"{COUNT:,} cases built twice in {time.perf_counter() - started:.0f} s; "
        f"the vault has {size:,.0f} MiB"
    )
    names = _names(random.Random(7))  # noqa: S311 - test data
    for kind in KINDS:
        texts = [
            _queries(kind, random.Random(n), names)  # noqa: S311 - test data
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

        bar = "bar: p95 50 ms" if kind == "one character" else "bar: p95 20 ms"
        yield Comparison(
            _timed(f"search: {kind}", ROUNDS, look),
            (
                _timed("rival: the same index, not encrypted", ROUNDS, unencrypted),
                _timed("rival: SQL LIKE on the same vault", 5, like),
            ),
            bar,
        )

    def board(_: int) -> object:
        with vault.read() as tx:
            cases.count_on(tx, _START.date().isoformat())
            cases.answered(tx, limit=20)
            return cases.due(tx, limit=20)

    yield Comparison(_timed("rows of the first board", 50, board), (), "bar: 300 ms")
    yield json.dumps({"cases": COUNT, "rounds": ROUNDS})
    vault.close()
