"""Run a world for some days: people work, things break, and the promises are checked.

Rule: after each day every promise that can be judged under way is judged; at the end
the weather turns calm, the world comes to rest, and the rest is judged.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from desk_app.services.fresh_keys import ASKS_AT
from desk_app.services.sticks import StickVaultPort
from desk_app.services.syncing import keys_of
from schemas.contact import Verdict
from schemas.problems import Problem
from sync.client.engine import StepReport
from sync.client.folder import Pen, export_to, import_from
from sync.stick.files import SystemFiles
from sync.stick.stick import Stick
from tests.simulation import fates
from tests.simulation.clocks import DeskClock, TrueTime
from tests.simulation.desk import SimDesk
from tests.simulation.disk import damage_stick
from tests.simulation.district import SimDistrict
from tests.simulation.faults import CALM, KINDS, PowerCut, Tally, Weather
from tests.simulation.heard import Heard
from tests.simulation.line import Line
from tests.simulation.witness import (
    BrokenPromise,
    Witness,
    check_release,
    holds,
    judge,
)
from tests.support.sticks import Pulled

# Hours of calm after which nothing may still be under way: a day of frozen numbers
# after a healing, and the rounds of the longest conversation.
_REST = 40
_QUIET_ROUNDS = 3
# Rounds of work, each two hours: at the weekend somebody is on duty for the boats.
_OPEN, _ON_DUTY = 3, 1
_WEEKEND = (5, 6)


@dataclass(slots=True)
class World:
    """Everything that one seed decides."""

    seed: int
    folder: Path
    desks_at: int = 2
    weather: Weather | None = None
    tally: Tally = field(default_factory=Tally)
    witness: Witness = field(default_factory=Witness)
    time: TrueTime = field(default_factory=TrueTime)
    dice: Random = field(init=False)
    district: SimDistrict = field(init=False)
    line: Line = field(init=False)
    desks: list[SimDesk] = field(init=False)
    heard: Heard = field(default_factory=Heard)
    lost: list[fates.Lost] = field(default_factory=list)
    machines: int = 0
    terminals: int = 0
    damaged: bool = False

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.weather = self.weather or KINDS[self.seed % len(KINDS)]
        self.district = SimDistrict(
            self.folder / "district", self.time.now, self._own_dice(), self.tally
        )
        self.line = Line(
            lambda: self.district.application, self.district.restart,
            self._own_dice(), self.weather, self.tally,
        )  # fmt: skip
        self.desks = []
        for _ in range(self.desks_at):
            self.add_desk()
        self.keep_district()

    def add_desk(self) -> SimDesk:
        """Set another desk up and let the district take it in."""
        self.machines += 1
        clock = DeskClock(self.time, self._own_dice())
        home = self.folder / f"machine-{self.machines}"
        desk = SimDesk(home, clock, self.line, self._own_dice(), self.tally)
        self.terminals += 1
        desk.enrol(self.district, f"{self.terminals:02d}")
        self.heard.spoke(desk.device)
        self.desks.append(desk)
        self.keep_copy(desk)
        return desk

    def keep_district(self) -> None:
        """Back the district up."""
        self.district.keep_copy(self.folder / "kept-district")

    def _own_dice(self) -> Random:
        # Dice of one's own: a change in one part does not shift the others' throws.
        return Random(self.dice.getrandbits(64))

    def run(self, days: int) -> Tally:
        """Live through so many days and come to rest."""
        for _ in range(days):
            self._day()
        self.end()
        self.close()
        return self.tally

    def end(self) -> None:
        """Come to rest, be judged, and show that every desk still works."""
        self.rest()
        self._prove_alive()

    def close(self) -> None:
        """End all processes and remove the files."""
        for desk in (*self.desks, *(each.desk for each in self.lost)):
            desk.place.vault.close()
        self.district.stop()
        self.line.loop.close()
        shutil.rmtree(self.folder)

    def _day(self) -> None:
        for desk in tuple(self.desks):
            self._morning(desk)
        self._district_morning()
        rounds = _ON_DUTY if self.time.at.weekday() in _WEEKEND else _OPEN
        for _ in range(rounds):
            self.time.pass_by(hours=2)
            self.line.change()
            for desk in self.desks:
                self._work(desk)
            self._district_works()
        for desk in self.desks:
            self._evening(desk)
        self.time.pass_by(hours=24 - 2 * rounds)

    def _happens(self, chance: float) -> bool:
        return bool(chance) and self.dice.random() < chance

    def kept(self, desk: SimDesk) -> Path:
        """Return where a copy of a desk's folder lies."""
        return self.folder / f"kept-{desk.places.home.name}"

    def keep_copy(self, desk: SimDesk) -> None:
        """Copy a desk's folder aside, and let it write a backup."""
        desk.keep_copy(self.kept(desk))
        desk.back_up()
        self.heard.copied(desk.device)

    def _morning(self, desk: SimDesk) -> None:
        weather = self.weather
        if self._happens(weather.clock_jump):
            desk.clock.jump()
            self.tally.add("clock jump")
        elif self._happens(0.3):
            desk.clock.set_right()
        if self._happens(0.2):
            self.keep_copy(desk)
        self._machine_fails(desk)
        if self._happens(weather.desk_keys):
            fates.renew_desk(self, desk)
        if self._happens(weather.lost_desk):
            fates.lose(self, desk)
        elif self._happens(weather.power_cut):
            desk.fuse.light(self.dice, longest=60)

    def _machine_fails(self, desk: SimDesk) -> None:
        weather = self.weather
        if self._happens(weather.torn_tail):
            self.tear(desk)
        if self._happens(weather.restored_desk):
            self.put_back(desk)
        elif self._happens(weather.broken_machine):
            fates.break_machine(self, desk)
        if self._happens(weather.cloned_desk):
            self.clone(desk)

    def _district_morning(self) -> None:
        if self._happens(0.2):
            self.keep_district()
        if self._happens(self.weather.district_keys):
            fates.renew_district(self)
        if self._happens(self.weather.restored_district):
            self.put_back_district()

    def tear(self, desk: SimDesk) -> None:
        """Lose power on a disk that lied about what it had written."""
        self.witness.saw(desk)
        if desk.cut_power(torn=True):
            self.heard.torn(desk.device)
            self.witness.put_back(desk, self.district)

    def put_back(self, desk: SimDesk) -> None:
        """Copy an old folder over the desk's, as somebody means well."""
        self.witness.saw(desk)
        desk.put_back(self.kept(desk))
        self.heard.put_back(desk.device)
        self.witness.put_back(desk, self.district)
        self.tally.add("desk put back")

    def put_back_district(self) -> None:
        """Restore the district from its last backup."""
        for desk in self.desks:
            self.witness.saw(desk)
        told = self._happens(0.5)
        self.district.put_back(self.folder / "kept-district", told=told)
        for desk in self.desks:
            self.witness.district_put_back(desk, self.district)
        self.heard.district_put_back()
        self.tally.add("district put back")

    def clone(self, desk: SimDesk) -> None:
        """Run a copy of the folder on a second machine, after the first spoke on."""
        other = desk.clone(self.folder / "clone")
        first = desk.sync()
        if _was_heard(first):
            self.time.pass_by(minutes=5)
            second = other.sync()
            if second is not None and _was_heard(second):
                seen = f"a second machine was heard: {second.verdict}"
                holds(second.verdict is Verdict.CLONED, "P8", seen)
            self.tally.add("clone spoke")
        other.forget()

    def _evening(self, desk: SimDesk) -> None:
        try:
            if self._happens(0.5):
                desk.close_day()
                self.tally.add("days closed")
            if self._happens(0.1):
                self.carry_stick(desk)
        except PowerCut:
            desk.cut_power()
        desk.fuse.put_out()
        self.witness.saw(desk)
        self.check_release(desk)
        self.tally.add("desk-days")

    def check_release(self, desk: SimDesk) -> None:
        """Judge P6, where the desk can know what a district put back has lost."""
        if self.heard.knows(desk.device):
            check_release(desk, self.district)

    def carry_stick(self, desk: SimDesk) -> None:
        """Carry what waits to the district and back; it may be pulled out any time."""
        folder = self.folder / "stick"
        folder.mkdir(exist_ok=True)
        hands = desk.place.hands
        pen = Pen(hands.now, lambda: hands.random_bytes(12).hex())
        port, keys = StickVaultPort(desk.place), keys_of(desk.place)

        def files() -> SystemFiles:
            if self._happens(self.weather.pulled_stick):
                self.tally.add("stick pulled out")
                return Pulled(self.dice.randrange(40))
            return SystemFiles()

        for act in (
            lambda: export_to(port, Stick(folder, files()), keys, pen=pen),
            lambda: self.district.take_stick(folder, files()),
            lambda: import_from(port, Stick(folder, files()), keys, now=hands.now),
        ):
            try:
                act()
            except Problem as problem:
                self.tally.add(f"stick: {problem.code.name}")
            if self._happens(self.weather.damaged_stick):
                damage_stick(folder, self.dice)
                self.tally.add("stick damaged")
                self.damaged = True
        if self.damaged and self._happens(0.5):
            # In the end somebody throws it away.
            shutil.rmtree(folder)
            self.damaged = False
        self.tally.add("sticks")

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
            self.take_case(desk)
        desk.place.vault.limit(pages=None)
        if self._happens(0.6):
            report = desk.sync()
            self._people_read(desk, report)
            if _was_heard(report):
                self.heard.spoke(desk.device)
            if report is not None:
                self.tally.add("syncs")
                self.tally.add("batches released", report.released)

    def _people_read(self, desk: SimDesk, report: StepReport | None) -> None:
        """Let people do what the window tells them to."""
        if report is not None and report.problem in ASKS_AT:
            fates.ask_about_keys(self, desk)

    def take_case(self, desk: SimDesk) -> None:
        """Take one case, now and then with a scan; T0 is no other case's."""
        self.time.pass_by(milliseconds=self.dice.randrange(1000, 90_000))
        number = desk.take_case()
        if number is not None:
            self.tally.add("cases")
            if self._happens(0.05):
                desk.scan_something(number)
                self.tally.add("scans")

    def _district_works(self) -> None:
        if self._happens(self.weather.district_crash):
            self.district.fuse.light(self.dice, longest=40)
        report = self.district.reconcile()
        if report is not None:
            self.tally.add("entries filed", report.filed)
        self.tally.add("answers", len(self.district.answer_some(1)))

    def rest(self) -> None:
        """Let the weather turn calm until nobody has anything to say; then judge."""
        self.weather = self.line.weather = CALM
        self.line.is_up = True
        self.district.fuse.put_out()
        for desk in self.desks:
            desk.fuse.put_out()
            desk.clock.set_right()
        quiet = 0
        said: list[str] = []
        for _ in range(_REST):
            self.time.pass_by(hours=1)
            reports = [desk.sync() for desk in self.desks]
            for desk, report in zip(self.desks, reports, strict=True):
                self._people_read(desk, report)
            filed = self.district.reconcile()
            for desk in self.desks:
                self.witness.saw(desk)
            said = [str(report) for report in (*reports, filed)]
            still = all(
                report is not None
                and report.problem is None
                and not report.released
                and not report.answers
                and not report.pieces
                for report in reports
            )
            still = still and filed is not None and not (filed.filed or filed.sent)
            quiet = quiet + 1 if still else 0
            if quiet == _QUIET_ROUNDS:
                break
        else:
            promise, seen = "P5", f"no rest after {_REST} calm hours"
            raise BrokenPromise(promise, seen, said)
        judge(self.witness, self.desks, self.district)
        cases, _ = self.district.open.record.list_cases(limit=1_000_000)
        for each in self.lost:
            fates.judge_lost(each, cases, self)
        self.tally.counts["lost"] = self.witness.lost
        self.tally.counts["filed twice"] = self.witness.twice

    def _prove_alive(self) -> None:
        """After all that: each desk still gives numbers, and they still arrive."""
        self.time.pass_by(days=1)
        for desk in self.desks:
            before = self.tally.counts.get("cases", 0)
            self.take_case(desk)
            alive = self.tally.counts.get("cases", 0) == before + 1
            holds(alive, "P9", "a desk gives no numbers at rest", [desk.machine])
        self.rest()


def _was_heard(report: StepReport | None) -> bool:
    return report is not None and report.problem is None and not report.waited
