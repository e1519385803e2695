"""A desk put back to before it renewed its own keys: it asks, people decide (P8)."""

import asyncio
from pathlib import Path

import pytest

from desk_app.services import fresh_keys
from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from schemas.case import CaseState
from schemas.problems import Code, Problem
from sync.client.contacting import greet
from sync.district.boot.intake import intake_parts
from sync.district.intake.keeping import keep_batch
from sync.seal.batches import close_batch
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import make_keys_request
from tests.support.putting_back import (
    answered,
    approved,
    copy,
    now,
    put_back,
    refused_at,
    renewed,
    settle,
    sync,
    told,
)
from tests.support.rigs import an_island, take_case


@pytest.mark.parametrize("way", ["line", "file"])
def test_p08_put_back_to_before_its_keys_it_asks_and_everything_arrives_once(
    tmp_path: Path, way: str
) -> None:
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        numbers = {take_case(desk, "HY12-01", seed=n) for n in range(2)}
        settle(desk, district, rounds=1)
        copy(desk, tmp_path / "saved")
        renewed(desk, district)
        lost = {take_case(desk, "HY12-01", seed=n) for n in range(2, 5)}
        settle(desk, district)
        for number in lost:
            answered(district, number)
        settle(desk, district)

        desk = put_back(desk, tmp_path / "saved")
        again = take_case(desk, "HY12-01", seed=9)
        assert refused_at(desk) is Code.DEVICE_KEY_RETIRED
        request = fresh_keys.ask(desk.place)
        assert fresh_keys.ask(desk.place) == request
        # It waits: to ask gives nothing, by itself.
        assert refused_at(desk) is Code.DEVICE_KEY_RETIRED
        approved(desk, district)
        if way == "line":
            assert asyncio.run(fresh_keys.poll(desk.place)) == "granted"
        else:
            kept = asyncio.run(carrier_of(desk.place).request_keys(request))
            assert kept.package is not None
            fresh_keys.use_file(desk.place, kept.package.model_dump_json())

        sync(desk)
        settle(desk, district)
        settle(desk, district)
        assert {"keys_granted", "desk_behind", "healed"} <= told(desk)
        for number in lost:
            assert desk.case(number).row.state is CaseState.GRANTED
        filed = {c.number for c in district.record.list_cases(limit=99)[0]}
        assert numbers | lost <= filed
        assert len(filed) == 6
        assert again in filed
        assert "feed_forked" not in told(desk)
        assert desk.sync_status().waiting == 0
        desk.lock()


def test_p06_a_thief_of_the_retired_key_asks_and_gets_nothing(tmp_path: Path) -> None:
    """The request waits for people; the key signs nothing, and the desk works on."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        old = keys_of(desk.place)
        # It signs as the vault did that was stolen.
        thief = carrier_of(desk.place)
        take_case(desk, "HY12-01", seed=1)
        settle(desk, district, rounds=1)
        renewed(desk, district)
        present = district.sealed.device(old.device)
        own, opening = SigningKey.generate(), SealingKey.generate()
        request = make_keys_request(
            old.device, old.signing, own, opening, feed_cursor=0, now=now()
        )

        async def asks() -> tuple[str, Code | None]:
            status = await thief.request_keys(request)
            assert status.package is None
            try:
                await greet(VaultPort(desk.place), thief, old, now=now)
            except Problem as problem:
                return status.state, problem.code
            finally:
                await thief.close()
            return status.state, None

        assert asyncio.run(asks()) == ("pending", Code.DEVICE_KEY_RETIRED)
        assert district.sealed.device(old.device) == present
        take_case(desk, "HY12-01", seed=2)
        run = VaultPort(desk.place).pending_run()
        assert run is not None
        _, parts = intake_parts(tmp_path / "district")
        for key, code in (
            (own, Code.SIGNATURE_INVALID), (old.signing, Code.DEVICE_KEY_RETIRED),
        ):  # fmt: skip
            forged = close_batch(
                run, recipient=old.district_sealing, signing=key, now=now()
            )
            with pytest.raises(Problem) as refused:
                keep_batch(parts, forged.raw)
            assert refused.value.code is code
        parts.ledger.close()
        # The desk itself is not disturbed by what a thief asks.
        sync(desk)
        settle(desk, district)
        assert desk.sync_status().waiting == 0


def test_p08_a_no_is_told_and_it_may_ask_anew(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        take_case(desk, "HY12-01", seed=1)
        settle(desk, district, rounds=1)
        copy(desk, tmp_path / "saved")
        renewed(desk, district)
        desk = put_back(desk, tmp_path / "saved")
        first = fresh_keys.ask(desk.place)
        assert asyncio.run(fresh_keys.poll(desk.place)) == "pending"
        (asked,) = district.sealed.keys_requests.pending()
        district.sealed.keys_requests.refuse(asked.key_id, reason="示例")

        with pytest.raises(Problem) as refused:
            asyncio.run(fresh_keys.poll(desk.place))

        assert refused.value.code is Code.ENROLMENT_REFUSED
        second = fresh_keys.ask(desk.place)
        assert second.signing_key != first.signing_key
        desk.lock()
