"""Any order of work, faults, copies put back, clones and a lost desk: nothing is lost.

Hypothesis picks what happens next instead of a world's own dice, so that it also finds
the short and strange orders; a failing one is shrunk to the steps that it needs.
"""

import functools
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from desk_app.store.keyslots import Argon
from sync.district.ledger.device_keys import Place
from tests.simulation.desk import SimDesk
from tests.simulation.faults import PowerCut
from tests.simulation.witness import check_release, held_of, holds
from tests.simulation.world import World
from tests.simulation.worlds import MEMORY

EXAMPLES = 25
STEPS = 25
WHICH = st.integers(0, 1)


@pytest.fixture(autouse=True, scope="module")
def _passphrases_cost_little() -> Iterator[None]:
    """Eight stretchings a world, proved elsewhere, would take half of the time."""
    cheap = functools.partial(Argon, iterations=1, lanes=1, memory_kib=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk_app.store.keyslots.Argon", cheap)
        yield


class Island(RuleBasedStateMachine):
    """Two desks and a district; the second desk may be lost and revoked."""

    def __init__(self) -> None:
        super().__init__()
        where = MEMORY if MEMORY.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="island-", dir=where))
        self.lost: SimDesk | None = None
        self.cut_off = Place(0, 0)
        self.due: set[str] = set()
        # Desks that have not yet spoken to a district that was put back.
        self.not_greeted: set[str] = set()

    @initialize(seed=st.integers(0, 999))
    def begin(self, seed: int) -> None:
        self.world = World(seed, self.folder / "world")
        self.desks = list(self.world.desks)

    def _acting(self, desk: SimDesk, act: Callable[[], object]) -> None:
        """Let a desk act; where its power goes, it starts again."""
        try:
            act()
        except PowerCut:
            desk.cut_power()

    @rule(which=WHICH, cases=st.integers(1, 3))
    def take_cases(self, which: int, cases: int) -> None:
        desk = self.desks[which]
        for _ in range(cases):
            self._acting(desk, lambda: self.world.take_case(desk))

    @rule(which=WHICH)
    def sync(self, which: int) -> None:
        desk = self.desks[which]
        report = desk.sync()
        if desk is self.lost:
            heard = report is not None and (report.released or report.answers)
            holds(not heard, "P6", f"a revoked desk is answered: {report}")
        elif report is not None and report.problem is None:
            self.not_greeted.discard(desk.device)

    @rule()
    def reconcile(self) -> None:
        self.world.district.reconcile()

    @rule(most=st.integers(1, 3))
    def answer(self, most: int) -> None:
        self.world.district.answer_some(most)

    @rule(up=st.booleans())
    def line_comes_or_goes(self, up: bool) -> None:
        self.world.line.is_up = up

    @rule(hours=st.sampled_from([1, 5, 30]))
    def time_passes(self, hours: int) -> None:
        self.world.time.pass_by(hours=hours)

    @rule(which=WHICH, right=st.booleans())
    def clock_is_set(self, which: int, right: bool) -> None:
        clock = self.desks[which].clock
        if right:
            clock.set_right()
        else:
            clock.jump()

    @rule(which=WHICH, writes=st.integers(1, 40))
    def power_goes_soon(self, which: int, writes: int) -> None:
        """The desk dies at the n-th write from now, whatever it does then."""
        self.desks[which].fuse.left = writes

    @rule(writes=st.integers(1, 40))
    def district_dies_soon(self, writes: int) -> None:
        self.world.district.fuse.left = writes

    @rule(which=WHICH)
    def power_goes_now(self, which: int) -> None:
        self.desks[which].cut_power()

    @rule(which=WHICH)
    def tail_is_torn(self, which: int) -> None:
        self.world.tear(self.desks[which])

    @rule(which=WHICH)
    def folder_is_copied(self, which: int) -> None:
        desk = self.desks[which]
        desk.keep_copy(self.world.kept(desk))

    @rule(which=WHICH)
    def folder_is_put_back(self, which: int) -> None:
        self.world.put_back(self.desks[which])

    @rule()
    def district_is_backed_up(self) -> None:
        self.world.keep_district()

    @rule()
    def district_is_put_back(self) -> None:
        self.world.put_back_district()
        self.not_greeted = {desk.device for desk in self.desks}
        if self.lost is not None:
            # Its backup may be older than the loss; whoever restores it says so again.
            self._revoke(self.lost)
            self.due = set()

    @rule(which=WHICH)
    def folder_runs_twice(self, which: int) -> None:
        if self.desks[which] is not self.lost:
            self.world.clone(self.desks[which])

    @rule(which=WHICH)
    def stick_is_carried(self, which: int) -> None:
        desk = self.desks[which]
        self._acting(desk, lambda: self.world.carry_stick(desk))

    @rule(which=WHICH)
    def day_is_closed(self, which: int) -> None:
        desk = self.desks[which]
        self._acting(desk, desk.close_day)

    @precondition(lambda self: self.lost is None)
    @rule(beyond=st.integers(0, 5))
    def desk_is_lost(self, beyond: int) -> None:
        """Revoke the second desk; some of what is still out there is believed."""
        desk = self.desks[1]
        contacts = self.world.district.open.sealed.contacts
        self.due = set(held_of(self.world.district, desk.device))
        epoch = contacts.newest_epoch(desk.device) or 1
        held = contacts.held(desk.device, epoch)
        self.cut_off = Place(epoch, (held.sequence if held else 0) + beyond)
        self._revoke(desk)
        self.lost = desk
        self.world.desks.remove(desk)

    def _revoke(self, desk: SimDesk) -> None:
        self.world.district.open.sealed.keys.revoke(
            desk.device, reason="示例：遗失", up_to=self.cut_off
        )

    @invariant()
    def what_is_saved_is_there(self) -> None:
        for desk in getattr(self, "desks", ()):
            self.world.witness.saw(desk)
            if desk is not self.lost and desk.device not in self.not_greeted:
                check_release(desk, self.world.district)

    def teardown(self) -> None:
        try:
            # After a failing step there is nothing left to judge.
            if sys.exc_info()[0] is None and hasattr(self, "world"):
                self.world.end()
                self._judge_lost()
        finally:
            for desk in getattr(self, "desks", ()):
                desk.place.vault.close()
            if hasattr(self, "world"):
                self.world.district.stop()
                self.world.line.loop.close()
            shutil.rmtree(self.folder)

    def _judge_lost(self) -> None:
        """A revoked desk: what was held stays, once; nothing beyond the cut-off."""
        desk, district = self.lost, self.world.district
        if desk is None:
            return
        cases, _ = district.open.record.list_cases(limit=1_000_000)
        own = [case.received_at for case in cases if case.device == desk.device]
        holds(len(own) == len(set(own)), "P4", "a case is filed twice")
        known = self.world.witness.acknowledged[desk.device].keys()
        holds(set(own) <= known, "P4", "at the district alone", set(own) - known)
        holds(self.due <= set(own), "P3", "lost with a desk", self.due - set(own))
        for epoch in (self.cut_off.epoch, self.cut_off.epoch + 1):
            head = district.open.record.chain(desk.device, epoch)
            filed = Place(epoch, head.sequence if head else 0)
            last = self.cut_off.sequence if epoch == self.cut_off.epoch else 0
            holds(filed.sequence <= last, "P8", f"beyond the cut-off: {filed}")


@pytest.mark.timeout(900)
class TestIsland(Island.TestCase):
    """Always the same examples, so that a red build is red for its own change."""

    settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
