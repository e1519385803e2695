"""What waits is filed when what it missed has come; what is missing is asked for."""

import json

import pytest

from schemas.case import CaseState
from schemas.encoding import JsonObject, base64_text, canonical
from schemas.feed import FeedBody
from schemas.healing import CaseWanted, EntryReleased
from schemas.problems import Code
from schemas.quarantine import BatchUnreadable
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.filing import ReconcileReport, reconcile_once
from sync.district.reconcile.releasing import restored_number
from sync.protocol.chain import chain_next
from sync.seal import suite1
from sync.seal.batches import Run, close_batch
from sync.seal.compressing import KNOWN, Context, EntryRange, best_of
from tests.support.ledgers import NOW, Writer, a_number, granted, keep, the_keys
from tools.sample_cases import person_id

AT = "2026-11-23T03:00:00.000Z"
APPLICATION: JsonObject = {
    "item_code": "HY12-01", "edition": 1, "form": {}, "materials": [],
    "applicant": {"kind": "person", "name": "林海生", "id_number": person_id(1),
                  "phone": "13900000001", "address": "示例"},
}  # fmt: skip
RECEIVED: JsonObject = {
    "kind": "case_received", "number": a_number(1), "application": APPLICATION,
    "received_at": AT,
}  # fmt: skip
WITHDRAWN: JsonObject = {
    "kind": "case_withdrawn", "number": a_number(1), "at": AT, "reason": "示例",
}  # fmt: skip
CLOSED: JsonObject = {"kind": "case_closed", "number": a_number(1), "at": AT}


class Office:
    """A district's two databases and one desk that writes to them."""

    def __init__(
        self, sealed: SealedLedger, record: Record, keys: ReconcileKeys
    ) -> None:
        self.sealed, self.record, self.keys = sealed, record, keys
        self.desk: Writer = granted(sealed)

    def send(self, *lines: bytes, epoch: int = 1) -> ReconcileReport:
        """Send an epoch's lines, the whole epoch in one batch, and file them."""
        keep(self.sealed, self.desk.close(lines, epoch=epoch))
        return self.reconcile()

    def send_leaning(self, line: bytes, *, epoch: int) -> None:
        """Send an epoch's only line so that it leans on what was never filed."""
        before = self.desk.head(0, epoch=epoch).chain
        name = best_of(KNOWN)
        assert name is not None
        run = Run(
            self.desk.device, epoch, 1, (line,), before,
            chain_next(suite1.digest, before, line),
            context=Context(name, (EntryRange(1, 50, 1),), (line,)),
        )  # fmt: skip
        to = the_keys().opening.public
        keep(
            self.sealed,
            close_batch(run, recipient=to, signing=self.desk.signing, now=NOW),
        )
        self.reconcile()

    def reconcile(self) -> ReconcileReport:
        return reconcile_once(self.sealed, self.record, self.keys, now=NOW)

    def told(self, kind: type[FeedBody]) -> list[FeedBody]:
        """What was put into the desk's feed, of one kind."""
        end = self.record.healing.feed_end(self.desk.device)
        bodies = self.record.healing.bodies(self.desk.device, after=0, through=end)
        name = kind.model_fields["kind"].default
        return [
            kind.model_validate_json(each)
            for each in bodies
            if json.loads(each)["kind"] == name
        ]

    def offered(
        self, raw: bytes, sequence: int, *, of: tuple[int, int], epoch: int
    ) -> bytes:
        """An entry that carries another one again."""
        outer = json.loads(self.desk.line(sequence, epoch=epoch))
        outer["body"] = {
            "kind": "entry_offered", "epoch": of[0], "sequence": of[1],
            "entry": base64_text(raw),
        }  # fmt: skip
        return canonical(outer)


@pytest.fixture
def office(sealed: SealedLedger, record: Record, keys: ReconcileKeys) -> Office:
    return Office(sealed, record, keys)


def test_p08_a_step_waits_for_its_case_and_is_filed_when_it_comes(
    office: Office,
) -> None:
    office.send(office.desk.line(1, **WITHDRAWN))
    assert [e.problem for e in office.record.journals.quarantined()] == [
        Code.CHAIN_BROKEN
    ]

    report = office.send(office.desk.line(1, epoch=2, **RECEIVED), epoch=2)

    assert (report.filed, report.set_aside) == (2, 0)
    assert office.record.journals.quarantined() == ()
    assert [e.healed_by for e in office.record.journals.healed()] == [(1, 1)]
    case = office.record.case(a_number(1))
    assert case is not None
    assert case.state == CaseState.WITHDRAWN
    (told,) = office.told(EntryReleased)
    assert (told.epoch, told.sequence, told.by_epoch) == (1, 1, 1)


def test_p08_a_case_that_is_missing_is_asked_for_once_an_epoch(office: Office) -> None:
    office.send(office.desk.line(1, **WITHDRAWN), office.desk.line(2, **CLOSED))
    office.reconcile()
    assert [each.number for each in office.told(CaseWanted)] == [a_number(1)]

    started: JsonObject = {
        "kind": "epoch_started", "why": "desk_behind", "from_epoch": 1, "agreed": 2,
        "own": 2,
    }  # fmt: skip
    office.send(office.desk.line(1, epoch=2, **started), epoch=2)
    assert len(office.told(CaseWanted)) == 2


def test_p05_what_an_answer_brings_and_waits_itself_asks_for_nothing_again(
    office: Office,
) -> None:
    """A desk without the beginning of a case answers, is set aside, and rests."""
    step = office.desk.line(1, **WITHDRAWN)
    office.send(step)
    for epoch in (2, 3):
        report = office.send(
            office.offered(step, 1, of=(1, 1), epoch=epoch), epoch=epoch
        )
        assert (report.set_aside, report.sent) == (1, 1)

    assert len(office.told(CaseWanted)) == 1
    other = office.desk.line(1, epoch=4, **WITHDRAWN | {"number": a_number(2)})
    office.send(other, epoch=4)
    asked = [each.number for each in office.told(CaseWanted)]
    assert asked == [a_number(1), a_number(2)]


def test_p04_an_act_that_was_filed_elsewhere_heals_and_has_no_second_effect(
    office: Office,
) -> None:
    """A number on two papers: the same act comes again under another number."""
    twice = office.desk.line(2, **RECEIVED)
    office.send(office.desk.line(1, **RECEIVED), twice)
    assert [e.problem for e in office.record.journals.quarantined()] == [
        Code.CHAIN_FORKED
    ]

    was = json.loads(twice)
    again = json.loads(
        office.desk.line(1, epoch=2, **RECEIVED | {"number": a_number(2)})
    )
    again["again"] = {
        "epoch": 1, "sequence": 2, "entry_id": was["entry_id"], "clocks": was["clocks"],
    }  # fmt: skip
    office.send(canonical(again), epoch=2)

    assert office.record.journals.quarantined() == ()
    assert [e.healed_by for e in office.record.journals.healed()] == [(2, 1)]
    assert office.record.list_cases()[1] == 2


def test_p03_what_its_state_forbids_is_not_filed_because_time_passes(
    office: Office,
) -> None:
    office.send(office.desk.line(1, **RECEIVED), office.desk.line(2, **CLOSED))
    office.send(office.desk.line(1, epoch=2, **WITHDRAWN), epoch=2)

    assert [e.problem for e in office.record.journals.quarantined()] == [
        Code.STEP_NOT_ADMITTED
    ]
    case = office.record.case(a_number(1))
    assert case is not None
    assert case.state == CaseState.WITHDRAWN


def test_p08_a_range_that_does_not_open_is_asked_for_by_its_own_heads(
    office: Office,
) -> None:
    """Each entry fills its place; its first try, lost in a gap itself, another one."""
    raw = office.desk.line(1, **RECEIVED)
    office.send_leaning(raw, epoch=1)
    (wanted,) = office.told(BatchUnreadable)
    assert (wanted.epoch, wanted.first, wanted.last) == (1, 1, 1)
    start = office.desk.head(0).chain
    assert wanted.chain_before == start
    assert wanted.chain_after == chain_next(suite1.digest, start, raw)

    first_try = office.offered(raw, 1, of=(1, 1), epoch=2)
    office.send_leaning(first_try, epoch=2)
    second_try = office.offered(first_try, 1, of=(2, 1), epoch=3)
    assert restored_number(second_try) == a_number(1)
    office.send(second_try, epoch=3)
    assert office.record.journals.quarantined() == ()
    assert [e.healed_by for e in office.record.journals.healed()] == [(3, 1), (3, 1)]
    assert office.record.case(a_number(1)) is not None
    assert office.record.journals.broken() == []

    again = office.send(office.offered(raw, 1, of=(1, 1), epoch=4), epoch=4)
    assert (again.filed, again.set_aside) == (1, 0)
    assert office.record.list_cases()[1] == 1
