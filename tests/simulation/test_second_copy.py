"""A second copy is told so even where the line loses the first answer (P8).

Found by the state machine: the greeting after a lost answer counted one higher, and the
copy was taken for the same disk in another machine.
"""

from pathlib import Path

import pytest

from schemas.problems import Code
from tests.simulation.faults import CALM
from tests.simulation.line import Line, Sent
from tests.simulation.world import World


def test_p08_a_second_copy_whose_answer_was_lost_is_still_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(1, tmp_path / "world", desks_at=1, weather=CALM)
    desk = world.desks[0]
    world.take_case(desk)
    other = desk.clone(tmp_path / "clone")
    first = desk.sync()
    assert first is not None
    assert first.problem is None
    deliver, lost = Line._deliver, [True]

    async def losing(line: Line, sent: Sent, *, cut_at: int | None = None) -> object:
        response = await deliver(line, sent, cut_at=cut_at)
        return None if lost and lost.pop() else response

    monkeypatch.setattr(Line, "_deliver", losing)
    second = other.sync()

    assert not lost
    assert second is not None
    assert (second.problem, second.released) == (Code.DEVICE_CLONED, 0)
    other.forget()
    world.end()
    world.close()
