"""What befalls machines and keys: lost and revoked, broken and restored, keys renewed.

Rule 1: who lets a desk in, revokes one or changes a key of the district backs the
        district up at once, as its handbook says; its older backups are thrown away.
Rule 2: what only a lost machine knew is known to the paper register alone. What the
        district held of it stays, once, and goes to the desk that follows it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desk_app.services import fresh_keys, renewing
from schemas.problems import Code, Problem
from sync.district.boot.rotating import USES, rotate
from sync.district.intake.fresh_keys import accept_keys_request
from sync.district.ledger.device_keys import Place
from sync.district.reconcile.fresh_keys import approve_keys, asked_fingerprint
from sync.district.reconcile.healing import succeed
from tests.simulation.witness import held_of, holds

if TYPE_CHECKING:
    from sync.district.ledger.record import CaseFiled
    from tests.simulation.desk import SimDesk
    from tests.simulation.world import World

# A finder may show the district entries up to a cut-off that it does not have yet.
_BEYOND: Final = 4


@dataclass(frozen=True, slots=True)
class Lost:
    """A machine that is out there, revoked; `due` is what the district had of it."""

    desk: "SimDesk"
    cut_off: Place
    due: frozenset[str]


def lose(world: "World", desk: "SimDesk") -> None:
    """Lose a machine, revoke it with a cut-off, and let another go on for it."""
    world.witness.saw(desk)
    district = world.district
    due = frozenset(held_of(district, desk.device))
    sealed = district.open.sealed
    epoch = sealed.contacts.newest_epoch(desk.device) or 1
    held = sealed.contacts.held(desk.device, epoch)
    beyond = world.dice.randrange(_BEYOND)
    cut_off = Place(epoch, (held.sequence if held else 0) + beyond)
    sealed.keys.revoke(desk.device, reason="示例：遗失", up_to=cut_off)
    world.lost.append(Lost(desk, cut_off, due))
    world.desks.remove(desk)
    world.tally.add("desk lost and revoked")
    world.tally.add("known to paper alone", len(world.witness.known(desk).keys() - due))
    other = world.add_desk()
    succeed(
        sealed, district.open.record, old=desk.device, new=other.device,
        now=world.time.now(),
    )  # fmt: skip
    world.witness.inherited(due)
    world.keep_district()
    _finder_is_refused(desk)


def _finder_is_refused(desk: "SimDesk") -> None:
    """Whoever found the machine calls: nothing is released and nothing told."""
    report = desk.sync()
    heard = report is not None and (report.released or report.answers)
    holds(not heard, "P6", f"a revoked desk is answered: {report}")


def break_machine(world: "World", desk: "SimDesk") -> None:
    """Restore the desk on a new machine, from its last backup, by the paper key."""
    if desk.backup is None:
        return
    world.witness.saw(desk)
    world.machines += 1
    desk.move_to(world.folder / f"machine-{world.machines}")
    world.heard.put_back(desk.device)
    world.witness.put_back(desk, world.district)
    world.keep_copy(desk)
    world.tally.add("machine broken and restored")


def renew_desk(world: "World", desk: "SimDesk") -> None:
    """Let a desk ask for new keys, unless it waits for them already."""
    try:
        renewing.renew(desk.place)
    except Problem as problem:
        if problem.code not in {Code.KEYS_RENEWAL_UNDER_WAY, Code.NUMBERING_FROZEN}:
            raise
        return
    world.tally.add("desk keys renewed")


def ask_about_keys(world: "World", desk: "SimDesk") -> None:
    """Do what the window says at 320 and 300: the supervisor asks, people approve.

    The request goes by the line, or as a file where there is none; people compare the
    fingerprints before they approve, and back the district up after it.
    """
    request = fresh_keys.ask(desk.place)
    district = world.district
    now = world.time.now()
    publics = district.open.keys.answers_publics()
    accept_keys_request(
        district.open.sealed, request.model_dump_json(), answers=publics, now=now
    )
    mark = fresh_keys.asked_fingerprint(request)
    for asked in district.open.sealed.keys_requests.pending():
        if asked_fingerprint(asked) == mark:
            approve_keys(
                district.open.sealed, district.open.record, district.open.charter,
                district.open.keys, key_id=asked.key_id, now=now,
            )  # fmt: skip
            world.keep_district()
            known = request.standing is not None
            world.tally.add("known again" if known else "fresh keys approved")


def renew_district(world: "World") -> None:
    """Put new keys of the district into force, for one use or all."""
    district = world.district
    uses = world.dice.choice((USES, *((use,) for use in USES)))
    rotate(district.open, uses, now=world.time.now())
    district.restart()
    world.keep_district()
    world.tally.add("district keys renewed")


def judge_lost(lost: Lost, cases: "tuple[CaseFiled, ...]", world: "World") -> None:
    """What was held of a lost desk is there, once; nothing beyond the cut-off is."""
    filed = [case.received_at for case in cases]
    gone = lost.due - set(filed)
    world.witness.count(lost=len(gone))
    holds(not gone, "P3", "lost with a desk", gone)
    record, desk = world.district.open.record, lost.desk
    for epoch in (lost.cut_off.epoch, lost.cut_off.epoch + 1):
        head = record.chain(desk.device, epoch)
        last = lost.cut_off.sequence if epoch == lost.cut_off.epoch else 0
        reached = head.sequence if head else 0
        holds(reached <= last, "P8", f"beyond the cut-off: {epoch} {reached}")
