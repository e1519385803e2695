"""What a district gives out reaches every desk once, signed, and only goes forward."""

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from unittest import mock

import pytest

from desk_app.services import commands, notices, papers, publishing
from desk_app.services.catalogue import current_edition
from desk_app.services.hands import Workplace
from desk_app.services.syncing import VaultPort
from desk_app.store import feed, texts
from desk_app.store.vault import Transaction
from schemas.feed import FeedBody
from schemas.problems import Code, Problem
from schemas.publications import DeviceCommand, EditionPublished
from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.publishing import (
    order_command,
    publish_new_calendar,
    publish_new_edition,
    publish_notice,
)
from sync.seal.feed import Addressee, close_feed
from sync.seal.keys import SigningKey
from sync.seal.publications import Published, publish_edition
from tests.support.rigs import Island, a_desk, an_island, enrol, take_case

FIRST = files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
HOLIDAYS = files("assets").joinpath("catalogue", "holidays.json").read_text("utf-8")
PAST, TODAY = date(2026, 11, 1), datetime.now(UTC).date()


def an_edition(number: int, since: date = PAST, law: str = "示例法") -> str:
    """Return edition 1 under another number, with a law's name changed."""
    edition = json.loads(FIRST)
    edition["edition"], edition["effective_from"] = number, since.isoformat()
    edition["items"][0]["legal_basis"][0]["law"] = law
    return json.dumps(edition, ensure_ascii=False, indent=1)


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def give(island: Island, text: str) -> None:
    """Publish an edition, and have the record send it."""
    faults = publish_new_edition(
        island.district.record, text, by="区目录", now=datetime.now(UTC)
    )
    assert faults == ()
    pass_once(island)


def pass_once(island: Island) -> None:
    district = island.district
    report = reconcile_once(
        district.sealed, district.record, district.keys, now=datetime.now(UTC)
    )
    assert (report.waiting, report.set_aside) == ((), 0)


def fetch(island: Island) -> None:
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None


def entries(island: Island, kind: str) -> list[dict[str, object]]:
    """Return the bodies of the filed entries of a kind."""
    found = island.district.record._engine.connect().exec_driver_sql(
        "SELECT entry FROM entries ORDER BY epoch, sequence"
    )
    bodies = [json.loads(row[0])["body"] for row in found]
    return [body for body in bodies if body["kind"] == kind]


def later(place: Workplace, days: int) -> Workplace:
    """The same desk, some days on."""
    then = place.hands.now() + timedelta(days=days)
    hands = dataclasses.replace(place.hands, now=lambda: then)
    return dataclasses.replace(place, hands=hands)


def states(place: Workplace) -> list[tuple[str, int, str, Code | None]]:
    return [(e.kind, e.number, e.state, e.problem) for e in notices.given_out(place)]


def test_an_edition_comes_as_a_difference_and_is_in_use(island: Island) -> None:
    """A thousandth of its size; what was taken before keeps the edition it is under."""
    desk = island.desk
    number = take_case(desk, "HY12-01", seed=1)
    give(island, an_edition(2))
    fetch(island)

    assert desk.edition().edition == 2
    with desk.place.vault.read() as tx:
        (row,) = tx.rows("SELECT body FROM feed WHERE kind = 'edition_published'")
    body = EditionPublished.model_validate_json(str(row[0]))
    assert body.base is not None
    assert len(str(row[0])) < len(FIRST) / 500
    assert states(desk.place) == [("edition", 2, "in_use", None)]
    assert desk.case(number).application.edition == 1
    assert take_case(desk, "HY12-01", seed=2)
    again = [desk.case(row.number).application.edition for row in desk.cases().rows]
    assert sorted(again) == [1, 2]


def test_a_case_keeps_the_law_of_its_own_edition(island: Island) -> None:
    """What is printed and shown of an older case is what held on its day."""
    desk = island.desk
    code = json.loads(FIRST)["items"][0]["code"]
    older = take_case(desk, code, seed=1)
    give(island, an_edition(2))
    fetch(island)
    newer = take_case(desk, code, seed=2)

    def law(number: str) -> str:
        item = desk.edition_of(desk.case(number).application.edition).item(code)
        assert item is not None
        assert papers._load(desk.place, number).item == item
        return item.legal_basis[0].law

    assert law(older) == json.loads(FIRST)["items"][0]["legal_basis"][0]["law"]
    assert law(newer) == "示例法"


def test_an_edition_waits_for_its_day(island: Island) -> None:
    """It is shown with its day, in use on that day and not an hour before."""
    place = island.desk.place
    since = TODAY + timedelta(days=10)
    give(island, an_edition(2, since))
    fetch(island)
    (waiting,) = notices.given_out(place)
    assert (waiting.state, waiting.effective_from) == ("waiting", since)
    assert current_edition(place).edition == 1

    assert publishing.catch_up(later(place, 8)) == 0
    assert current_edition(place).edition == 1
    assert publishing.catch_up(later(place, 11)) == 1
    assert publishing.catch_up(later(place, 12)) == 0
    assert current_edition(place).edition == 2
    assert states(place) == [("edition", 2, "in_use", None)]


def test_a_desk_without_the_base_asks_for_the_whole(island: Island) -> None:
    """Its edition was replaced by hand: the difference fits nothing it has."""
    desk = island.desk
    give(island, an_edition(2))
    give(island, an_edition(3, law="示例法二"))
    with (
        mock.patch.object(texts, "all_of", return_value=()),
        mock.patch.object(publishing, "shipped", return_value=FIRST + " "),
    ):
        fetch(island)
        assert {(e[1], e[2]) for e in states(desk.place)} == {
            (2, "lacking"), (3, "lacking"),
        }  # fmt: skip
    fetch(island)
    pass_once(island)
    fetch(island)

    assert desk.edition().edition == 3
    assert [body["edition"] for body in entries(island, "edition_wanted")] == [2, 3]
    with desk.place.vault.read() as tx:
        rows = tx.rows("SELECT body FROM feed WHERE kind = 'edition_published'")
    whole = [EditionPublished.model_validate_json(str(r[0])) for r in rows]
    assert [body.base is None for body in whole] == [False, False, True, True]


def test_numbers_only_go_forward_at_the_district(island: Island) -> None:
    """An older, an equal and a lossy edition are not given out at all."""
    record, now = island.district.record, datetime.now(UTC)
    give(island, an_edition(3))
    for number in (3, 2):
        with pytest.raises(Problem) as refused:
            publish_new_edition(record, an_edition(number), by="区", now=now)
        assert refused.value.code is Code.EDITION_NOT_NEWER
    lossy = json.loads(an_edition(4))
    dropped = lossy["items"].pop()["code"]
    faults = publish_new_edition(record, json.dumps(lossy), by="区", now=now)
    assert [fault.place for fault in faults] == [f"items/{dropped}"]
    assert publish_new_edition(record, "{}", by="区", now=now)
    assert [each.number for each in record.publications.listed()] == [3]


def _apply(island: Island, body: FeedBody, *, answers: SigningKey) -> None:
    """Hand a body to the desk at the next place of its feed."""
    desk, port = island.desk, VaultPort(island.desk.place)
    (device,) = island.district.sealed.devices()
    to = Addressee(device.device, device.sealing_public, port.feed_cursor() + 1)
    message = close_feed(body, to, answers=answers, now=desk.place.hands.now())
    port.apply_feed(message, body)


def test_an_older_edition_passes_without_effect(island: Island) -> None:
    """A message that comes late moves the cursor and nothing else."""
    place, answers = island.desk.place, island.district.keys.answers
    give(island, an_edition(3))
    fetch(island)
    old = publish_edition(Published(2, PAST, an_edition(2)), base=None, answers=answers)
    _apply(island, old, answers=answers)

    assert current_edition(place).edition == 3
    assert states(place)[0] == ("edition", 2, "passed", None)


def test_an_edition_that_another_key_signed_is_never_used(island: Island) -> None:
    """Kept, said so, not asked for again: it holds up nothing that follows."""
    place, answers = island.desk.place, island.district.keys.answers
    forged = publish_edition(
        Published(2, PAST, an_edition(2)), base=None, answers=SigningKey.generate()
    )
    lying = publish_edition(
        Published(9, PAST, an_edition(2)), base=None, answers=answers
    )
    _apply(island, forged, answers=answers)
    _apply(island, lying, answers=answers)

    assert current_edition(place).edition == 1
    assert states(place) == [
        ("edition", 9, "refused", Code.EDITION_INVALID),
        ("edition", 2, "refused", Code.SIGNATURE_INVALID),
    ]
    give(island, an_edition(2))


def test_p04_a_repeat_and_a_gap_in_the_feed(island: Island) -> None:
    place, answers = island.desk.place, island.district.keys.answers
    port = VaultPort(place)
    body = publish_edition(
        Published(2, PAST, an_edition(2)), base=None, answers=answers
    )
    (device,) = island.district.sealed.devices()

    def at(position: int) -> None:
        to = Addressee(device.device, device.sealing_public, position)
        now = place.hands.now()
        port.apply_feed(close_feed(body, to, answers=answers, now=now), body)

    with pytest.raises(Problem) as gap:
        at(2)
    assert gap.value.code is Code.FEED_GAP
    assert states(place) == []
    at(1)
    at(1)
    assert states(place) == [("edition", 2, "in_use", None)]


def test_p01_a_crash_between_any_two_writes_leaves_all_or_nothing(
    island: Island,
) -> None:
    """Each write of the transaction is made to fail in turn."""
    place, answers = island.desk.place, island.district.keys.answers
    body = publish_edition(
        Published(2, PAST, an_edition(2)), base=None, answers=answers
    )
    real, after = Transaction.run, 0
    while current_edition(place).edition == 1:
        left = after

        def failing(
            tx: Transaction, sql: str, *values: str | int | bytes | None
        ) -> int:
            nonlocal left
            if left == 0:
                raise TimeoutError
            left -= 1
            return real(tx, sql, *values)

        with mock.patch.object(Transaction, "run", failing):
            try:
                _apply(island, body, answers=answers)
            except TimeoutError:
                with place.vault.read() as tx:
                    assert feed.cursor(tx) == 0
                assert states(place) == []
                assert current_edition(place).edition == 1
        after += 1
    assert after > 3
    with place.vault.read() as tx:
        assert feed.cursor(tx) == 1


def test_calendars_and_closed_seasons_follow(island: Island) -> None:
    """The next year's holidays change a deadline; what is no calendar is refused."""
    desk, record, now = island.desk, island.district.record, datetime.now(UTC)
    before = desk.board().calendar_complete_through
    longer = json.loads(HOLIDAYS)
    longer["complete_through"] = "2031-12-31"
    text = json.dumps(longer, ensure_ascii=False)
    kind = publish_new_calendar(record, text, effective_from=PAST, by="区", now=now)
    seasons = files("assets").joinpath("catalogue", "closed_seasons.json")
    closed = publish_new_calendar(
        record, seasons.read_text("utf-8"), effective_from=TODAY + timedelta(days=9),
        by="区", now=now,
    )  # fmt: skip
    assert (kind, closed) == ("holidays", "closed_seasons")
    with pytest.raises(Problem) as wrong:
        publish_new_calendar(record, "{}", effective_from=PAST, by="区", now=now)
    assert wrong.value.code is Code.CALENDAR_INVALID
    pass_once(island)
    fetch(island)

    assert desk.board().calendar_complete_through == date(2031, 12, 31) > before
    assert states(desk.place) == [
        ("closed_seasons", 1, "waiting", None),
        ("holidays", 1, "in_use", None),
    ]


def test_a_notice_is_shown_until_each_clerk_has_seen_it(island: Island) -> None:
    """Who has seen it stands beside it, and at the district."""
    desk, record = island.desk, island.district.record
    now = datetime.now(UTC)
    publish_notice(
        record,
        "台风将至，请停止外出收件。",
        until=None,
        by="区办公室",
        today=TODAY,
        now=now,
    )
    publish_notice(record, "昨日有效", until=PAST, by="区", today=PAST, now=now)
    with pytest.raises(Problem) as empty:
        publish_notice(record, "  ", until=None, by="区", today=TODAY, now=now)
    assert empty.value.code is Code.ANSWER_INCOMPLETE
    pass_once(island)
    fetch(island)
    (notice,) = notices.list_notices(desk.place)
    assert (notice.is_new, notice.seen_by) == (True, ())
    notices.see_notice(desk.place, notice.position)
    notices.see_notice(desk.place, notice.position)

    (seen,) = notices.list_notices(desk.place)
    assert (seen.is_new, seen.seen_by) == (False, ("林窗口",))
    fetch(island)
    pass_once(island)
    assert [b["position"] for b in entries(island, "notice_seen")] == [notice.position]


def test_commands_are_carried_out_once_and_answered(island: Island) -> None:
    """Done, failed or not known: each is answered, none holds up another."""
    desk, district, now = island.desk, island.district, datetime.now(UTC)
    (device,) = district.sealed.devices()

    def order(command: str, **arguments: str) -> None:
        order_command(
            district.record, device.device, command, arguments=arguments, by="区",
            today=TODAY, now=now,
        )  # fmt: skip

    with pytest.raises(Problem) as unknown:
        order("format_disk")
    assert unknown.value.code is Code.COMMAND_UNKNOWN
    order("send_statement", day="2031-01-01")
    order("lock_when_idle")
    order("make_backup")
    pass_once(island)
    fetch(island)
    _apply(
        island,
        DeviceCommand(command="brew_tea", ordered_at=now, ordered_by="区"),
        answers=district.keys.answers,
    )
    commands.carry_out(desk.place, desk.places)
    assert commands.wants_lock(desk.place)
    commands.locked(desk.place)
    assert not commands.wants_lock(desk.place)
    assert commands.carry_out(desk.place, desk.places) == 0
    fetch(island)
    pass_once(island)

    said = {str(b["command"]): b for b in entries(island, "command_done")}
    outcomes = {name: body["outcome"] for name, body in said.items()}
    assert outcomes == {
        "send_statement": "failed",
        "make_backup": "done" if said["make_backup"]["problem"] is None else "failed",
        "lock_when_idle": "done",
        "brew_tea": "unknown",
    }
    assert said["send_statement"]["problem"] == int(Code.DAY_NOT_BEGUN)


def test_a_desk_that_joins_later_is_sent_what_is_in_force(
    island: Island, tmp_path: Path
) -> None:
    """By the record alone; the desk that has it is sent nothing again."""
    give(island, an_edition(2))
    give(island, an_edition(3, law="示例法二"))
    fetch(island)
    second = a_desk(tmp_path / "second")
    try:
        enrol(second, island.district, island.url, terminal="02")
        pass_once(island)
        pass_once(island)
        assert asyncio.run(second.sync(impatient=True)).problem is None
        assert second.edition().edition == 3
        sent = island.district.record.publications.deliveries_of()
        assert {len(desks) for desks in sent.values()} == {2}
    finally:
        second.lock()


def test_p10_what_an_older_program_kept_unread_is_used_by_the_next(
    island: Island,
) -> None:
    """The older desk keeps the message whole; the newer one acts on it, once."""
    place = island.desk.place
    give(island, an_edition(2))
    publish_notice(
        island.district.record, "请更新程序", until=None, by="区", today=TODAY,
        now=datetime.now(UTC),
    )  # fmt: skip
    pass_once(island)
    with mock.patch.object(publishing, "take", return_value=None):
        fetch(island)
    assert states(place) == []
    assert notices.list_notices(place) == ()

    assert publishing.catch_up(place) == 0
    assert publishing.catch_up(place) == 0
    assert current_edition(place).edition == 2
    assert [each.text for each in notices.list_notices(place)] == ["请更新程序"]
