"""What the district gave out: texts wait for their day, words are seen, orders done."""

import dataclasses

import pytest
import sqlcipher3

from desk_app.store import feed, publications
from desk_app.store.feed import FeedRecord
from desk_app.store.publications import CommandRecord, NoticeRecord, PublicationRecord
from desk_app.store.vault import Transaction
from tests.support.rows import AT, DAY

EDITION = PublicationRecord(1, "edition", 3, "2026-12-01", "d" * 64, "{}", "waiting")


@pytest.fixture
def heard(tx: Transaction) -> Transaction:
    """A feed of nine messages: what is given out has its place there."""
    for position in range(1, 10):
        feed.add(tx, FeedRecord(position, f"kind {position}", None, "{}", "m", AT))
    return tx


def _notice(tx: Transaction, position: int, until: str | None = None) -> NoticeRecord:
    notice = NoticeRecord(position, f"台风 {position}", AT, "区局", until, ())
    publications.add_notice(tx, notice)
    return notice


def test_a_text_waits_for_its_day_the_lowest_number_first(heard: Transaction) -> None:
    later = dataclasses.replace(EDITION, position=2, number=2)
    calendar = dataclasses.replace(
        EDITION, position=3, kind="holidays", effective_from="2027-01-01"
    )
    for record in (EDITION, later, calendar):
        publications.add(heard, record)
    assert publications.waiting(heard) == (later, EDITION, calendar)
    assert publications.waiting(heard, "2026-11-30") == ()
    assert publications.waiting(heard, "2026-12-01") == (later, EDITION)


def test_a_settled_text_waits_no_more_and_is_listed_without_its_words(
    heard: Transaction,
) -> None:
    publications.add(heard, EDITION)
    refused = dataclasses.replace(EDITION, position=2, state="refused", problem=311)
    publications.add(heard, refused)
    publications.settle(heard, 1, "in_use", at=AT)
    assert publications.waiting(heard) == ()
    used = dataclasses.replace(EDITION, text=None, state="in_use")
    assert publications.listed(heard, 9) == (
        dataclasses.replace(refused, text=None), used
    )  # fmt: skip
    (kept,) = heard.rows("SELECT text, settled_at FROM publications WHERE position = 1")
    assert kept == (None, AT)


def test_numbers_go_forward_from_what_is_in_use_or_waits(heard: Transaction) -> None:
    assert publications.newest_number(heard, "edition") == 0
    for position, number, state in ((1, 3, "in_use"), (2, 5, "waiting"),
                                    (3, 9, "refused"), (4, 8, "lacking")):  # fmt: skip
        publications.add(heard, dataclasses.replace(
            EDITION, position=position, number=number, state=state
        ))  # fmt: skip
    assert publications.newest_number(heard, "edition") == 5
    assert publications.newest_number(heard, "holidays") == 0


def test_a_notice_holds_through_its_last_day_and_knows_who_saw_it(
    heard: Transaction,
) -> None:
    short = _notice(heard, 1, until=DAY)
    always = _notice(heard, 2)
    assert publications.notices(heard, day=DAY, limit=9) == (always, short)
    assert publications.notices(heard, day="2026-11-24", limit=9) == (always,)
    assert publications.see(heard, 1, "lin", at="1")
    assert publications.see(heard, 1, "chen", at="0")
    assert not publications.see(heard, 1, "lin", at="2")
    seen = publications.notices(heard, day=DAY, limit=9)[1].seen_by
    assert seen == ("chen", "lin")


def test_a_command_is_done_once_and_its_outcome_stands(heard: Transaction) -> None:
    sync_now = CommandRecord(4, "sync_now", "{}", None)
    back_up = CommandRecord(2, "back_up", "{}", None)
    for command in (sync_now, back_up):
        publications.add_command(heard, command)
    assert publications.open_commands(heard) == (back_up, sync_now)
    assert publications.command_done(heard, 2, "failed", at=AT)
    assert not publications.command_done(heard, 2, "done", at=AT)
    assert publications.open_commands(heard) == (sync_now,)
    with pytest.raises(sqlcipher3.IntegrityError):
        publications.command_done(heard, 4, "perhaps", at=AT)


def test_p10_what_an_older_program_kept_unread_is_found_and_only_that(
    heard: Transaction,
) -> None:
    publications.add(heard, EDITION)
    _notice(heard, 2)
    publications.add_command(heard, CommandRecord(3, "sync_now", "{}", None))
    kinds = tuple(f"kind {n}" for n in (1, 2, 3, 5, 4))
    assert publications.unread_kinds(heard, kinds) == ((4, "{}"), (5, "{}"))


def test_what_was_never_heard_cannot_be_given_out(heard: Transaction) -> None:
    with pytest.raises(sqlcipher3.IntegrityError):
        publications.add(heard, dataclasses.replace(EDITION, position=99))
