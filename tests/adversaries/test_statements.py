"""Days that are lied about, from either side: every attack in these lists is caught.

A stolen desk writes statements with its real keys; a lying district countersigns with
its real ones. What both hold is agreed to the record, or the day is not agreed (P7).
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_app.services import close_day, days, journalling
from desk_app.services.standing import local_day
from desk_app.services.syncing import VaultPort
from schemas.encoding import JsonObject
from schemas.feed import FeedBody
from schemas.statement import (
    DayClosed,
    Place,
    Statement,
    StatementAgreed,
    StatementDiffers,
    Tally,
)
from sync.district.boot.district import utc_now
from sync.district.reconcile import days as district_days
from sync.district.reconcile.filing import reconcile_once
from sync.seal.agreements import sign_agreement
from sync.seal.feed import Addressee, close_feed
from sync.seal.keys import SigningKey
from tests.support.rigs import Island, an_island, take_case

TODAY = local_day(datetime.now(UTC)).isoformat()


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    """One desk whose attacks follow each other, as a thief's would."""
    with an_island(tmp_path_factory.mktemp("island")) as made:
        for seed in range(3):
            take_case(made.desk, "HY12-01", seed=seed)
        yield made


def _exchange(island: Island, times: int = 1) -> None:
    for _ in range(times):
        assert asyncio.run(island.desk.sync(impatient=True)).problem is None
        d = island.district
        reconcile_once(d.sealed, d.record, d.keys, now=utc_now())


def _at_district(island: Island) -> district_days.DayPage:
    (device,) = island.district.sealed.devices()
    return district_days.view_day(island.district.record, device.device, TODAY)


def _honest(island: Island) -> Statement:
    """What the desk's own program would say at this place of the journal."""
    place = island.desk.place
    days.catch_up(place)
    with place.vault.read() as tx:
        return days.statement_in(tx, days.next_closing(tx, TODAY))


def _forge(island: Island, statement: Statement) -> None:
    place = island.desk.place
    body = DayClosed(
        statement=statement, operator_name="thief", closed_at=place.hands.now()
    )
    with place.vault.write() as tx:
        journalling.append(tx, place, body, number="")


def _bent(**fields: object) -> Callable[[Statement], Statement]:
    return lambda honest: honest.model_copy(update=fields)


BY_A_DESK: dict[str, tuple[Callable[[Statement], Statement], set[str]]] = {
    "counts more than it has": (
        _bent(entries=Tally(count=99, size=99_000)), {"statement_counts"},
    ),
    "leaves an item out": (_bent(items=()), {"statement_counts"}),
    "hides how its numbers were used": (_bent(serials=()), {"statement_counts"}),
    "states another desk's day": (_bent(device="e" * 32), {"statement_foreign"}),
    "states other records": (_bent(root="a" * 64), set()),
    "states a place to come": (_bent(before=Place(epoch=1, sequence=999)), set()),
    "states what it had before": (_bent(before=Place(epoch=1, sequence=1)), set()),
}  # fmt: skip


@pytest.mark.parametrize("attack", BY_A_DESK)
def test_p07_nothing_false_is_countersigned(island: Island, attack: str) -> None:
    """The district signs its own count of what it holds, or nothing at all."""
    forge, expected = BY_A_DESK[attack]
    statement = forge(_honest(island))
    before = {each.finding.kind for each in _at_district(island).findings}

    _forge(island, statement)
    _exchange(island, 3)

    page = _at_district(island)
    known = {each.finding.kind for each in page.findings}
    foreign = island.district.record.findings.of()
    known |= {each.finding.kind for each in foreign}
    assert expected <= known
    if "statement_counts" in expected - before:
        # What was signed are the true counts over the same records.
        assert page.agreement is not None
        assert page.agreement.statement.entries != Tally(count=99, size=99_000)
    for agreement in _all_agreements(island):
        assert agreement.statement == _own_at(island, agreement.statement.before)


def _all_agreements(island: Island) -> list[days.Agreement]:
    record = island.district.record
    (device,) = island.district.sealed.devices()
    found = []
    for closing in record.days.closings(device.device, TODAY):
        document = record.days.agreement(closing.key)
        if document is not None:
            found.append(days.Agreement.model_validate_json(document))
    return found


def _own_at(island: Island, before: Place) -> Statement:
    """What the district's record says of the day up to a place."""
    (device,) = island.district.sealed.devices()
    for each in island.district.record.days.closings(device.device, TODAY):
        if (each.key.epoch, each.key.sequence) == (before.epoch, before.sequence):
            return Statement.model_validate_json(each.own)
    raise AssertionError(before)


def test_p07_a_replayed_statement_closes_nothing(island: Island) -> None:
    """An old closing's very words at a later place: the day stays as it was."""
    close_day.close_day(island.desk.place, TODAY)
    _exchange(island, 2)
    agreed = _at_district(island)
    assert agreed.line.state == "agreed"
    old = agreed.closings[-1].statement
    take_case(island.desk, "HY12-01", seed=40)
    _forge(island, old)
    _exchange(island, 2)
    again = _at_district(island)
    # A late case, and no closing that counts it: reopened for all to see.
    assert again.line.state == "reopened"
    assert len(again.closings) == len(agreed.closings)


def test_p07_a_day_that_is_never_closed_or_reopened_in_silence_is_listed(
    island: Island,
) -> None:
    """Hiding is no way out: the district counts days by the entries that it holds."""
    take_case(island.desk, "HY12-01", seed=41)
    _exchange(island)
    (line,) = district_days.list_days(island.district.record)
    assert (line.day, line.state) == (TODAY, "reopened")
    assert line.late > 0


# -- a district that lies ------------------------------------------------------------


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    """A desk that closed its day twice and waits for the second countersignature."""
    with an_island(tmp_path_factory.mktemp("closed")) as made:
        take_case(made.desk, "HY12-01", seed=1)
        close_day.close_day(made.desk.place, TODAY)
        take_case(made.desk, "HY12-01", seed=2)
        close_day.close_day(made.desk.place, TODAY)
        yield made


def _say(island: Island, body: FeedBody) -> None:
    """Put the district's words into the desk's feed, genuinely signed."""
    port = VaultPort(island.desk.place)
    (device,) = island.district.sealed.devices()
    to = Addressee(device.device, device.sealing_public, port.feed_cursor() + 1)
    answers, now = island.district.keys.answers, island.desk.place.hands.now()
    port.apply_feed(close_feed(body, to, answers=answers, now=now), body)


def _agreement(island: Island, **fields: object) -> JsonObject:
    """What the district would sign of the last closing, with other fields."""
    closing = days.view_day(island.desk.place, TODAY).closings[-1]
    statement = closing.statement.model_dump(mode="json")
    told: JsonObject = {
        "statement": statement,
        "closed": statement["before"],
        "operator": "1" * 16,
        "operator_name": closing.operator_name,
        "agreed_at": "2026-11-25T04:00:00.000Z",
        "exceptions": [],
    }
    for name, value in fields.items():
        if name in Statement.model_fields:
            statement[name] = value  # type: ignore[assignment]
        else:
            told[name] = value  # type: ignore[assignment]
    return told


def _exception(sequence: int) -> JsonObject:
    difference = {
        "what": "missing_at_district", "epoch": 1, "sequence": sequence,
        "desk": "d" * 64, "number": "",
    }  # fmt: skip
    return {
        "difference": difference, "ruling": "never came", "ruled_by": "district",
        "ruled_at": "2026-11-25T04:00:00.000Z",
    }  # fmt: skip


BY_A_DISTRICT: dict[str, dict[str, object]] = {
    "signs records that it was not shown": {"root": "a" * 64},
    "lets one exception cover all the rest": {
        "root": "a" * 64, "exceptions": [_exception(1)],
    },
    "signs another desk's statement": {"device": "e" * 32},
    "signs another day": {"day": "2026-01-01"},
    "signs the version before for this one": {"version": 1},
    "signs another place of the journal": {"closed": {"epoch": 1, "sequence": 2}},
    "signs up to another place": {"before": {"epoch": 1, "sequence": 2}},
}  # fmt: skip


@pytest.mark.parametrize("attack", BY_A_DISTRICT)
def test_p07_no_day_is_agreed_by(closed: Island, attack: str) -> None:
    """It is kept and shown as not valid; the day goes on waiting."""
    document = sign_agreement(
        _agreement(closed, **BY_A_DISTRICT[attack]), closed.district.keys.answers
    )
    _say(closed, StatementAgreed(day=TODAY, version=2, document=document))

    view = days.view_day(closed.desk.place, TODAY)
    assert view.row.state == "closed"
    assert not view.agreement_genuine
    assert days.owed(closed.desk.place).waiting == (TODAY,)


def test_p07_a_countersignature_by_any_other_key_is_none(closed: Island) -> None:
    document = sign_agreement(_agreement(closed), SigningKey.generate())
    _say(closed, StatementAgreed(day=TODAY, version=2, document=document))
    assert days.view_day(closed.desk.place, TODAY).row.state == "closed"


def test_p07_exceptions_that_make_up_the_difference_are_agreed(
    closed: Island, tmp_path: Path
) -> None:
    """The honest counterpart, and then its denial: neither changes what was signed."""
    del tmp_path
    document = sign_agreement(_agreement(closed), closed.district.keys.answers)
    _say(closed, StatementAgreed(day=TODAY, version=2, document=document))
    view = days.view_day(closed.desk.place, TODAY)
    assert view.row.state == "agreed"
    assert view.agreement_genuine

    denied = StatementDiffers(
        day=TODAY, version=2, before=view.closings[-1].statement.before,
        found_at=closed.desk.place.hands.now(), rounds=1, differences=(),
    )  # fmt: skip
    _say(closed, denied)
    after = days.view_day(closed.desk.place, TODAY)
    # People see that it is disputed, and the signature that says otherwise is there.
    assert after.row.state == "differs"
    assert after.agreement == view.agreement
    assert after.agreement_genuine


def test_p07_a_late_entry_is_not_covered_by_the_signature_of_before(
    closed: Island,
) -> None:
    """The district says "agreed" again; the day was reopened since, and stays so."""
    document = sign_agreement(_agreement(closed), closed.district.keys.answers)
    take_case(closed.desk, "HY12-01", seed=3)
    _say(closed, StatementAgreed(day=TODAY, version=2, document=document))
    row = days.view_day(closed.desk.place, TODAY).row
    assert (row.state, row.late) == ("reopened", 1)
