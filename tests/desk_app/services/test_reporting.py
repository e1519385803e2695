"""Answers told back to a district that lost them, each with its own signature."""

from collections.abc import Iterator

import pytest

from desk_app.services import reporting
from desk_app.store import feed, incidents, journal
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.case import Granted
from schemas.encoding import base64_bytes, canonical
from schemas.feed import CaseAnswered
from schemas.healing import AnswerReported
from schemas.journal import JournalEntry
from schemas.publications import NoticePublished
from sync.seal.feed import Addressee, close_feed, is_proven, open_feed
from sync.seal.keys import SealingKey
from tests.support.counter import MONDAY, Counter
from tests.support.ledgers import a_number
from tests.support.rows import undone

KEY = SealingKey.generate()


@pytest.fixture
def tx(counter: Counter) -> Iterator[Transaction]:
    with undone(counter.place.vault) as under_way:
        yield under_way


def _heard(counter: Counter, tx: Transaction, serial: int | None) -> None:
    """Apply an answer as the port does; None: a notice in between."""
    said: CaseAnswered | NoticePublished = NoticePublished(
        text="通知", published_at=MONDAY, published_by="区级"
    )
    if serial is not None:
        said = CaseAnswered(
            number=a_number(serial), revision=0, answered_at=MONDAY,
            answered_by="审核", answer=Granted(licence_number=f"{serial}号"),
        )  # fmt: skip
    at = feed.cursor(tx) + 1
    message = close_feed(
        said, Addressee("d" * 32, KEY.public, at), answers=counter.town.answers,
        now=MONDAY,
    )  # fmt: skip
    body = open_feed(message, answers_public=counter.town.answers.public, key=KEY)
    number = a_number(serial) if serial is not None else None
    feed.add(tx, feed.FeedRecord(
        at, body.kind, number, body.model_dump_json(), message.model_dump_json(),
        utc_text(MONDAY),
    ))  # fmt: skip


def _reports(tx: Transaction) -> list[AnswerReported]:
    kept = journal.between(tx, epoch=0, sequence=0, before=99)
    entries = [JournalEntry.model_validate_json(each.entry) for each in kept]
    return [e.body for e in entries if isinstance(e.body, AnswerReported)]


def test_p08_each_answer_between_two_places_is_told_with_its_proof(
    counter: Counter, tx: Transaction
) -> None:
    for serial in (1, None, 2, 3):
        _heard(counter, tx, serial)

    reporting.report_answers(counter.place, tx, after=1, through=3)

    (report,) = _reports(tx)
    assert report.number == a_number(2)
    body = base64_bytes(report.body)
    public = counter.town.answers.public
    assert is_proven(report.message, body, answers_public=public)
    other = canonical(CaseAnswered.model_validate_json(body).model_copy(
        update={"answered_by": "别人"}
    ))  # fmt: skip
    assert not is_proven(report.message, other, answers_public=public)


def test_people_are_told_how_many_and_of_none_nothing(
    counter: Counter, tx: Transaction
) -> None:
    _heard(counter, tx, None)
    reporting.report_answers(counter.place, tx, after=0, through=9)
    assert incidents.listed(tx, unseen_only=True, limit=9) == ()
    for serial in (1, 2):
        _heard(counter, tx, serial)
    reporting.report_answers(counter.place, tx, after=0, through=9)
    (told,) = incidents.listed(tx, unseen_only=True, limit=9)
    assert (told.what, told.detail) == ("answers_reported", {"answers": "2"})
