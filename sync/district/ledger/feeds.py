"""Each device's feed as intake serves it: sealed messages, each position given once."""

from typing import Final

from sqlalchemy import Engine, Integer, Text, bindparam, func, insert, select

from schemas.encoding import base64_text
from schemas.feed import FeedMessage
from sync.district.ledger.tables import devices, feed

_MESSAGE: Final = select(feed.c.message).where(
    feed.c.device == bindparam("device"), feed.c.position == bindparam("position")
)
# The key is asked for by the very statement that writes: it may end in between.
_ADD_MESSAGE: Final = insert(feed).from_select(
    ["device", "position", "message"],
    select(
        devices.c.device,
        bindparam("position", type_=Integer),
        bindparam("message", type_=Text),
    ).where(
        devices.c.device == bindparam("device"),
        devices.c.sealing_key == bindparam("to"),
    ),
)
_MESSAGES_AFTER: Final = (
    select(feed.c.message)
    .where(
        feed.c.device == bindparam("device"), feed.c.position > bindparam("position")
    )
    .order_by(feed.c.position)
    .limit(bindparam("most"))
)
_POSITIONS_AFTER: Final = select(feed.c.position).where(
    feed.c.device == bindparam("device"), feed.c.position > bindparam("position")
)
_FEED_HEAD: Final = select(func.max(feed.c.position)).where(
    feed.c.device == bindparam("device")
)


class Feeds:
    """The feeds of all devices in the sealed part of the ledger."""

    _engine: Engine

    def feed_heads(self) -> dict[str, int]:
        """Return the last position of each device's feed."""
        query = select(feed.c.device, func.max(feed.c.position)).group_by(feed.c.device)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {row[0]: row[1] for row in rows}

    def add_feed(self, message: FeedMessage, *, sealed_to: bytes) -> bool:
        """Put a message into a device's feed; the same position again is ignored.

        False where the device's sealing key is another one meanwhile: seal it anew.
        """
        place = {
            "device": message.header.device, "position": message.header.position
        }  # fmt: skip
        with self._engine.begin() as connection:
            if connection.execute(_MESSAGE, place).first():
                return True
            text_ = {"message": message.model_dump_json()}
            to = {"to": base64_text(sealed_to)}
            return connection.execute(_ADD_MESSAGE, place | text_ | to).rowcount == 1

    def feed_message(self, device: str, position: int) -> FeedMessage | None:
        """Return one message of a device's feed."""
        place = {"device": device, "position": position}
        with self._engine.connect() as connection:
            kept = connection.execute(_MESSAGE, place).scalar()
        return FeedMessage.model_validate_json(kept) if kept else None

    def feed_holes(self, device: str, position: int) -> tuple[int, ...]:
        """Return the positions after one that the feed leaps over."""
        after = {"device": device, "position": position}
        with self._engine.connect() as connection:
            there = set(connection.execute(_POSITIONS_AFTER, after).scalars())
        whole = range(position + 1, max(there, default=position))
        return tuple(each for each in whole if each not in there)

    def feed_after(
        self, device: str, position: int, *, limit: int
    ) -> tuple[tuple[FeedMessage, ...], int]:
        """Return the messages after a position, in order, and the last position."""
        after = {"device": device, "position": position, "most": limit}
        with self._engine.connect() as connection:
            messages = tuple(
                FeedMessage.model_validate_json(row.message)
                for row in connection.execute(_MESSAGES_AFTER, after)
            )
            head = connection.execute(_FEED_HEAD, {"device": device}).scalar()
            return messages, head or 0
