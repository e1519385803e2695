"""A desk whose vault holds a million invented cases: for searches and for the window.

`ISLAND_BENCH_CASES` sets how many; `ISLAND_BENCH_HOME` names a folder where the desk is
kept between runs (building it takes some minutes). Most cases are closed, as in a real
vault: the newest two in a hundred are open and wait for a legal day.
"""

import os
import random
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import recounting
from desk_app.services.desk import Desk
from desk_app.store import cases, search
from desk_app.store.vault import Transaction
from schemas.ids import NumberParts, case_number
from schemas.progress import nobody_watches
from tests.support.rigs import PASSPHRASE, a_desk
from tools.sample_cases import person_id

COUNT = int(os.environ.get("ISLAND_BENCH_CASES", "1000000"))
KEPT = os.environ.get("ISLAND_BENCH_HOME")
CHUNK = 20_000
_OPEN_SHARE = 50
_SURNAMES = "林陈黄郑吴许蔡张王李刘杨周徐孙马朱胡郭何"
_GIVEN = "海阿志丽金秀文国建明华英玉美春云飞龙生水宝妹强珠梅兰福贵兴旺平安顺祥瑞"
_START = datetime(2020, 1, 1, 1, 0, tzinfo=UTC)
_MINUTES_APART = 3
_PER_DAY = 24 * 60 // _MINUTES_APART


@lru_cache(maxsize=1)
def names() -> list[str]:
    """Return the invented names, the same every time."""
    dice = random.Random(7)  # noqa: S311 - test data
    return [
        dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2))))
        for _ in range(min(COUNT, 60_000))
    ]


@lru_cache(maxsize=100_000)
def _name_words(name: str) -> tuple[str, str, str]:
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return name, initials, "".join(lazy_pinyin(name))


def vessel_of(number: int) -> str:
    """Return the vessel of a case."""
    return f"闽秀渔{number % 100000:05d}"


def fill(tx: Transaction, first: int, count: int) -> None:
    """Add cases; the same ones whatever the chunks."""
    dice = random.Random(first)  # noqa: S311 - test data
    known = names()
    for number in range(first, first + count):
        name = known[dice.randrange(len(known))]
        vessel = vessel_of(number)
        at = _START + timedelta(minutes=number * _MINUTES_APART)
        parts = NumberParts("350305107", "01",
                            at.date(), number % _PER_DAY + 1)  # fmt: skip
        is_open = number >= COUNT - COUNT // _OPEN_SHARE
        due = (at.date() + timedelta(days=28)).isoformat() if is_open else None
        record = cases.CaseRecord(
            number=case_number(parts),
            item_code="HY01-02", applicant_name=name, identity=person_id(number),
            phone=f"139{number % 10**8:08d}", received_at=at.isoformat(),
            received_day=at.date().isoformat(),
            state="received" if is_open else "closed", revision=0,
            last_epoch=1, last_sequence=number + 1, vessel=vessel,
            due_day=due, due_what="statutory" if due else None,
            standing='{"version":1}',
        )  # fmt: skip
        words = search.words_of([*_name_words(name), "福建省莆田市南日镇", vessel])
        cases.add(tx, record, words=words)
    # Nothing here is in the journal: there is nothing to catch up with.
    search.set_found_to(tx, cases.last_id(tx))


def home_in(folder: Path) -> Path:
    """Return where the desk is: where it is kept, or in the bench's own folder."""
    return Path(KEPT) if KEPT else folder / "million"


def a_million(folder: Path) -> Desk:
    """Return the unlocked desk; made if it is not kept from an earlier run."""
    home = home_in(folder)
    if (home / "full").exists():
        desk = Desk(places(home), real_hands())
        desk.unlock("lin", PASSPHRASE)
        return desk
    desk = a_desk(home)
    for first in range(0, COUNT, CHUNK):
        with desk.place.vault.write() as tx:
            fill(tx, first, min(CHUNK, COUNT - first))
    # The first to log in would count the days of all that waits, line by line.
    recounting.recount(desk.place, progress=nobody_watches)
    (home / "full").touch()
    return desk
