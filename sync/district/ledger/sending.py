"""Queue a message for a desk: the next position of its feed, in one place."""

from sqlalchemy import Connection, func, insert, select

from sync.district.ledger.tables import feed_floors, outgoing


def queue_message(
    connection: Connection, device: str, body: str, *, answers_key: str | None = None
) -> int:
    """Put a body into a desk's feed, in the caller's transaction; its position."""
    last = connection.execute(
        select(func.max(outgoing.c.position)).where(outgoing.c.device == device)
    ).scalar()
    # A desk may have come further than this record: it was put back (P8).
    floor = connection.execute(
        select(feed_floors.c.position).where(feed_floors.c.device == device)
    ).scalar()
    position = max(last or 0, floor or 0) + 1
    connection.execute(
        insert(outgoing).values(
            device=device, position=position, body=body, answers_key=answers_key
        )
    )
    return position
