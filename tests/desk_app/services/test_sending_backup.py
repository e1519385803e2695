"""A backup at the district, where somebody opted for it: in parts, once a day."""

import asyncio
import dataclasses
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import backing, restoring, sending_backup
from desk_app.services.desk import Desk
from desk_app.store import backups
from schemas.base import utc_text
from schemas.problems import Code, Problem
from sync.client.http import trusting_only
from sync.district.intake.backups import join_parts, whole_backups
from tests.support.counter import MONDAY, Counter, refused
from tests.support.rigs import PASSPHRASE, a_district, enrol, take_case


def _send(counter: Counter) -> int:
    return asyncio.run(sending_backup.send_backup(counter.place, counter.places))


def _send_if_due(counter: Counter) -> int:
    return asyncio.run(sending_backup.send_if_due(counter.place, counter.places))


def test_to_opt_for_it_is_a_supervisors_and_on_record(counter: Counter) -> None:
    refused(Code.NOT_ALLOWED, sending_backup.opt, counter.as_("wu"), on=True)
    place = counter.as_("lin")
    sending_backup.opt(place, on=True)
    assert counter.trail()[0] == "backup_to_district"
    sending_backup.opt(place, on=False)


def test_where_nobody_opted_for_it_nothing_goes(counter: Counter) -> None:
    sending_backup.opt(counter.place, on=False)
    assert _send_if_due(counter) == 0
    refused(Code.NOT_ALLOWED, _send, counter)
    assert not list(counter.places.home.glob("outgoing/*"))


def test_one_a_day_is_enough(counter: Counter) -> None:
    sending_backup.opt(counter.place, on=True)
    counter.put("backup_sent_at", utc_text(MONDAY - timedelta(hours=23)))
    assert _send_if_due(counter) == 0
    sending_backup.opt(counter.place, on=False)


def test_p02_a_backup_kept_by_the_district_opens_by_the_paper_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opt-in, in parts over a real line, joined there, restored by paper."""
    monkeypatch.setattr("desk_app.services.sending_backup.PART", 100_000)
    with a_district(tmp_path / "district") as (district, url):
        desk = Desk(places(tmp_path / "desk"), real_hands())
        recovery = desk.set_up(
            desk_name="台",
            town="350305107",
            login="lin",
            name="林",
            passphrase=PASSPHRASE,
        )
        desk.unlock("lin", PASSPHRASE)
        enrol(desk, district, url)
        number = take_case(desk, "HY12-01", seed=1)
        with pytest.raises(Problem) as asked:
            asyncio.run(sending_backup.send_backup(desk.place, desk.places))
        assert asked.value.code is Code.NOT_ALLOWED

        sending_backup.opt(desk.place, on=True)
        told: list[int] = []

        def until_the_third(parts: int) -> bool:
            told.append(parts)
            return parts < 2

        send = sending_backup.send_backup
        with pytest.raises(Problem) as stopped:
            asyncio.run(send(desk.place, desk.places, progress=until_the_third))
        assert stopped.value.code is Code.STOPPED
        count = asyncio.run(
            send(desk.place, desk.places, progress=lambda n: not told.append(n))
        )

        assert count > 3
        assert told == [0, 1, 2, *range(2, count)], "it goes on where it was stopped"
        assert backing.is_due(desk.place)
        assert asyncio.run(sending_backup.send_if_due(desk.place, desk.places)) == 0
        (kept,) = whole_backups(tmp_path / "district" / "intake" / "backups")
        file = tmp_path / "back.idv"
        join_parts(kept, file)
        assert backups.read(file).header.escrow_key is None
        other = places(tmp_path / "other")
        restoring.restore(other, real_hands(), file, recovery_key=recovery)
        back = Desk(other, real_hands())
        back.unlock("lin", PASSPHRASE)
        assert back.case(number).row.number == number
        back.lock()
        desk.lock()


class _Cut(httpx.AsyncBaseTransport):
    """A line that breaks for good once so many bodies have gone through."""

    def __init__(self, ca_pem: str, after: int) -> None:
        self.line = httpx.AsyncHTTPTransport(verify=trusting_only(ca_pem))
        self.left = after

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method in {"POST", "PATCH"}:
            self.left -= 1
        if self.left < 0:
            message = "cut"
            raise httpx.ConnectError(message, request=request)
        return await self.line.handle_async_request(request)

    async def aclose(self) -> None:
        await self.line.aclose()


def test_p05_what_was_begun_goes_on_where_it_was_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_app.services.sending_backup.PART", 100_000)
    kept_there = tmp_path / "district" / "intake" / "backups"
    with a_district(tmp_path / "district") as (district, url):
        desk = Desk(places(tmp_path / "desk"), real_hands())
        desk.set_up(
            desk_name="台", town="350305107", login="lin", name="林",
            passphrase=PASSPHRASE,
        )  # fmt: skip
        desk.unlock("lin", PASSPHRASE)
        enrol(desk, district, url)
        sending_backup.opt(desk.place, on=True)
        cut = _Cut(district.charter.ca_pem, after=2)
        hands = dataclasses.replace(desk.place.hands, transport=cut)
        broken = dataclasses.replace(desk.place, hands=hands)

        with pytest.raises(Problem):
            asyncio.run(sending_backup.send_backup(broken, desk.places))

        (waits,) = (desk.places.home / "outgoing").iterdir()
        whole = waits.read_bytes()
        assert whole_backups(kept_there) == ()
        asyncio.run(sending_backup.send_backup(desk.place, desk.places))
        (kept,) = whole_backups(kept_there)
        join_parts(kept, tmp_path / "back.idv")
        assert (tmp_path / "back.idv").read_bytes() == whole
        assert not waits.exists()
        desk.lock()
