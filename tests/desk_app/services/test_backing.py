"""Backups: sealed and whole, on a schedule that no clock stops, and only as many."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.services import backing
from desk_app.store import backups
from desk_app.store import settings as kept_settings
from schemas.problems import Code
from tests.support.counter import MONDAY, Counter, a_bare_counter, a_counter, refused


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Counter]:
    """A desk of its own, that never made a backup."""
    made = a_bare_counter(tmp_path / "desk")
    yield made
    made.desk.lock()


def _made(own: Counter) -> backing.Backup:
    return backing.back_up(own.place, own.places)


def test_p02_a_backup_holds_nothing_readable_and_no_passphrase_opens_it(
    own: Counter,
) -> None:
    """Not even the wrapped key is in the open: nothing there can be guessed at."""
    own.put("mark", "林海生11010519491231002X")
    file = _made(own).file
    raw, slots = file.read_bytes(), own.places.keyslots.read_bytes()
    assert "林海生".encode() not in raw
    assert b"SQLite format" not in raw
    assert slots[40:80] not in raw
    assert b"wrapped" not in raw
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_backup_that_breaks_leaves_no_half_file(
    own: Counter, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """The disk fails at the last moment: earlier backups stay, no new name appears."""
    good = _made(own)

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if failing == "fsync" else (Path, "replace")),
                      fail)  # fmt: skip
        refused(Code.BACKUP_NOT_WRITTEN, backing.back_up, own.place, own.places)

    assert list(own.places.backups.glob("*.idv")) == [good.file]
    assert not list(own.places.aside.iterdir())


def test_the_schedule_keeps_the_last_few_and_one_a_week(own: Counter) -> None:
    """Thirty days of daily backups leave a week of days and one of each week."""
    for _ in range(30):
        assert backing.back_up_if_due(own.place, own.places) is not None
        assert backing.back_up_if_due(own.place, own.places) is None
        own.watch.later(days=1)
    every = backing.list_backups(own.place, limit=99)
    there = [each.made_at for each in every if each.present]
    assert len(every) == 30
    assert len(list(own.places.backups.glob("*.idv"))) == len(there)
    assert there[:7] == [MONDAY + timedelta(days=29 - n) for n in range(7)]
    assert there[7:] == [MONDAY + timedelta(weeks=n) for n in (3, 2, 1, 0)]
    assert own.trail().count("backup_removed") > 0


MOMENTS = st.lists(
    st.integers(0, 400 * 24).map(lambda hours: MONDAY + timedelta(hours=hours)),
    max_size=40,
)


@given(MOMENTS)
@settings(derandomize=True, deadline=None)
def test_retention_keeps_the_newest_and_takes_nothing_at_a_second_look(
    made: list[datetime],
) -> None:
    keep = backing.kept(made)
    assert keep <= set(made)
    assert keep >= set(sorted(made)[-backing.KEPT_LAST :])
    assert len(keep) <= backing.KEPT_LAST + backing.KEPT_WEEKS
    assert backing.kept(keep) == keep
    # Whatever week is kept at all keeps the day that it began with.
    weeks = {moment.isocalendar()[:2] for moment in made}
    for week in sorted(weeks)[-backing.KEPT_WEEKS :]:
        first = min(each for each in made if each.isocalendar()[:2] == week)
        assert first in keep


def test_p09_a_clock_that_was_set_back_stops_no_backup(own: Counter) -> None:
    _made(own)
    assert not backing.is_due(own.place)
    own.watch.later(minutes=-30)
    assert not backing.is_due(own.place)
    own.watch.later(days=-400)
    assert backing.is_due(own.place)


def test_a_desk_of_version_0_1_learns_its_recovery_key_once(own: Counter) -> None:
    with own.place.vault.write() as tx:
        tx.run("DELETE FROM settings WHERE name = 'recovery_public'")
    refused(Code.BACKUP_NOT_PREPARED, backing.back_up, own.place, own.places)
    assert not backing.is_due(own.place)
    wrong = "-".join(["0000"] * 8)
    refused(Code.RECOVERY_KEY_WRONG, backing.prepare, own.place, own.places, wrong)
    backing.prepare(own.place, own.places, own.recovery)
    assert _made(own).present


def test_backups_go_where_they_are_told_and_a_lost_folder_is_named(
    own: Counter, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    refused(Code.BACKUP_FOLDER_MISSING, backing.choose_folder, own.place, str(stick))
    stick.mkdir()
    backing.choose_folder(own.place, f" {stick} ")
    assert _made(own).file.parent == stick
    stick.rename(tmp_path / "pulled out")
    refused(Code.BACKUP_FOLDER_MISSING, backing.back_up, own.place, own.places)
    (lost,) = backing.list_backups(own.place)
    assert not lost.present
    backing.choose_folder(own.place, "")
    own.watch.later(minutes=1)
    assert _made(own).file.parent == own.places.backups


def test_one_on_its_way_elsewhere_does_not_put_off_the_next(
    own: Counter, tmp_path: Path
) -> None:
    made = backing.back_up(own.place, own.places, folder=tmp_path, remember=False)
    assert made.present
    assert backing.list_backups(own.place) == ()
    assert backing.is_due(own.place)


def test_an_enrolled_desks_backup_says_how_far_it_goes_and_who_may_open_it(
    tmp_path: Path,
) -> None:
    with a_counter(tmp_path) as counter:
        counter.take(seed=1)
        made = backing.back_up(counter.place, counter.places)
        counter.watch.later(hours=1)
        bare = backing.back_up(counter.place, counter.places, escrow=False)
        read = [backups.read(each.file).header for each in (made, bare)]
        with counter.place.vault.read() as tx:
            device = kept_settings.get(tx, "device")
    assert (made.epoch, made.sequence) == (read[0].epoch, read[0].sequence) == (1, 1)
    assert [header.device for header in read] == [device] * 2
    assert read[0].escrow_key == counter.town.opening.key_id
    assert read[1].escrow_key is None
    assert made.made_at == datetime(2026, 6, 1, 2, tzinfo=UTC)


def test_who_saves_a_case_does_not_wait_for_a_backup(
    counter: Counter,
) -> None:
    """The copy is another connection's: it holds up nobody, and ends as it began."""

    def saves_meanwhile(_: int) -> bool:
        counter.put("meanwhile", "saved")
        return True

    backing.back_up(counter.place, counter.places, progress=saves_meanwhile)
    with counter.place.vault.read() as tx:
        assert kept_settings.get(tx, "meanwhile") == "saved"
