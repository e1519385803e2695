"""What really happened, kept outside the world: the promises are judged against it.

An acknowledged case must exist for ever. It is known by its legal time T0, which is
never edited; no two cases of one desk share one here. The one excuse is a disk that
lied (or an old copy put back by hand) before the district had the entry: no program can
bring back what its only disk has lost, and the world writes such cases down.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from desk_app.services import days
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
    """By device: the T0 of acknowledged cases with their numbers, and the losses."""

    acknowledged: dict[str, dict[str, str]] = field(default_factory=dict)
    lost_with_disk: set[str] = field(default_factory=set)
    to_come_back: set[str] = field(default_factory=set)
    lost: int = 0
    twice: int = 0

    def count(self, *, lost: int = 0, twice: int = 0) -> None:
        """Count broken promises of the two kinds that are published: none, ever."""
        self.lost += lost
        self.twice += twice

    def known(self, desk: SimDesk) -> dict[str, str]:
        """Return T0 → number of what a desk has shown as saved."""
        return self.acknowledged.setdefault(desk.device, {})

    def inherited(self, due: Iterable[str]) -> None:
        """Expect at the desk that follows a lost one what the district held of it."""
        self.to_come_back |= set(due)

    def saw(self, desk: SimDesk) -> None:
        """Write down what the desk shows as saved; nothing known may be missing."""
        shown = desk.cases()
        known = self.acknowledged.setdefault(desk.device, {})
        self.to_come_back -= shown.keys()
        missing = known.keys() - shown.keys() - self.lost_with_disk - self.to_come_back
        self.count(lost=len(missing))
        holds(not missing, "P1", "saved and gone", missing)
        for at, number in shown.items():
            before = known.get(at, number)
            renamed = number == before or desk.was_renamed(before, number)
            holds(renamed, "P3", f"another number than {before}", [number])
        known.update(shown)

    def put_back(self, desk: SimDesk, district: SimDistrict) -> None:
        """Excuse what only the lost part of the disk knew; the rest must come back.

        An old copy shows the number that a case had before it was given another; what
        it is called in the end is judged at rest, on both sides.
        """
        known, shown = self.known(desk), desk.cases()
        gone = known.keys() - shown.keys()
        known.update(shown)
        held = set(held_of(district, desk.device))
        self.lost_with_disk |= gone - held
        self.to_come_back |= gone & held

    def district_put_back(self, desk: SimDesk, district: SimDistrict) -> None:
        """Excuse what now neither side's disk has."""
        held = set(held_of(district, desk.device))
        both = (self.to_come_back & self.acknowledged[desk.device].keys()) - held
        self.lost_with_disk |= both
        self.to_come_back -= both


def held_of(district: SimDistrict, device: str) -> dict[str, str]:
    """Return T0 → number of the cases of a device that the district has."""
    district.fuse.put_out()
    for _ in range(3):
        district.reconcile()
    cases, _ = district.open.record.list_cases(limit=1_000_000)
    return {case.received_at: case.number for case in cases if case.device == device}


def check_release(desk: SimDesk, district: SimDistrict) -> None:
    """P6: what the desk let go of, the district holds."""
    with desk.place.vault.read() as tx:
        epoch = int(settings.get(tx, "epoch") or 1)
        through = outbox.receipted_through(tx, epoch)
    held = district.open.sealed.contacts.held(desk.device, epoch)
    there = held.sequence if held else 0
    holds(through <= there, "P6", f"released {through}, held {there}")


def judge(witness: Witness, desks: list[SimDesk], district: SimDistrict) -> None:
    """At rest: every case once on both sides, agreed to the record."""
    record = district.open.record
    cases, total = record.list_cases(limit=1_000_000)
    witness.count(twice=total - len({case.number for case in cases}))
    holds(total == len({case.number for case in cases}), "P4", "a number filed twice")
    aside = record.journals.quarantined()
    holds(not aside, "P3", "honest entries set aside", (str(e.reason) for e in aside))
    for desk in desks:
        own = [case for case in cases if case.device == desk.device]
        filed = {case.received_at: case.number for case in own}
        witness.count(twice=len(own) - len(filed))
        holds(len(filed) == len(own), "P4", "a case is filed twice")
        _judge_desk(witness, desk, filed)
        states = {case.number: str(case.state) for case in own}
        shown = desk.states()
        unlike = {n for n, state in states.items() if shown.get(n) != state}
        holds(not unlike, "P3", "in two states", unlike)
    holds(not record.journals.broken(), "P7", "a filed chain does not follow")


def _judge_desk(witness: Witness, desk: SimDesk, filed: dict[str, str]) -> None:
    known = witness.acknowledged.get(desk.device, {})
    due = known.keys() - witness.lost_with_disk
    shown = desk.cases()
    for place, there in (("desk", shown), ("district", filed)):
        lost = {f"{at} {known[at]}" for at in due - there.keys()}
        witness.count(lost=len(lost))
        holds(not lost, "P3", f"lost at the {place}", lost)
    unlike = {number for at, number in filed.items() if shown.get(at) != number}
    holds(not unlike, "P7", "another number at the desk", unlike)
    invented = filed.keys() - known.keys() - shown.keys()
    holds(not invented, "P4", "at the district alone", invented)
    status = desk.desk.sync_status()
    holds(not status.waiting, "P3", f"{status.waiting} wait at rest")
    holds(not status.refused, "P3", f"{len(status.refused)} refused at rest")
    rows = days.list_days(desk.place)
    differ = {row.day for row in rows if row.state in {"closed", "differs"}}
    holds(not differ, "P7", "closed and not agreed", differ)
