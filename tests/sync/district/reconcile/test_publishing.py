"""Publishing: numbers go forward, each desk is sent each once, with what it lacks."""

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files

import pytest

from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.publications import (
    CalendarPublished,
    DeviceCommand,
    EditionPublished,
    NoticePublished,
)
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.publishing import (
    deliver_publications,
    newest_edition,
    order_command,
    publish_new_calendar,
    publish_new_edition,
    publish_notice,
    shipped_edition,
    summary,
    whole_edition,
)
from sync.seal.enrolment import document_digest
from tests.support.ledgers import NOW, Writer, granted

TODAY = NOW.date()
SHIPPED = shipped_edition()


def _edition(number: int, **changes: object) -> str:
    document = json.loads(SHIPPED)
    return json.dumps({**document, "edition": number, **changes}, ensure_ascii=False)


def _publish(record: Record, text: str) -> list[str]:
    return [each.place for each in publish_new_edition(record, text, by="赵", now=NOW)]


def _code(verb: Callable[[], object]) -> Code:
    with pytest.raises(Problem) as refused:
        verb()
    return refused.value.code


def test_an_edition_follows_the_last_one(record: Record) -> None:
    assert newest_edition(record) == SHIPPED
    assert _publish(record, _edition(2)) == []
    assert newest_edition(record) == _edition(2)
    for not_newer in (1, 2):
        text = _edition(not_newer)
        assert _code(lambda text=text: _publish(record, text)) is Code.EDITION_NOT_NEWER


def test_an_edition_with_faults_is_not_given_out(record: Record) -> None:
    document = json.loads(SHIPPED)
    dropped = _edition(2, items=document["items"][1:])
    assert _publish(record, dropped) == [f"items/{document['items'][0]['code']}"]
    assert _publish(record, "{}") != []
    assert record.publications.listed() == ()


def test_a_calendar_is_known_by_its_own_format(record: Record) -> None:
    for kind in ("holidays", "closed_seasons"):
        text = (files("assets") / "catalogue" / f"{kind}.json").read_text("utf-8")
        done = publish_new_calendar(
            record, text, effective_from=TODAY, by="赵", now=NOW
        )
        assert done == kind
    for nothing in ("{}", "[]", "no"):
        assert (
            _code(
                lambda text=nothing: publish_new_calendar(
                    record, text, effective_from=TODAY, by="赵", now=NOW
                )
            )
            is Code.CALENDAR_INVALID
        )


def test_a_notice_needs_words(record: Record) -> None:
    def say(text: str) -> None:
        publish_notice(record, text, until=None, by="赵", today=TODAY, now=NOW)

    assert _code(lambda: say("  ")) is Code.ANSWER_INCOMPLETE
    say(" 明日停航 ")
    (given,) = record.publications.listed()
    assert summary(given) == "明日停航"
    assert NoticePublished.model_validate_json(given.body).published_by == "赵"


def test_a_command_is_one_of_those_there_are_and_for_one_desk(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> None:
    one, _ = granted(sealed, "01"), granted(sealed, "02")

    def order(command: str) -> None:
        order_command(
            record, one.device, command, arguments={}, by="赵", today=TODAY, now=NOW
        )

    assert _code(lambda: order("format_disk")) is Code.COMMAND_UNKNOWN
    order("make_backup")
    assert deliver_publications(sealed, record, keys) == 1
    (sent,) = record.unsent()
    assert sent.device == one.device
    assert DeviceCommand.model_validate_json(sent.body).command == "make_backup"


def test_p04_each_desk_is_sent_each_once_also_one_that_joins_later(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> None:
    granted(sealed, "01")
    sealed.ask(Writer().request(), now=NOW)
    publish_notice(record, "通知", until=None, by="赵", today=TODAY, now=NOW)
    assert deliver_publications(sealed, record, keys) == 1
    assert deliver_publications(sealed, record, keys) == 0
    late = granted(sealed, "02")
    assert deliver_publications(sealed, record, keys) == 1
    assert record.unsent()[-1].device == late.device


def test_an_edition_goes_out_as_what_changed_since_the_one_a_desk_has(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> None:
    granted(sealed)
    _publish(record, _edition(2))
    deliver_publications(sealed, record, keys)
    _publish(record, _edition(3))
    deliver_publications(sealed, record, keys)
    whole, change = (
        EditionPublished.model_validate_json(each.body) for each in record.unsent()
    )
    assert whole.base is None
    assert change.base == document_digest(_edition(2))
    assert len(change.packed) * 10 < len(whole.packed)


def test_a_calendar_goes_out_signed(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> None:
    granted(sealed)
    text = (files("assets") / "catalogue" / "holidays.json").read_text("utf-8")
    since = date(2027, 1, 1)
    publish_new_calendar(record, text, effective_from=since, by="赵", now=NOW)
    deliver_publications(sealed, record, keys)
    sent = CalendarPublished.model_validate_json(record.unsent()[0].body)
    assert (sent.calendar, sent.effective_from, sent.text) == ("holidays", since, text)


def test_a_desk_that_lacks_the_base_gets_the_whole_edition_it_names(
    record: Record, keys: ReconcileKeys
) -> None:
    _publish(record, _edition(2))
    desk = Writer()

    def asked(edition: int, digest: str) -> str | None:
        raw = desk.line(
            1, kind="edition_wanted", edition=edition, digest=digest, position=1
        )
        return whole_edition(JournalEntry.model_validate_json(raw), record, keys)

    sent = asked(2, document_digest(_edition(2)))
    assert sent is not None
    assert EditionPublished.model_validate_json(sent).base is None
    assert asked(2, document_digest(_edition(3))) is None
    assert asked(3, document_digest(_edition(3))) is None
    other = JournalEntry.model_validate_json(desk.line(2))
    assert whole_edition(other, record, keys) is None
    assert whole_edition(None, record, keys) is None
