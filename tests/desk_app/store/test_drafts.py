"""Drafts: one row each, the newest words of it; gone once accepted."""

import dataclasses

from desk_app.store import drafts
from desk_app.store.drafts import DraftRecord
from desk_app.store.vault import Transaction

FIRST = DraftRecord("a" * 32, "HY01-02", '{"name":"林"}', "2026-11-23T01", "lin")
SECOND = DraftRecord("b" * 32, "HY12-01", "{}", "2026-11-23T02", "chen")


def test_a_draft_saved_again_is_the_same_draft(tx: Transaction) -> None:
    """A shift's change keeps the item and the draft; the words are the last clerk's."""
    drafts.save(tx, FIRST)
    again = dataclasses.replace(
        FIRST, body='{"name":"林海生"}', updated_at="2026-11-23T03", operator="chen"
    )
    drafts.save(tx, again)
    assert drafts.get(tx, FIRST.draft_id) == again
    assert drafts.count(tx) == 1


def test_the_one_last_touched_comes_first(tx: Transaction) -> None:
    for draft in (FIRST, SECOND):
        drafts.save(tx, draft)
    assert drafts.all_of(tx) == (SECOND, FIRST)
    touched = dataclasses.replace(FIRST, updated_at="2026-11-23T09")
    drafts.save(tx, touched)
    assert drafts.all_of(tx) == (touched, SECOND)


def test_a_removed_draft_is_gone_and_no_other(tx: Transaction) -> None:
    for draft in (FIRST, SECOND):
        drafts.save(tx, draft)
    assert drafts.remove(tx, FIRST.draft_id)
    assert not drafts.remove(tx, FIRST.draft_id), "another window was faster"
    assert drafts.get(tx, FIRST.draft_id) is None
    assert drafts.all_of(tx) == (SECOND,)
