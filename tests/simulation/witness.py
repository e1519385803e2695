"""What really happened, kept outside the world: the promises are judged against it.

An acknowledged case must exist for ever. The one excuse is a disk that lied (or an
old copy put back by hand) before the district had receipted the entry: no program can
bring back what its only disk has lost, and the world writes such numbers down.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from desk_app.store import outbox, settings
from tests.simulation.desk import SimDesk
from tests.simulation.district import SimDistrict


class BrokenPromise(AssertionError):  # noqa: N818 - what it is, in this house's words
    """A promise did not hold: which, what was seen, and the records."""

    def __init__(self, promise: str, seen: str, records: object = "") -> None:
        super().__init__(f"{promise}: {seen} {records}")


def holds(true: object, promise: str, seen: str, records: Iterable[str] = ()) -> None:
    """Raise `BrokenPromise` unless it is true; names a few of the records."""
    if not true:
        raise BrokenPromise(promise, seen, sorted(records)[:3])


@dataclass(slots=True)
class Witness:
    """Acknowledged numbers with their T0 by desk, and the excused losses."""

    acknowledged: dict[str, dict[str, str]] = field(default_factory=dict)
    lost_with_disk: set[str] = field(default_factory=set)
    to_come_back: set[str] = field(default_factory=set)
    decided: dict[str, str] = field(default_factory=dict)

    def saw(self, desk: SimDesk) -> None:
        """Write down what the desk shows as saved; nothing known may be missing."""
        shown = desk.numbers()
        known = self.acknowledged.setdefault(desk.device, {})
        self.to_come_back -= shown.keys()
        excused = self.lost_with_disk | self.to_come_back
        missing = known.keys() - shown.keys() - excused
        holds(not missing, "P1", "saved and gone", missing)
        changed = [n for n, at in known.items() if n in shown and shown[n] != at]
        holds(not changed, "P9", "T0 was edited", changed)
        known.update(shown)

    def disk_lied(self, desk: SimDesk, district: SimDistrict) -> None:
        """Excuse what only the lost part of the disk knew; the rest must come back."""
        shown = desk.numbers()
        known = self.acknowledged.get(desk.device, {})
        gone = known.keys() - shown.keys()
        held = numbers_held(district, desk.device)
        self.lost_with_disk |= gone - held
        self.to_come_back |= gone & held


def numbers_held(district: SimDistrict, device: str) -> set[str]:
    """Return the numbers of a device that intake keeps, opened or not."""
    record = district.open.record
    while district.open.sealed.unopened():
        report = district.reconcile()
        if report is not None and not report.filed and not report.set_aside:
            break
    cases, _ = record.list_cases(limit=1_000_000)
    return {case.number for case in cases if case.device == device}


def check_release(desk: SimDesk, district: SimDistrict) -> None:
    """P6: what the desk let go of, the district holds."""
    with desk.place.vault.read() as tx:
        epoch = int(settings.get(tx, "epoch") or 1)
        through = outbox.receipted_through(tx, epoch)
    held = district.open.sealed.contacts.held(desk.device, epoch)
    there = held.sequence if held else 0
    holds(through <= there, "P6", f"released {through}, held {there}")


def judge(witness: Witness, desks: list[SimDesk], district: SimDistrict) -> None:
    """At rest: every case once on both sides, with the same T0."""
    record = district.open.record
    cases, total = record.list_cases(limit=1_000_000)
    filed = {case.number: case for case in cases}
    holds(total == len(filed), "P4", "a number is filed twice")
    for desk in desks:
        own = {n: c.received_at for n, c in filed.items() if c.device == desk.device}
        _judge_desk(witness, desk, own)
    holds(not record.broken_chains(), "P7", "a filed chain does not follow")


def _judge_desk(witness: Witness, desk: SimDesk, filed: dict[str, str]) -> None:
    known = witness.acknowledged.get(desk.device, {})
    due = {n: at for n, at in known.items() if n not in witness.lost_with_disk}
    shown = desk.numbers()
    for place, there in (("desk", shown), ("district", filed)):
        lost = due.keys() - there.keys()
        holds(not lost, "P3", f"lost at the {place}", lost)
        wrong = [number for number in due if there[number] != due[number]]
        holds(not wrong, "P9", f"T0 differs at the {place}", wrong)
    invented = filed.keys() - known.keys() - shown.keys()
    holds(not invented, "P4", "at the district alone", invented)
    status = desk.desk.sync_status()
    holds(not status.waiting, "P3", f"{status.waiting} wait at rest")
    holds(not status.refused, "P3", f"{len(status.refused)} refused at rest")
