"""Backups put back: by paper or by the district, over nothing that is there."""

import asyncio
import dataclasses
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import Places, places
from desk_app.services import backing, freezing, restoring
from desk_app.services.access import set_up, unlock
from desk_app.services.desk import Desk
from desk_app.services.hands import Workplace
from desk_app.services.shown import OperatorRow
from desk_app.store import backups, pages, settings
from schemas.backup import ReleaseRequest
from schemas.problems import Code, Problem
from sync.seal.recovery import release
from tests.support.rigs import (
    NANRI,
    PASSPHRASE,
    Island,
    an_island,
    take_case,
)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@dataclasses.dataclass
class Rig:
    """A desk of its own, whose clock the test sets."""

    places: Places
    place: Workplace
    recovery: str
    now: datetime

    def at(self, now: datetime) -> None:
        self.now = now


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    where = places(tmp_path / "desk")
    made = Rig(where, None, "", NOW)  # type: ignore[arg-type]
    hands = dataclasses.replace(real_hands(), now=lambda: made.now)
    first = OperatorRow("0" * 16, "lin", "林", "supervisor", active=True)
    made.recovery = set_up(
        where, hands, desk_name="台", town=NANRI, first=first, passphrase=PASSPHRASE
    )
    made.place = unlock(where, hands, login="lin", passphrase=PASSPHRASE)
    yield made
    made.place.vault.close()


def _put(place: Workplace, name: str, value: str) -> None:
    with place.vault.write() as tx:
        settings.put(tx, name, value)


def test_a_backup_comes_back_on_another_machine_by_the_key_on_paper(
    rig: Rig, tmp_path: Path
) -> None:
    """The vault is whole there, opens as before, and says that it was restored."""
    _put(rig.place, "mark", "林海生")
    made = backing.back_up(rig.place, rig.places)
    other = places(tmp_path / "other")

    done = restoring.restore(
        other, rig.place.hands, made.file, recovery_key=rig.recovery.lower()
    )

    assert done.moved_to is None
    place = unlock(other, rig.place.hands, login="lin", passphrase=PASSPHRASE)
    with place.vault.read() as tx:
        assert settings.get(tx, "mark") == "林海生"
        assert settings.get(tx, "restored_at")
        assert freezing.frozen_in(tx, now=NOW) is not None
        assert freezing.frozen_in(tx, now=NOW + timedelta(days=1)) is None
    place.vault.close()


def test_another_recovery_key_opens_nothing(rig: Rig, tmp_path: Path) -> None:
    made = backing.back_up(rig.place, rig.places)
    wrong = "-".join(["0000"] * 8)

    with pytest.raises(Problem) as refused:
        restoring.restore(
            places(tmp_path / "x"), rig.place.hands, made.file, recovery_key=wrong
        )

    assert refused.value.code is Code.RECOVERY_KEY_WRONG


def test_a_desk_that_is_there_is_moved_aside_never_overwritten(rig: Rig) -> None:
    made = backing.back_up(rig.place, rig.places)
    _put(rig.place, "later", "yes")
    with pytest.raises(Problem) as refused:
        restoring.restore(
            rig.places, rig.place.hands, made.file, recovery_key=rig.recovery
        )
    assert refused.value.code is Code.RESTORE_WOULD_OVERWRITE
    rig.place.vault.close()

    done = restoring.restore(
        rig.places, rig.place.hands, made.file, recovery_key=rig.recovery,
        replace=True,
    )  # fmt: skip

    assert done.moved_to is not None
    assert {"vault.db", "keyslots.json"} <= {f.name for f in done.moved_to.iterdir()}
    rig.place = unlock(rig.places, rig.place.hands, login="lin", passphrase=PASSPHRASE)
    with rig.place.vault.read() as tx:
        assert settings.get(tx, "later") is None


def test_a_drill_says_how_long_and_what_would_be_lost(tmp_path: Path) -> None:
    """Entries only here, entries that the district would send back, drafts changed."""
    with an_island(tmp_path) as island:
        desk = island.desk
        take_case(desk, "HY12-01", seed=1)
        made = backing.back_up(desk.place, desk.places)
        take_case(desk, "HY12-01", seed=2)
        _sync(island)
        take_case(desk, "HY12-01", seed=3)
        desk.new_draft("HY12-01")

        done = restoring.drill(desk.place, desk.places)

        assert done.good
        assert not done.by_recovery_key
        assert (done.entries_lost, done.entries_from_district) == (1, 1)
        assert done.drafts_lost == 1
        assert not list(desk.places.aside.iterdir())

        made.file.write_bytes(made.file.read_bytes()[:-1])
        bad = restoring.drill(desk.place, desk.places)
        assert bad.problem is Code.BACKUP_UNREADABLE
        with desk.place.vault.read() as tx:
            last = backups.last_drill(tx, good=True)
        assert last is not None
        assert last.entries_lost == 1


def _sync(island: Island) -> None:
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None


def test_without_the_recovery_key_the_district_opens_the_escrow(
    tmp_path: Path,
) -> None:
    """The secret comes back sealed to the machine that asked, and to no other."""
    with an_island(tmp_path) as island:
        desk: Desk = island.desk
        number = take_case(desk, "HY12-01", seed=1)
        made = backing.back_up(desk.place, desk.places)
        other = places(tmp_path / "other")
        text, mark = restoring.ask_district(other, real_hands(), made.file)
        request = ReleaseRequest.model_validate_json(text)
        keys = island.district.keys
        answer = release(request, keys.opening, answers=keys.answers, now=NOW)

        assert len(mark) == 39
        with pytest.raises(Problem) as refused:
            restoring.restore(
                places(tmp_path / "third"), real_hands(), made.file, answer=answer
            )
        assert refused.value.code is Code.RELEASE_NOT_FOR_THIS

        restoring.restore(other, real_hands(), made.file, answer=answer)
        back = Desk(other, real_hands())
        back.unlock("lin", PASSPHRASE)
        assert back.case(number).row.number == number
        back.lock()


@pytest.mark.parametrize("told", range(3))
def test_a_backup_or_a_drill_that_is_stopped_leaves_nothing(
    rig: Rig, told: int
) -> None:
    """Each count it tells is a place where somebody may stop it."""
    made = backing.back_up(rig.place, rig.places)
    with rig.place.vault.write() as tx:
        # Some megabytes, so that the copy itself is stopped in its middle, too.
        for n in range(8):
            pages.keep(tx, f"{n:064x}", "image/png", os.urandom(1 << 20))
    folder = set(rig.places.backups.iterdir())
    for work in (backing.back_up, restoring.drill):
        counts: list[int] = []

        def until(count: int, counts: list[int] = counts) -> bool:
            counts.append(count)
            return len(counts) <= told

        with pytest.raises(Problem) as stopped:
            work(rig.place, rig.places, progress=until)
        assert stopped.value.code is Code.STOPPED
        assert set(rig.places.backups.iterdir()) == folder
        assert list(rig.places.aside.iterdir()) == []
    assert [each.file for each in backing.list_backups(rig.place)] == [made.file]


def test_p01_a_restore_that_is_stopped_leaves_the_desk_that_is_there(rig: Rig) -> None:
    """At its first count, in its middle, and at the last before it takes the place."""
    with rig.place.vault.write() as tx:
        for n in range(4):
            pages.keep(tx, f"{n:064x}", "image/png", os.urandom(1 << 20))
    made = backing.back_up(rig.place, rig.places)
    counts: list[int] = []

    def restore(home: Places, most: int) -> None:
        counts.clear()

        def until(count: int) -> bool:
            counts.append(count)
            return len(counts) <= most

        restoring.restore(
            home, rig.place.hands, made.file, recovery_key=rig.recovery,
            replace=True, progress=until,
        )  # fmt: skip

    restore(places(rig.places.home.parent / "other"), 1000)
    told = len(counts)
    assert told > 2 * 4, "each megabyte is read twice"
    _put(rig.place, "later", "yes")
    before = sorted(rig.places.home.iterdir())

    for most in (0, told // 2, told - 1):
        with pytest.raises(Problem) as stopped:
            restore(rig.places, most)
        assert stopped.value.code is Code.STOPPED
        assert len(counts) == most + 1
        assert sorted(rig.places.home.iterdir()) == before
    with rig.place.vault.read() as tx:
        assert settings.get(tx, "later") == "yes"


def test_a_backup_without_an_escrow_opens_by_nothing_but_the_paper(
    rig: Rig, tmp_path: Path
) -> None:
    made = backing.back_up(rig.place, rig.places, escrow=False)
    hands, other = rig.place.hands, places(tmp_path / "other")
    with pytest.raises(Problem) as refused:
        restoring.ask_district(other, hands, made.file)
    assert refused.value.code is Code.BACKUP_WITHOUT_ESCROW
    with pytest.raises(Problem) as refused:
        restoring.restore(other, hands, made.file)
    assert refused.value.code is Code.RECOVERY_KEY_WRONG
    assert not other.vault.exists()


def test_p01_a_restore_that_finds_damage_leaves_the_desk_that_is_there(
    rig: Rig,
) -> None:
    made = backing.back_up(rig.place, rig.places)
    raw = bytearray(made.file.read_bytes())
    raw[-5000] ^= 1
    made.file.write_bytes(bytes(raw))
    with pytest.raises(Problem) as refused:
        restoring.restore(
            rig.places, rig.place.hands, made.file, recovery_key=rig.recovery,
            replace=True,
        )  # fmt: skip
    assert refused.value.code is Code.BACKUP_UNREADABLE
    assert not list(rig.places.home.glob("vault.restoring*"))
    again = unlock(rig.places, rig.place.hands, login="lin", passphrase=PASSPHRASE)
    again.vault.close()


def test_without_a_backup_there_is_nothing_to_drill(rig: Rig) -> None:
    with pytest.raises(Problem) as refused:
        restoring.drill(rig.place, rig.places)
    assert refused.value.code is Code.BACKUP_UNKNOWN


def test_a_drill_by_the_paper_proves_the_paper(rig: Rig) -> None:
    backing.back_up(rig.place, rig.places)
    good = restoring.drill(rig.place, rig.places, recovery_key=rig.recovery)
    assert (good.by_recovery_key, good.problem) == (True, None)
    rig.at(NOW + timedelta(minutes=1))
    wrong = restoring.drill(rig.place, rig.places, recovery_key="-".join(["0000"] * 8))
    assert (wrong.good, wrong.problem) == (False, Code.RECOVERY_KEY_WRONG)
