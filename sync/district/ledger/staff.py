"""Who may use the console: their passphrases' digests and their last tries."""

from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from schemas.base import utc_text
from sync.district.ledger.rows import StaffMember
from sync.district.ledger.tables import staff


class Staff:
    """The district's staff."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, member: StaffMember) -> None:
        """Let one more person use the console."""
        with self._engine.begin() as connection:
            connection.execute(
                insert(staff).values(
                    login=member.login,
                    name=member.name,
                    role=member.role,
                    passphrase=member.passphrase,
                )
            )

    def member(self, login: str) -> StaffMember | None:
        """Return one of the staff."""
        query = select(staff).where(staff.c.login == login)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return StaffMember(**row._asdict()) if row else None

    def members(self) -> tuple[StaffMember, ...]:
        """Return all of the staff."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(staff).order_by(staff.c.login)).all()
        return tuple(StaffMember(**row._asdict()) for row in rows)

    def signed_in(self, login: str, *, failures: int, now: datetime) -> None:
        """Keep how the last tries to sign in went."""
        with self._engine.begin() as connection:
            connection.execute(
                update(staff)
                .where(staff.c.login == login)
                .values(failures=failures, failed_at=utc_text(now))
            )
