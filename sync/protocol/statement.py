r"""Which days an entry belongs to, and the statement of a day: pure, for both sides.

record digest = H("island-desk/record/1" LF entry bytes)
range digest  = H("island-desk/range/1" LF, then a line per record in order:
                  epoch SP sequence SP record digest LF)

Rule 1: only the entry's own bytes decide, so both sides always say the same.
Rule 2: what bears a case number belongs to a day; other entries (a day closed, a notice
        seen) to none: a statement that covered its own closing could never be agreed.
        The chain covers them.
Rule 3: an entry belongs to the day of its own moment (T0, the step's time, else the
        wall clock); what gives a number belongs to the number's day, too. So a back
        entry is in two days: the one it is for, and the one it was entered on.
Rule 4: an entry that is offered again inside another one counts at its own place, and
        only once, whichever of the two a side holds.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from pydantic import JsonValue

from schemas.encoding import base64_bytes
from schemas.ids import read_case_number
from schemas.problems import Problem
from schemas.statement import (
    CHINA_TIME,
    Gap,
    ItemDay,
    Leaf,
    Place,
    SerialUse,
    Statement,
    Tally,
)
from sync.protocol.chain import DigestOf

Key: TypeAlias = tuple[int, int]
"""(epoch, sequence): the order of a device's records."""

RECEIVED: Final = "case_received"
VOIDED: Final = "number_voided"
OFFERED: Final = "entry_offered"
_MOMENTS: Final = ("received_at", "resubmitted_at", "voided_at", "at")


@dataclass(frozen=True, slots=True)
class _Line:
    """What of an entry decides; everything else may be anything."""

    wall: datetime
    body: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One entry as a side holds it."""

    epoch: int
    sequence: int
    raw: bytes

    @property
    def key(self) -> Key:
        """Return its place in the order."""
        return self.epoch, self.sequence


def local_day(moment: datetime) -> str:
    """Return the local day of a moment as text."""
    return moment.astimezone(CHINA_TIME).date().isoformat()


def days_of(raw: bytes) -> tuple[str, ...]:
    """Return the days that an entry belongs to; none where the bytes are not one."""
    line = _read(_own(DayRecord(0, 0, raw)).raw)
    return tuple(sorted(_days(line))) if line else ()


def leaf(record: DayRecord, digest: DigestOf) -> Leaf:
    """Return a record's leaf."""
    own = digest(b"island-desk/record/1\n" + record.raw)
    line = _read(record.raw)
    return Leaf(
        epoch=record.epoch,
        sequence=record.sequence,
        digest=own,
        number=_text(line.body, "number")[:40] if line else "",
    )


def range_digest(leaves: Iterable[Leaf], digest: DigestOf) -> str:
    """Return the digest that stands for a range of records."""
    lines = [f"{each.epoch} {each.sequence} {each.digest}\n" for each in leaves]
    return digest(("island-desk/range/1\n" + "".join(lines)).encode())


@dataclass(frozen=True, slots=True)
class Closing:
    """Which statement: whose day, which version, and what it counts up to."""

    device: str
    day: str
    version: int
    before: Place

    def counts(self, record: DayRecord) -> bool:
        """Say whether a record was there when the day was closed."""
        return record.key < (self.before.epoch, self.before.sequence)


def leaves_of(
    records: Iterable[DayRecord], closing: Closing, digest: DigestOf
) -> tuple[Leaf, ...]:
    """Return the leaves of a closing, in order."""
    return tuple(leaf(each, digest) for each in _counted(records, closing))


def _counted(records: Iterable[DayRecord], closing: Closing) -> list[DayRecord]:
    """Return what a closing counts, in order: each record once, at its own place."""
    found: dict[Key, DayRecord] = {}
    for each in sorted(records, key=lambda each: each.key):
        own = _own(each)
        if closing.counts(own):
            found.setdefault(own.key, own)
    return [found[key] for key in sorted(found)]


def late(records: Iterable[DayRecord], after: Key) -> int:
    """Return how many records of a day have their own place after a closing."""
    return len({own.key for own in map(_own, records) if own.key > after})


def is_offered(raw: bytes) -> bool:
    """Say whether an entry only carries another one, which its desk holds itself."""
    line = _read(raw) if OFFERED.encode() in raw else None
    return line is not None and _inner(line) is not None


def _own(record: DayRecord) -> DayRecord:
    """Return the record inside one that offers it, however often it was offered."""
    line = _read(record.raw)
    inner = _inner(line) if line else None
    return _own(DayRecord(*inner[0], inner[1])) if inner else record


def _inner(line: _Line) -> tuple[Key, bytes] | None:
    """Return the place and bytes of the entry that an offered one carries."""
    body = line.body
    if _text(body, "kind") != OFFERED:
        return None
    try:
        raw = base64_bytes(_text(body, "entry"))
    except ValueError:
        return None
    place = _count(body, "epoch"), _count(body, "sequence")
    return (place, raw) if all(place) else None


def statement_of(
    records: Iterable[DayRecord], closing: Closing, *, items: Mapping[str, str],
    digest: DigestOf,
) -> Statement:  # fmt: skip
    """Return the statement of a day from all its records.

    `items` is the item of each case that the day's steps are about, from the entries
    that received them; a case whose receipt is not held counts under no item.
    """
    kept = _counted(records, closing)
    leaves = [leaf(each, digest) for each in kept]
    tally = _Counting(closing.day)
    for each in kept:
        line = _read(each.raw)
        if line is not None:
            tally.take(line, items)
    return Statement(
        device=closing.device,
        day=closing.day,
        version=closing.version,
        before=closing.before,
        entries=Tally(count=len(kept), size=sum(len(each.raw) for each in kept)),
        attachments=Tally(
            count=len(tally.attachments), size=sum(tally.attachments.values())
        ),
        items=tuple(
            ItemDay(item=item, steps=dict(sorted(steps.items())))
            for item, steps in sorted(tally.items.items())
        ),
        serials=tuple(
            _serial_use(terminal, used)
            for terminal, used in sorted(tally.serials.items())
        ),
        editions=tuple(sorted(tally.editions)),
        root=range_digest(leaves, digest),
    )


def numbers_in(records: Iterable[DayRecord]) -> frozenset[str]:
    """Return the case numbers that records are about, to look their items up by."""
    found = set()
    for each in map(_own, records):
        line = _read(each.raw)
        number = line.body.get("number") if line else None
        if isinstance(number, str):
            found.add(number)
    return frozenset(found)


def received_in(raw: bytes) -> tuple[str, str] | None:
    """Return (number, item) of the case that an entry received, if it is such one."""
    line = _read(raw)
    inner = _inner(line) if line else None
    if inner is not None:
        line = _read(inner[1])
    if line is None or _text(line.body, "kind") != RECEIVED:
        return None
    item = _text(_part(line.body, "application"), "item_code")
    return (_text(line.body, "number"), item) if item else None


@dataclass(slots=True)
class _Counting:
    day: str
    items: dict[str, Counter[str]] = field(default_factory=dict)
    serials: dict[str, dict[int, tuple[str, str]]] = field(default_factory=dict)
    attachments: dict[str, int] = field(default_factory=dict)
    editions: set[int] = field(default_factory=set)

    def take(self, line: _Line, items: Mapping[str, str]) -> None:
        body = line.body
        kind, number = _text(body, "kind"), _text(body, "number")
        self._number(kind, number, body)
        for attachment in _parts(body, "scans"):
            digest = _text(attachment, "digest")
            self.attachments[digest] = _count(attachment, "size")
        edition = _count(_part(body, "application"), "edition")
        if edition:
            self.editions.add(edition)
        if kind == VOIDED:
            return
        item = _text(_part(body, "application"), "item_code") or items.get(number, "")
        steps = self.items.setdefault(item, Counter())
        if kind == RECEIVED and body.get("back_entry") is not None:
            if local_day(_moment(line)) != self.day:
                steps["entered_late"] += 1
                return
            if len(_days(line)) > 1:
                steps["back_entered"] += 1
        steps[kind] += 1

    def _number(self, kind: str, number: str, body: Mapping[str, JsonValue]) -> None:
        if kind not in {RECEIVED, VOIDED}:
            return
        try:
            parts = read_case_number(number)
        except Problem:
            return
        if parts.day.isoformat() == self.day:
            why = "" if kind == RECEIVED else _text(body, "because") or "void"
            reason = "" if kind == RECEIVED else _text(body, "reason")
            self.serials.setdefault(parts.terminal, {})[parts.serial] = (why, reason)


def _serial_use(terminal: str, used: Mapping[int, tuple[str, str]]) -> SerialUse:
    last = max(used)
    gaps: list[Gap] = []
    for serial in range(1, last + 1):
        why, reason = used.get(serial, ("unexplained", ""))
        if not why:
            continue
        before = gaps[-1] if gaps else None
        if before and (before.last, before.why, before.reason) == (
            serial - 1,
            why,
            reason,
        ):
            gaps[-1] = before.model_copy(update={"last": serial})
        else:
            gaps.append(Gap(first=serial, last=serial, why=why, reason=reason))
    cases = sum(not why for why, _ in used.values())
    return SerialUse(terminal=terminal, last=last, cases=cases, gaps=tuple(gaps))


def _read(raw: bytes) -> _Line | None:
    # By hand: a model of an entry costs ten times as much, and a day has many.
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(line, dict):
        return None
    wall = _when(_text(_part(line, "clocks"), "wall"))
    body = line.get("body")
    return _Line(wall, body) if wall and isinstance(body, dict) else None


def _when(text: str) -> datetime | None:
    """Return a moment in China's time, or None where the text is no such moment."""
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(CHINA_TIME)
    return None


def _days(line: _Line) -> set[str]:
    kind = _text(line.body, "kind")
    if not _text(line.body, "number"):
        return set()
    days = {local_day(_moment(line))}
    if kind in {RECEIVED, VOIDED}:
        with suppress(Problem):
            days.add(read_case_number(_text(line.body, "number")).day.isoformat())
    return days


def _moment(line: _Line) -> datetime:
    named = (_when(_text(line.body, name)) for name in _MOMENTS)
    return next((moment for moment in named if moment), line.wall)


def _count(body: Mapping[str, JsonValue], name: str) -> int:
    value = body.get(name)
    good = type(value) is int and 0 <= value < 2**53
    return value if good and isinstance(value, int) else 0


def _text(body: Mapping[str, JsonValue], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _part(body: Mapping[str, JsonValue], name: str) -> Mapping[str, JsonValue]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _parts(
    body: Mapping[str, JsonValue], name: str
) -> Sequence[Mapping[str, JsonValue]]:
    value = body.get(name)
    found = value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, dict)]
