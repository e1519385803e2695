"""Folders of desks and districts, copied and put back as people do, and the reckoning.

Every story of a rollback ends with the same reckoning: every number that was ever given
is one case at the district and one at the desk, and both say the same.
"""

import asyncio
import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import fresh_keys, renewing
from desk_app.services.desk import Desk
from desk_app.services.syncing import keys_of
from desk_app.store import incidents
from schemas.case import Granted
from schemas.problems import Code
from sync.client.engine import StepReport
from sync.district.boot.district import District, NewDistrict, init, open_district
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.fresh_keys import approve_keys, asked_fingerprint
from tests.support.rigs import (
    PASSPHRASE,
    Island,
    a_desk,
    an_island,
    enrol,
    serving,
    take_case,
)


def now() -> datetime:
    return datetime.now(UTC)


def at(folder: Path, *, machine: str | None = None) -> Desk:
    """The desk of a folder, unlocked; on another machine where one is named."""
    hands = real_hands()
    if machine is not None:
        hands = dataclasses.replace(hands, machine=machine)
    desk = Desk(places(folder), hands)
    desk.unlock("lin", PASSPHRASE)
    return desk


def sync(desk: Desk) -> StepReport:
    report = asyncio.run(desk.sync(impatient=True))
    assert report.problem is None, report
    return report


def reconcile(district: District) -> None:
    report = reconcile_once(district.sealed, district.record, district.keys, now=now())
    assert report.waiting == ()


def settle(desk: Desk, district: District, *, rounds: int = 4) -> None:
    """Talk until both have said all."""
    for _ in range(rounds):
        sync(desk)
        reconcile(district)


def copy(desk: Desk, to: Path) -> None:
    """What a person does who copies the folder of a closed program."""
    desk.lock()
    shutil.copytree(desk.places.home, to)
    desk.unlock("lin", PASSPHRASE)


@contextmanager
def an_island_copied(folder: Path) -> Iterator[tuple[Island, set[str], Desk]]:
    """An island whose desk was copied to another machine, then took a case and sent it.

    Gives the numbers that were given, and the copy, open.
    """
    with an_island(folder) as island:
        copy(island.desk, folder / "copy")
        numbers = {take_case(island.desk, "HY12-01", seed=1)}
        settle(island.desk, island.district)
        second = at(folder / "copy", machine="another")
        yield island, numbers, second
        second.lock()


def put_back(desk: Desk, saved: Path) -> Desk:
    """What a person does who copies an old folder over the newer one."""
    home = desk.places.home
    desk.lock()
    restored(home, saved)
    return at(home)


def refused_at(desk: Desk) -> Code | None:
    """Talk, and return what the district said no with."""
    return asyncio.run(desk.sync(impatient=True)).problem


def renewed(desk: Desk, district: District) -> None:
    """Renew the desk's keys and use them."""
    before = keys_of(desk.place).signing.key_id
    renewing.renew(desk.place)
    settle(desk, district)
    assert keys_of(desk.place).signing.key_id != before


def approved(desk: Desk, district: District) -> None:
    """Compare the fingerprints and say yes, as people do by telephone."""
    request = fresh_keys.asked(desk.place)
    assert request is not None
    (asked,) = district.sealed.keys_requests.pending()
    assert asked_fingerprint(asked) == fresh_keys.asked_fingerprint(request)
    approve_keys(
        district.sealed, district.record, district.charter, district.keys,
        key_id=asked.key_id, now=now(),
    )  # fmt: skip


def restored(home: Path, saved: Path) -> None:
    """What a person does who puts an old folder of a district back."""
    shutil.rmtree(home)
    shutil.copytree(saved, home)


def told(desk: Desk) -> set[str]:
    with desk.place.vault.read() as tx:
        return {each.what for each in incidents.listed(tx, unseen_only=False, limit=50)}


def answered(district: District, number: str) -> None:
    licence = Granted(licence_number=f"证-{number[-6:]}")
    answer_case(district.record, number, licence, by="审核", now=now())


def reckon(desk: Desk, district: District, numbers: set[str]) -> None:
    """Nothing lost, nothing twice, both sides say the same, nothing waits."""
    rows, total = district.record.list_cases(limit=500)
    assert {row.number for row in rows} == numbers
    assert total == len(numbers)
    assert district.record.journals.quarantined() == ()
    assert district.record.journals.broken() == []
    shown = desk.cases(page_size=500)
    assert {row.number for row in shown.rows} == numbers
    assert desk.sync_status().waiting == 0
    for row in rows:
        view = desk.case(row.number)
        assert view.application.model_dump_json() == row.application
        assert view.row.state == row.state
        assert view.row.synced


@contextmanager
def district_of(home: Path, port: int) -> Iterator[District]:
    """A district served from its folder, as after a start of its programs."""
    district = open_district(home)
    with serving(home, port):
        yield district
    district.sealed.close()
    district.record.close()


@contextmanager
def an_island_at(folder: Path, port: int) -> Iterator[tuple[Desk, District]]:
    """An island whose district can be stopped and started at its place."""
    url = f"https://localhost:{port}"
    init(folder / "district", NewDistrict("350305", "秀屿区（示例）", url))
    with district_of(folder / "district", port) as district:
        desk = a_desk(folder / "desk")
        enrol(desk, district, url)
        yield desk, district
