"""What the district found to look into, and how people ruled: append-only, both.

Rule 1: a difference between two statements is settled by itself once that day agreed
        at the same closing or a later one: its records are on both sides by then, and
        no person needs to say so. It stays in sight, with the moment.
Rule 2: anything else waits for a person's word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection, Engine, Row, insert, select

from schemas.base import utc_text
from schemas.problems import Code, Problem
from sync.district.ledger.tables import agreements, findings, rulings

DIFFERENCES: Final = frozenset({"missing_at_district", "missing_at_desk", "changed"})
"""The kinds that say where two statements of a day differ."""
_Agreed: TypeAlias = dict[tuple[str, str], dict[tuple[int, int], str]]
"""When each (device, day) agreed, by the place (epoch, sequence) of its closing."""


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
    """A finding with its number, its ruling once there is one, or what settled it."""

    id: int
    finding: Finding
    found_at: str
    ruling: Ruling | None
    settled_at: str | None = None
    """When the day agreed after all; None where a person ruled, or has to."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person's word."""
        return self.ruling is None and self.settled_at is None


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
            rows = connection.execute(query).all()
            agreed = _agreed(connection, rows)
        kept = (_kept(row._asdict(), agreed) for row in rows)
        return tuple(each for each in kept if each.is_open or not open_only)

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


def _agreed(connection: Connection, rows: Iterable[Row[tuple[object, ...]]]) -> _Agreed:
    """Return when the days agreed on which there are differences without a ruling."""
    asked = {
        (str(row.device), str(row.day))
        for row in rows
        if row.kind in DIFFERENCES and row.ruling is None
    }
    if not asked:
        return {}
    query = select(agreements).where(
        agreements.c.device.in_({device for device, _ in asked}),
        agreements.c.day.in_({day for _, day in asked}),
    )
    found: _Agreed = {}
    for row in connection.execute(query):
        day = found.setdefault((row.device, row.day), {})
        day[row.epoch, row.sequence] = row.agreed_at
    return found


def _settled(finding: Finding, agreed: _Agreed) -> str | None:
    if finding.kind not in DIFFERENCES:
        return None
    epoch, _, sequence = finding.closing.partition(".")
    found_at = (int(epoch), int(sequence))
    later = {
        place: at
        for place, at in agreed.get((finding.device, finding.day), {}).items()
        if place >= found_at
    }
    return later[min(later)] if later else None


def _kept(
    row: dict[str, str | int | None],
    agreed: _Agreed,
) -> FindingKept:
    finding = Finding(
        **{  # type: ignore[arg-type]
            name: row[name] for name in Finding.__slots__
        }
    )
    ruling = None
    if row["ruling"] is not None:
        ruling = Ruling(str(row["ruling"]), str(row["ruled_by"]), str(row["ruled_at"]))
    settled = None if ruling else _settled(finding, agreed)
    found_at = str(row["found_at"])
    return FindingKept(int(str(row["id"])), finding, found_at, ruling, settled)
