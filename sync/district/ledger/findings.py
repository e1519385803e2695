"""What the district found to look into, and how people ruled: append-only, both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from schemas.base import utc_text
from schemas.problems import Code, Problem
from sync.district.ledger.tables import findings, rulings


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look into; `closing` is "epoch.sequence" of a day's, or empty.

    `kind` is a key of the text catalogue, `detail` the JSON of what it is about.
    """

    device: str
    day: str
    closing: str
    kind: str
    epoch: int
    sequence: int
    number: str
    detail: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person said of a finding."""

    ruling: str
    ruled_by: str
    ruled_at: str


@dataclass(frozen=True, slots=True)
class FindingKept:
    """A finding with its number, and its ruling once there is one."""

    id: int
    finding: Finding
    found_at: str
    ruling: Ruling | None


class Findings:
    """The findings' part of the record's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(
        self, *, device: str = "", day: str = "", closing: str = "",
        number: int | None = None, open_only: bool = False,
    ) -> tuple[FindingKept, ...]:  # fmt: skip
        """Return findings in the order they were found."""
        query = (
            select(findings, rulings.c.ruling, rulings.c.ruled_by, rulings.c.ruled_at)
            .select_from(
                findings.outerjoin(rulings, rulings.c.finding == findings.c.id)
            )
            .order_by(findings.c.id)
        )
        for column, wanted in (
            (findings.c.device, device),
            (findings.c.day, day),
            (findings.c.closing, closing),
        ):
            if wanted:
                query = query.where(column == wanted)
        if number is not None:
            query = query.where(findings.c.id == number)
        if open_only:
            query = query.where(rulings.c.ruling.is_(None))
        with self._engine.connect() as connection:
            return tuple(_kept(row._asdict()) for row in connection.execute(query))

    def get(self, finding_id: int) -> FindingKept:
        """Return one finding; `Problem(FINDING_UNKNOWN)`."""
        found = self.of(number=finding_id)
        if not found:
            raise Problem(Code.FINDING_UNKNOWN, finding=finding_id)
        return found[0]


def keep_findings(
    connection: Connection, found: Iterable[Finding], *, now: datetime
) -> None:
    """Keep what was found; the same finding again stays the first one."""
    for each in found:
        known = select(findings.c.id).where(
            findings.c.device == each.device,
            findings.c.day == each.day,
            findings.c.closing == each.closing,
            findings.c.kind == each.kind,
            findings.c.epoch == each.epoch,
            findings.c.sequence == each.sequence,
        )
        if connection.execute(known).first() is None:
            values = {name: getattr(each, name) for name in Finding.__slots__}
            connection.execute(
                insert(findings).values(**values, found_at=utc_text(now))
            )


def keep_ruling(connection: Connection, finding_id: int, ruling: Ruling) -> None:
    """Keep a person's word on a finding; `Problem(FINDING_RULED)` the second time."""
    known = select(rulings.c.finding).where(rulings.c.finding == finding_id)
    if connection.execute(known).first() is not None:
        raise Problem(Code.FINDING_RULED, finding=finding_id)
    connection.execute(
        insert(rulings).values(
            finding=finding_id,
            ruling=ruling.ruling,
            ruled_by=ruling.ruled_by,
            ruled_at=ruling.ruled_at,
        )
    )


def _kept(row: dict[str, str | int | None]) -> FindingKept:
    finding = Finding(
        **{  # type: ignore[arg-type]
            name: row[name] for name in Finding.__slots__
        }
    )
    ruling = None
    if row["ruling"] is not None:
        ruling = Ruling(str(row["ruling"]), str(row["ruled_by"]), str(row["ruled_at"]))
    return FindingKept(int(str(row["id"])), finding, str(row["found_at"]), ruling)
