"""Queue a message for a desk: the next position of its feed, in one place."""

from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select

from sync.district.ledger.tables import feed_floors, outgoing

TOLD_LAST: Final = select(func.max(outgoing.c.position)).where(
    outgoing.c.device == bindparam("device")
)
FLOOR: Final = select(feed_floors.c.position).where(
    feed_floors.c.device == bindparam("device")
)


def queue_message(
    connection: Connection, device: str, body: str, *, answers_key: str | None = None
) -> int:
    """Put a body into a desk's feed, in the caller's transaction; its position."""
    last = connection.execute(TOLD_LAST, {"device": device}).scalar()
    # A desk may have come further than this record: it was put back (P8).
    floor = connection.execute(FLOOR, {"device": device}).scalar()
    position = max(last or 0, floor or 0) + 1
    connection.execute(
        insert(outgoing),
        {
            "device": device, "position": position, "body": body,
            "answers_key": answers_key,
        },
    )  # fmt: skip
    return position
