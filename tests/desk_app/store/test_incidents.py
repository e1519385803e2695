"""Happenings: shown until somebody has seen them, and on record after that."""

from datetime import UTC, datetime, timedelta

from desk_app.store import incidents
from desk_app.store.vault import Transaction

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def _two(tx: Transaction) -> None:
    incidents.add(tx, "restored", {"file": "一号窗口.idv"}, now=NOON)
    incidents.add(tx, "healed", {}, now=NOON + timedelta(hours=1))


def test_the_newest_is_told_first_with_its_own_words(tx: Transaction) -> None:
    _two(tx)
    newest, oldest = incidents.listed(tx, unseen_only=True, limit=9)
    assert (newest.what, newest.detail) == ("healed", {})
    assert (oldest.what, oldest.detail) == ("restored", {"file": "一号窗口.idv"})
    assert (oldest.at, oldest.seen_at) == ("2026-11-23T04:00:00.000Z", None)
    assert incidents.listed(tx, unseen_only=True, limit=1) == (newest,)


def test_the_first_who_has_seen_it_is_on_record(tx: Transaction) -> None:
    _two(tx)
    _, oldest = incidents.listed(tx, unseen_only=False, limit=9)
    assert incidents.seen(tx, oldest.id, by="lin", now=NOON)
    assert not incidents.seen(tx, oldest.id, by="chen", now=NOON)
    assert not incidents.seen(tx, 999, by="chen", now=NOON)
    left = incidents.listed(tx, unseen_only=True, limit=9)
    assert [each.what for each in left] == ["healed"]
    _, kept = incidents.listed(tx, unseen_only=False, limit=9)
    assert (kept.seen_by, kept.seen_at) == ("lin", "2026-11-23T04:00:00.000Z")
