"""Taking over from a refused copy: each act that nobody signed for, once (P8)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk_app.config.places import places
from desk_app.services import adopting, attaching, steps
from desk_app.services.adopting import Adopted
from desk_app.store import incidents, outbox, returned
from desk_app.store.keyslots import Keyslots
from desk_app.store.outbox import BatchRecord
from desk_app.store.vault import Vault
from schemas.case import CaseReceived, CaseState
from schemas.ids import read_case_number
from schemas.problems import Code
from tests.support.counter import Counter, a_bare_counter, a_counter, refused
from tests.support.pictures import photograph
from tests.support.rigs import PASSPHRASE


@dataclass
class Pair:
    """A refused copy, locked, and the desk that the same machine is set up as anew."""

    home: Path
    desk: Counter
    held: str
    """A case of the copy that the district has signed for."""
    taken: str
    """One that it has not; it was accepted at the copy, and has a scan."""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with a_counter(tmp_path / "copy") as copy:
        held = copy.take(seed=1)
        with copy.place.vault.write() as tx:
            outbox.add(tx, BatchRecord("batch", 1, 1, 1, "{}", b""))
            outbox.receipted(tx, "batch", "{}")
        steps.withdraw(copy.as_("wu"), held, reason="不办了")
        taken = copy.take(seed=2)
        steps.withdraw(copy.place, taken, reason="不办了")
        raw = photograph((50, 50), kind="PNG")
        attaching.attach(copy.place, taken, "id", name="id.png", raw=raw)
    with a_counter(tmp_path / "desk", terminal="02") as desk:
        yield Pair(tmp_path / "copy", desk, held, taken)


def _adopt(pair: Pair, passphrase: str = PASSPHRASE) -> Adopted:
    return adopting.adopt(
        pair.desk.place, pair.home, login="lin", passphrase=passphrase
    )


def test_p08_a_case_goes_on_under_a_number_of_the_new_device(pair: Pair) -> None:
    """The paper's number is said in it, and who did it, and when."""
    found = _adopt(pair)
    (new,) = found.numbers.values()
    assert found.numbers == {pair.taken: new}
    parts = read_case_number(new)
    assert (parts.terminal, parts.serial) == ("02", 1)
    received = next(
        entry for entry in pair.desk.entries() if isinstance(entry.body, CaseReceived)
    )
    assert received.body.paper_number == pair.taken
    assert received.again is not None
    view = pair.desk.desk.case(new)
    assert view.row.state is CaseState.WITHDRAWN
    assert view.row.applicant_name
    operators = {row.operator_id for row in pair.desk.desk.operators()}
    assert received.operator not in operators


def test_p08_what_was_signed_for_is_not_taken_and_its_later_steps_are_left(
    pair: Pair,
) -> None:
    """The step is offered all the same: the district sets it aside for people."""
    found = _adopt(pair)
    assert pair.held not in found.numbers
    assert found.left == 1
    step = next(
        entry for entry in pair.desk.entries()
        if getattr(entry.body, "number", "") == pair.held
    )  # fmt: skip
    assert step.body.kind == "case_withdrawn"
    with pair.desk.place.vault.read() as tx:
        told = {
            e.what: e.detail for e in incidents.listed(tx, unseen_only=True, limit=9)
        }
        pairs = returned.renumberings(tx, open_only=True)
    assert told["adopted"] == {"cases": "1", "left": "1"}
    assert {each.old: each.new for each in pairs} == found.numbers


def test_scans_come_with_their_case_and_are_listed_anew(pair: Pair) -> None:
    (new,) = _adopt(pair).numbers.values()
    (page,) = attaching.pages_of(pair.desk.place, new)
    assert (page.material, page.name) == ("id", "id.png")
    assert attaching.preview(pair.desk.place, page).png.startswith(b"\x89PNG")
    listed = [e for e in pair.desk.entries() if e.body.kind == "scans_listed"]
    assert [getattr(each.body, "number", "") for each in listed] == [new]


def test_p04_each_act_is_taken_over_once(pair: Pair) -> None:
    first = _adopt(pair)
    count = len(pair.desk.entries())
    again = _adopt(pair)
    assert (again.numbers, again.left) == ({}, 0)
    assert len(pair.desk.entries()) == count
    assert pair.desk.desk.cases().total == len(first.numbers)


def test_the_copy_itself_is_only_read(pair: Pair) -> None:
    def rows() -> list[object]:
        slots = Keyslots(places(pair.home).keyslots, dice=os.urandom)
        vault = Vault(places(pair.home).vault, slots.unlock("lin", PASSPHRASE).key)
        with vault.read() as tx:
            found = [
                tx.rows(f"SELECT * FROM {table}")  # noqa: S608 - the names below
                for table in ("journal", "audit", "serials", "settings", "cases")
            ]
        vault.close()
        return [*found]

    before = rows()
    _adopt(pair)
    assert rows() == before


@pytest.mark.parametrize("what", ["clerk", "passphrase", "folder", "not enrolled"])
def test_whoever_may_not_or_cannot_changes_nothing(
    pair: Pair, tmp_path: Path, what: str
) -> None:
    desk = pair.desk
    if what == "clerk":
        desk.as_("wu")
        refused(Code.NOT_ALLOWED, _adopt, pair)
    elif what == "passphrase":
        refused(Code.PASSPHRASE_WRONG, _adopt, pair, "not the passphrase")
    elif what == "folder":
        empty = Pair(tmp_path / "none", desk, "", "")
        refused(Code.FILE_NOT_READABLE, _adopt, empty)
    else:
        bare = a_bare_counter(tmp_path / "bare")
        refused(Code.NOT_ENROLLED, _adopt, Pair(pair.home, bare, "", ""))
        bare.desk.lock()
    assert desk.entries() == []
