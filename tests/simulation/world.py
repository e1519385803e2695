"""Run a world for some days: people work, things break, and the promises are checked.

Rule: after each day every promise that can be judged under way is judged; at the end
the weather turns calm, the world comes to rest, and the rest is judged.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.simulation.clocks import DeskClock, TrueTime
from tests.simulation.desk import SimDesk
from tests.simulation.district import SimDistrict
from tests.simulation.faults import CALM, PowerCut, Tally, Weather
from tests.simulation.line import Line
from tests.simulation.witness import BrokenPromise, Witness, check_release, judge

# Rounds of calm after which nothing may still be under way.
_REST = 12


@dataclass(slots=True)
class World:
    """Everything that one seed decides."""

    seed: int
    folder: Path
    desks_at: int = 2
    weather: Weather = field(default_factory=Weather)
    tally: Tally = field(default_factory=Tally)
    witness: Witness = field(default_factory=Witness)
    time: TrueTime = field(default_factory=TrueTime)
    dice: Random = field(init=False)
    district: SimDistrict = field(init=False)
    line: Line = field(init=False)
    desks: list[SimDesk] = field(init=False)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.district = SimDistrict(
            self.folder / "district", self.time.now, self._own_dice(), self.tally
        )
        self.line = Line(
            lambda: self.district.application, self.district.restart,
            self._own_dice(), self.weather, self.tally,
        )  # fmt: skip
        self.desks = []
        for number in range(1, self.desks_at + 1):
            clock = DeskClock(self.time, self._own_dice())
            home = self.folder / f"desk-{number}"
            desk = SimDesk(home, clock, self.line, self._own_dice(), self.tally)
            desk.enrol(self.district, f"{number:02d}")
            self.desks.append(desk)

    def _own_dice(self) -> Random:
        # Dice of one's own: a change in one part does not shift the others' throws.
        return Random(self.dice.getrandbits(64))

    def run(self, days: int) -> Tally:
        """Live through so many days and come to rest."""
        for _ in range(days):
            self._day()
        self._rest()
        judge(self.witness, self.desks, self.district)
        self.close()
        return self.tally

    def close(self) -> None:
        """End all processes and remove the files."""
        for desk in self.desks:
            desk.place.vault.close()
        self.district.stop()
        shutil.rmtree(self.folder)

    def _day(self) -> None:
        for desk in self.desks:
            self._morning(desk)
        for _ in range(3):
            self.time.pass_by(hours=2)
            self.line.change()
            for desk in self.desks:
                self._work(desk)
            self._district_works()
        for desk in self.desks:
            self.witness.saw(desk)
            check_release(desk, self.district)
            self.tally.add("desk-days")
        self.time.pass_by(hours=18)

    def _happens(self, chance: float) -> bool:
        return bool(chance) and self.dice.random() < chance

    def _morning(self, desk: SimDesk) -> None:
        weather = self.weather
        if self._happens(weather.clock_jump):
            desk.clock.jump()
            self.tally.add("clock jump")
        elif self._happens(0.3):
            desk.clock.set_right()
        if self._happens(weather.power_cut):
            desk.fuse.light(self.dice, longest=60)
        if self._happens(weather.torn_tail):
            self._torn(desk)

    def _torn(self, desk: SimDesk) -> None:
        self.witness.saw(desk)
        if desk.cut_power(torn=True):
            self.witness.disk_lied(desk, self.district)

    def _work(self, desk: SimDesk) -> None:
        try:
            self._act(desk)
        except PowerCut:
            desk.cut_power()
            self.witness.saw(desk)

    def _act(self, desk: SimDesk) -> None:
        if self._happens(self.weather.full_disk):
            desk.place.vault.limit(pages=self.dice.randrange(4))
            self.tally.add("full disk")
        for _ in range(self.dice.randrange(3)):
            number = desk.take_case()
            if number is not None:
                self.tally.add("cases")
        desk.place.vault.limit(pages=None)
        if self._happens(0.6):
            report = desk.sync()
            if report is not None:
                self.tally.add("syncs")
                self.tally.add("batches released", report.released)

    def _district_works(self) -> None:
        if self._happens(self.weather.district_crash):
            self.district.fuse.light(self.dice, longest=40)
        report = self.district.reconcile()
        if report is not None:
            self.tally.add("entries filed", report.filed)
        for number, kind in self.district.answer_some(1):
            self.witness.decided[number] = kind
            self.tally.add("answers")

    def _rest(self) -> None:
        self.weather = self.line.weather = CALM
        self.line.is_up = True
        self.district.fuse.put_out()
        for desk in self.desks:
            desk.fuse.put_out()
            desk.clock.set_right()
        for _ in range(_REST):
            self.time.pass_by(hours=1)
            reports = [desk.sync() for desk in self.desks]
            self.district.reconcile()
            for desk in self.desks:
                self.witness.saw(desk)
            quiet = all(
                report is not None
                and report.problem is None
                and not report.released
                and not report.answers
                for report in reports
            )
            if quiet and not self.district.open.sealed.unopened():
                return
        seen = f"no rest after {_REST} calm rounds"
        promise = "P5"
        raise BrokenPromise(promise, seen, [str(report) for report in reports])
