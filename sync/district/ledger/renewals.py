"""What the record keeps of the district's own keys: each next charter, once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, func, insert, select

from schemas.base import utc_text
from schemas.enrolment import Charter, Succession
from sync.district.ledger.sending import queue_message
from sync.district.ledger.tables import outgoing, successions


class Renewals:
    """The part of the record that is about the district's keys."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def successions(self) -> tuple[Succession, ...]:
        """Return every next charter, in order."""
        query = select(successions.c.document).order_by(successions.c.edition)
        with self._engine.connect() as connection:
            return tuple(
                Succession.model_validate_json(row.document)
                for row in connection.execute(query)
            )

    def former(self) -> tuple[Charter, ...]:
        """Return every charter that another followed, in order."""
        query = select(successions.c.former).order_by(successions.c.edition)
        with self._engine.connect() as connection:
            return tuple(
                Charter.model_validate_json(row.former)
                for row in connection.execute(query)
            )

    def succeed(
        self, succession: Succession, former: Charter, *, feed_body: str,
        devices: Sequence[str], answers_key: str, now: datetime,
    ) -> None:  # fmt: skip
        """Keep a next charter and tell every desk of it, signed by the old key."""
        with self._engine.begin() as connection:
            connection.execute(
                insert(successions).values(
                    edition=succession.edition,
                    document=succession.model_dump_json(),
                    former=former.model_dump_json(),
                    made_at=utc_text(now),
                )
            )
            for device in devices:
                queue_message(connection, device, feed_body, answers_key=answers_key)

    def tell(self, devices: Sequence[str], feed_body: str) -> None:
        """Put one message into the feed of each of these desks."""
        with self._engine.begin() as connection:
            for device in devices:
                queue_message(connection, device, feed_body)

    def told_at(self, device: str) -> int:
        """Return where in its feed a desk learns the newest charter; 0 for nowhere.

        Only what tells of a charter is signed by a key of its own.
        """
        query = select(func.max(outgoing.c.position)).where(
            outgoing.c.device == device, outgoing.c.answers_key.is_not(None)
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0
