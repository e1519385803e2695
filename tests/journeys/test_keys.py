"""Keys change while work goes on: over the real line, and by file without one."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_app.services import renewing
from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from schemas.case import CaseState, Granted
from schemas.problems import Code, Problem
from sync.client.contacting import greet
from sync.client.http import HttpCarrier
from sync.district.boot.intake import intake_parts
from sync.district.boot.rotating import USES, finish, lagging, retire, rotate
from sync.district.boot.rotating import keys_of as district_keys
from sync.district.intake.keeping import keep_batch
from sync.district.ledger.device_keys import Place
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.approving import approve, invite
from sync.district.reconcile.filing import reconcile_once
from sync.seal.batches import close_batch
from sync.seal.renewal import make_succession
from tests.support.rigs import NANRI, Island, a_desk, an_island, enrol, take_case


def now() -> datetime:
    return datetime.now(UTC)


def sync(island: Island) -> None:
    report = asyncio.run(island.desk.sync(impatient=True))
    assert report.problem is None


def reconcile(island: Island) -> None:
    place = island.district
    report = reconcile_once(place.sealed, place.record, place.keys, now=now())
    assert (report.waiting, report.set_aside) == ((), 0)


def closed_now(island: Island) -> bytes:
    """A batch as a stick would carry it: closed by the keys of this moment."""
    run = VaultPort(island.desk.place).pending_run()
    assert run is not None
    keys = keys_of(island.desk.place)
    return close_batch(
        run, recipient=keys.district_sealing, signing=keys.signing, now=now()
    ).raw


def test_all_three_keys_change_and_nothing_is_lost_on_the_way(tmp_path: Path) -> None:
    """A batch sealed before opens after; receipts and answers of both keys count."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        before = keys_of(desk.place)
        early = take_case(desk, "HY12-01", seed=1)
        old_batch = closed_now(island)

        rotate(district, USES, now=now())
        assert lagging(district) == (before.device,)
        # By stick, after the change: sealed to the former key, and still opened.
        _, parts = intake_parts(tmp_path / "district")
        keep_batch(parts, old_batch)
        parts.ledger.close()
        reconcile(island)
        assert district.record.case(early) is not None

        answer_case(
            district.record, early, Granted(licence_number="1"), by="审核", now=now()
        )
        reconcile(island)
        sync(island)
        after = keys_of(desk.place)
        assert after.district_sealing != before.district_sealing
        assert after.district_receipts != before.district_receipts
        assert after.district_answers != before.district_answers
        assert desk.case(early).row.state is CaseState.GRANTED

        late = take_case(desk, "HY12-01", seed=2)
        sync(island)
        reconcile(island)
        assert district.record.case(late) is not None
        assert lagging(district) == ()
        assert desk.case(late).row.synced


def test_a_retired_key_proves_nothing_any_more(tmp_path: Path) -> None:
    """The overlap ends when the district says so, once every desk has followed."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        rotate(district, ("answers",), now=now())
        former = next(k for k in district_keys(district) if not k.in_force)
        with pytest.raises(Problem) as refused:
            retire(district, former.key_id)
        assert refused.value.code is Code.KEY_STILL_IN_USE
        reconcile(island)
        sync(island)
        assert keys_of(desk.place).answers_public(former.key_id)
        sync(island)

        retire(district, former.key_id)
        reconcile(island)
        sync(island)

        with pytest.raises(Problem) as gone:
            keys_of(desk.place).answers_public(former.key_id)
        assert gone.value.code is Code.SIGNATURE_INVALID
        with pytest.raises(Problem) as unknown:
            retire(district, "0" * 32)
        assert unknown.value.code is Code.KEY_UNKNOWN


def test_two_changes_in_a_row_reach_a_desk_that_was_away(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        for _ in range(2):
            rotate(island.district, USES, now=now())
        reconcile(island)

        sync(island)

        known = keys_of(island.desk.place)
        assert known.district_answers == island.district.keys.answers.public
        assert len(known.former_answers) == len(known.former_receipts) == 2


def test_a_desk_without_a_line_follows_a_file(tmp_path: Path) -> None:
    """The same document, by stick; the feed then brings nothing new."""
    with an_island(tmp_path) as island:
        desk = island.desk
        made = rotate(island.district, USES, now=now())
        assert renewing.follow_file(desk.place, made.model_dump_json()) == 2
        assert renewing.follow_file(desk.place, made.model_dump_json()) == 2

        take_case(desk, "HY12-01", seed=1)
        sync(island)
        reconcile(island)
        sync(island)

        assert desk.sync_status().waiting == 0


def test_a_charter_that_nobody_vouches_for_is_not_followed(tmp_path: Path) -> None:
    with an_island(tmp_path / "one") as island, an_island(tmp_path / "two") as other:
        forged = make_succession(
            island.district.charter, other.district.charter, edition=2,
            answers=other.district.keys.answers, now=now(),
        )  # fmt: skip

        with pytest.raises(Problem) as refused:
            renewing.follow_file(island.desk.place, forged.model_dump_json())

        assert refused.value.code is Code.SUCCESSION_INVALID


def test_a_district_that_died_between_two_steps_finishes_when_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desks were told, the charter not yet changed: nobody is locked out."""
    with an_island(tmp_path) as island:
        district = island.district
        with monkeypatch.context() as dying:
            dying.setattr(
                "sync.district.boot.rotating.put_charter",
                lambda *_: (_ for _ in ()).throw(OSError("power cut")),
            )
            with pytest.raises(OSError, match="power cut"):
                rotate(district, USES, now=now())
        reconcile(island)
        sync(island)
        take_case(island.desk, "HY12-01", seed=1)

        finish(district)
        sync(island)
        reconcile(island)

        assert island.desk.sync_status().waiting == 0


def test_new_desks_join_by_the_new_charter(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        rotate(island.district, USES, now=now())
        second = a_desk(tmp_path / "second")

        enrol(second, island.district, island.url, terminal="02")

        number = take_case(second, "HY12-01", seed=1)
        assert asyncio.run(second.sync(impatient=True)).problem is None
        reconcile(island)
        assert island.district.record.case(number) is not None
        second.lock()


def test_a_desks_keys_change_and_early_batches_still_count(tmp_path: Path) -> None:
    """The old key signs the new; what it signed early and came late is still taken."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        old = keys_of(desk.place)
        renewing.renew(desk.place)
        with pytest.raises(Problem) as twice:
            renewing.renew(desk.place)
        assert twice.value.code is Code.KEYS_RENEWAL_UNDER_WAY
        sync(island)
        reconcile(island)
        assert keys_of(desk.place).signing.key_id == old.signing.key_id

        take_case(desk, "HY12-01", seed=1)
        early = closed_now(island)
        sync(island)
        assert keys_of(desk.place).signing.key_id != old.signing.key_id
        take_case(desk, "HY12-01", seed=2)
        sync(island)
        reconcile(island)
        assert desk.sync_status().waiting == 0

        number = take_case(desk, "HY12-01", seed=3)
        sync(island)
        reconcile(island)
        answer_case(
            district.record, number, Granted(licence_number="1"), by="审", now=now()
        )
        reconcile(island)
        sync(island)
        assert desk.case(number).row.state is CaseState.GRANTED
        # The former sealing key is gone once the feed came under the new one.
        assert keys_of(desk.place).former_sealing == ()
        assert early


def test_a_stolen_old_key_signs_nothing_new(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        desk = island.desk
        old = keys_of(desk.place)
        thief = carrier_of(desk.place)
        renewing.renew(desk.place)
        sync(island)
        reconcile(island)
        sync(island)
        sync(island)
        take_case(desk, "HY12-01", seed=1)
        run = VaultPort(desk.place).pending_run()
        assert run is not None
        forged = close_batch(
            run, recipient=old.district_sealing, signing=old.signing, now=now()
        )
        _, parts = intake_parts(tmp_path / "district")
        with pytest.raises(Problem) as refused:
            keep_batch(parts, forged.raw)
        parts.ledger.close()
        assert refused.value.code is Code.DEVICE_KEY_RETIRED

        async def call(carrier: HttpCarrier) -> Code | None:
            try:
                await greet(VaultPort(desk.place), carrier, old, now=now)
            except Problem as problem:
                return problem.code
            finally:
                await carrier.close()
            return None

        assert asyncio.run(call(thief)) is Code.DEVICE_KEY_RETIRED


def test_a_lost_desk_is_believed_up_to_the_cut_off(tmp_path: Path) -> None:
    """What it signed up to there is taken though it arrives late; no more after."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        device = keys_of(desk.place).device
        first = take_case(desk, "HY12-01", seed=1)
        sync(island)
        kept = closed_all(island)
        second = take_case(desk, "HY12-01", seed=2)
        early = closed_now(island)
        take_case(desk, "HY12-01", seed=3)
        late = closed_now(island)

        district.sealed.keys.revoke(device, reason="示例：遗失", up_to=Place(1, 2))

        _, parts = intake_parts(tmp_path / "district")
        receipt = keep_batch(parts, early)
        assert keep_batch(parts, early) == receipt
        with pytest.raises(Problem) as refused:
            keep_batch(parts, late)
        assert refused.value.code is Code.DEVICE_REVOKED
        assert kept
        district.sealed.keys.revoke(device, reason="示例：遗失", up_to=None)
        assert keep_batch(parts, early) == receipt
        parts.ledger.close()
        reconcile(island)
        assert district.record.case(first) is not None
        assert district.record.case(second) is not None
        report = asyncio.run(desk.sync(impatient=True))
        assert report.problem is Code.DEVICE_REVOKED


def closed_all(island: Island) -> bool:
    """Say whether everything that waits was released."""
    return island.desk.sync_status().waiting == 0


def test_a_desk_that_asked_before_a_change_is_granted_after_it(tmp_path: Path) -> None:
    """The grant brings the charters that lead from the one that its code pinned."""
    with an_island(tmp_path) as island:
        district = island.district
        second = a_desk(tmp_path / "second")
        secret = b"0123456789"
        code, _ = invite(
            district.sealed, district.charter, secret=secret, town=NANRI,
            expires_at=now() + timedelta(days=1),
        )  # fmt: skip
        asyncio.run(second.enrol_with_code(island.url, code))
        rotate(district, USES, now=now())
        pending = [d for d in district.sealed.devices() if d.state == "pending"]

        approve(
            district.sealed, district.charter, district.keys,
            device=pending[0].device, terminal="02", now=now(),
        )  # fmt: skip

        assert asyncio.run(second.poll_grant()) == "granted"
        take_case(second, "HY12-01", seed=1)
        assert asyncio.run(second.sync(impatient=True)).problem is None
        second.lock()
