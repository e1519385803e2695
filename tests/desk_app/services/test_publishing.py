"""What the district gives out: signed, forward only, in use on its day."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from desk_app.services import publishing
from desk_app.services.catalogue import shipped
from desk_app.store import feed, journal, publications, texts
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.feed import FeedBody
from schemas.problems import Code
from schemas.publications import (
    CalendarPublished,
    DeviceCommand,
    EditionPublished,
    EditionWanted,
    NoticePublished,
)
from sync.seal.enrolment import document_digest
from sync.seal.keys import SigningKey
from sync.seal.publications import Published, publish_calendar, publish_edition
from tests.support.counter import MONDAY, Counter, heard
from tests.support.rows import undone

TODAY, LATER = date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def tx(counter: Counter) -> Iterator[Transaction]:
    with undone(counter.place.vault) as under_way:
        yield under_way


def _text(number: int, *, since: date = TODAY, **changes: object) -> str:
    edition = json.loads(shipped("edition"))
    edition |= {"edition": number, "effective_from": since.isoformat(), **changes}
    return json.dumps(edition, ensure_ascii=False)


def _edition(
    counter: Counter, number: int, *, since: date = TODAY, base: str | None = None,
    key: SigningKey | None = None, text: str | None = None,
) -> EditionPublished:  # fmt: skip
    said = Published(number, since, text or _text(number, since=since))
    return publish_edition(said, base=base, answers=key or counter.town.answers)


def _calendar(
    counter: Counter, number: int, text: str | None = None
) -> CalendarPublished:
    said = Published(number, TODAY, text or shipped("holidays"))
    return publish_calendar(said, calendar="holidays", answers=counter.town.answers)


def _take(counter: Counter, tx: Transaction, body: FeedBody) -> tuple[str, int | None]:
    """Take a body as the feed's next; returns how a text stands, and its problem."""
    publishing.take(counter.place, tx, body, heard(tx, body.kind))
    newest = publications.listed(tx, 1)
    return (newest[0].state, newest[0].problem) if newest else ("", None)


def test_an_edition_is_in_use_from_its_day(counter: Counter, tx: Transaction) -> None:
    assert _take(counter, tx, _edition(counter, 2, since=LATER)) == ("waiting", None)
    before = texts.newest(tx, "edition")
    assert before is not None
    assert before[0] == 1
    assert publishing.put_into_use(counter.place, tx) == 0
    counter.watch.later(days=30)
    assert publishing.put_into_use(counter.place, tx) == 1
    newest = texts.newest(tx, "edition")
    assert newest is not None
    assert newest[0] == 2


def test_numbers_only_go_forward(counter: Counter, tx: Transaction) -> None:
    assert _take(counter, tx, _edition(counter, 3)) == ("in_use", None)
    for older in (2, 3):
        assert _take(counter, tx, _edition(counter, older)) == ("passed", None)
    newest = texts.newest(tx, "edition")
    assert newest is not None
    assert newest[0] == 3


def test_what_another_key_signed_is_kept_and_never_used(
    counter: Counter, tx: Transaction
) -> None:
    forged = _edition(counter, 2, key=SigningKey(b"\x55" * 32))
    said = ("refused", int(Code.SIGNATURE_INVALID))
    assert _take(counter, tx, forged) == said
    moved = _calendar(counter, 5).model_copy(update={"number": 6})
    assert _take(counter, tx, moved) == said


def test_a_difference_is_put_together_with_its_base(
    counter: Counter, tx: Transaction
) -> None:
    _take(counter, tx, _edition(counter, 2))
    change = _edition(counter, 3, base=_text(2))
    assert _take(counter, tx, change) == ("in_use", None)
    newest = texts.newest(tx, "edition")
    assert newest is not None
    assert json.loads(newest[1])["edition"] == 3


def test_without_its_base_the_whole_edition_is_asked_for(
    counter: Counter, tx: Transaction
) -> None:
    change = _edition(counter, 3, base=_text(2, title="从未收到"))
    assert _take(counter, tx, change) == ("lacking", int(Code.KEY_MISSING))
    (*_, last) = journal.between(tx, epoch=0, sequence=0, before=99)
    wanted = EditionWanted.model_validate(json.loads(last.entry)["body"])
    assert (wanted.edition, wanted.digest) == (3, document_digest(_text(3)))
    assert _take(counter, tx, _edition(counter, 3)) == ("in_use", None)


@pytest.mark.parametrize(
    "text", ["{}", _text(2, items=[]), _text(9)], ids=["nothing", "dropped", "number"]
)
def test_an_edition_with_faults_is_refused_whole(
    counter: Counter, tx: Transaction, text: str
) -> None:
    said = _take(counter, tx, _edition(counter, 2, text=text))
    assert said == ("refused", int(Code.EDITION_INVALID))


def test_a_calendar_follows_and_a_broken_one_does_not(
    counter: Counter, tx: Transaction
) -> None:
    assert _take(counter, tx, _calendar(counter, 1)) == ("in_use", None)
    assert _take(counter, tx, _calendar(counter, 1)) == ("passed", None)
    broken = _take(counter, tx, _calendar(counter, 2, "{}"))
    assert broken == ("refused", int(Code.PUBLICATION_BROKEN))
    newest = texts.newest(tx, "holidays")
    assert newest is not None
    assert newest[1] == shipped("holidays")


def test_notices_and_commands_are_kept_for_people_and_for_the_desk(
    counter: Counter, tx: Transaction
) -> None:
    notice = NoticePublished(text="停航", published_at=MONDAY, published_by="区级")
    order = DeviceCommand(
        command="make_backup",
        ordered_at=MONDAY,
        ordered_by="区级",
        arguments={"a": "b"},
    )
    _take(counter, tx, notice)
    _take(counter, tx, order)
    assert [n.text for n in publications.notices(tx, day="2026-06-01", limit=9)] == [
        "停航"
    ]
    (command,) = publications.open_commands(tx)
    assert (command.command, json.loads(command.arguments)) == (
        "make_backup", {"a": "b"},
    )  # fmt: skip


def test_p10_what_an_older_program_kept_unread_is_used_by_the_next(
    counter: Counter,
) -> None:
    body = _edition(counter, 2, since=LATER)
    with counter.place.vault.write() as tx:
        at = feed.cursor(tx) + 1
        feed.add(tx, feed.FeedRecord(
            at, body.kind, None, body.model_dump_json(), "{}", utc_text(MONDAY)
        ))  # fmt: skip
    assert publishing.catch_up(counter.place) == 0, "its day has not come"
    counter.watch.later(days=30)
    assert publishing.catch_up(counter.place) == 1
    assert publishing.catch_up(counter.place) == 0
