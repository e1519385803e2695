"""Whether what the district says follows what it said before.

Each message names the one before it. A district that shows two histories (its backup
was put back unseen, or it means harm) is noticed at the next message; what it says
is taken all the same, since it is signed, and people are told.
"""

from datetime import datetime

from desk_app.store import audit, feed, incidents
from desk_app.store.vault import Transaction
from schemas.messages import FeedMessage
from sync.seal.feed import message_digest


def last_digest(tx: Transaction) -> str | None:
    """Return what names the newest message of the feed, or None before the first."""
    message = _newest(tx)
    return message_digest(message) if message is not None else None


def check(tx: Transaction, message: FeedMessage, *, now: datetime) -> None:
    """Note where a message does not follow the one that was applied before it.

    A district of 0.1 names none; one that has begun to does not leave off.
    """
    before = _newest(tx)
    if before is None:
        return
    named = message.header.previous
    if named is None and before.header.previous is None:
        return
    if named != message_digest(before):
        position = str(message.header.position)
        incidents.add(tx, "feed_forked", {"position": position}, now=now)
        audit.note(tx, "feed_forked", position, operator=None, now=now)


def _newest(tx: Transaction) -> FeedMessage | None:
    kept = feed.newest(tx)
    return FeedMessage.model_validate_json(kept) if kept else None
