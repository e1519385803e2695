"""One line of a journal is judged by what it says, wherever it stands."""

import json
from datetime import UTC, datetime

import pytest

from schemas.encoding import JsonObject, base64_text, canonical
from schemas.problems import Code
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.record import EntryFiled, Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.judging import Judged, Sender, judge
from sync.district.reconcile.rules import Filed, SetAside
from sync.district.reconcile.times import Heard, working_calendar
from tests.support.ledgers import NOW, Writer, a_case, a_number, file_line, granted

WITHDRAWN: JsonObject = {
    "kind": "case_withdrawn", "number": a_number(1), "reason": "示例",
    "at": "2026-11-23T03:00:00.000Z",
}  # fmt: skip
CLOSED: JsonObject = {
    "kind": "case_closed", "number": a_number(1), "at": "2026-11-23T03:00:00.000Z",
}  # fmt: skip


class Bench:
    """A record, and a desk whose lines are judged by it."""

    def __init__(
        self, sealed: SealedLedger, record: Record, keys: ReconcileKeys
    ) -> None:
        self.record = record
        self.writer: Writer = granted(sealed)
        self.sealed = sealed
        device = sealed.device(self.writer.device)
        assert device is not None
        heard = Heard(datetime(2026, 11, 23, 4, tzinfo=UTC), working_calendar())
        signed_by = self.writer.signing.key_id
        self.desk = Sender(device, signed_by, sealed, keys, heard)

    def judge(self, raw: bytes, sequence: int, *, epoch: int = 1) -> Judged:
        line = EntryFiled(self.writer.device, epoch, sequence, raw, None, None, "")
        return judge(line, self.desk, self.record, now=NOW)


@pytest.fixture
def bench(sealed: SealedLedger, record: Record, keys: ReconcileKeys) -> Bench:
    return Bench(sealed, record, keys)


def _offering(bench: Bench, raw: bytes, *, of: int) -> bytes:
    outer = json.loads(bench.writer.line(9))
    outer["body"] = {
        "kind": "entry_offered", "epoch": 1, "sequence": of,
        "entry": base64_text(raw),
    }  # fmt: skip
    return canonical(outer)


def _code(judged: Judged) -> Code:
    assert isinstance(judged.verdict, SetAside)
    return judged.verdict.code


def test_p04_an_act_that_was_filed_has_no_second_effect(bench: Bench) -> None:
    raw = bench.writer.line(1, **CLOSED)
    assert _code(bench.judge(raw, 1)) is Code.CHAIN_BROKEN
    file_line(bench.record, bench.writer, 1, **CLOSED)

    # Filed before acts were noted by their ids: the bytes at its place say so.
    carried = bench.judge(_offering(bench, raw, of=1), 9)
    assert carried.supplies == ((1, 1),)
    other = bench.writer.line(1, kind="said", words="otherwise")
    assert _code(bench.judge(_offering(bench, other, of=1), 9)) is Code.CHAIN_FORKED


def test_what_is_carried_is_judged_as_itself(bench: Bench) -> None:
    case = a_case(1, bench.writer.device)
    file_line(bench.record, bench.writer, 1, case=case)
    raw = bench.writer.line(7, **WITHDRAWN)

    judged = bench.judge(_offering(bench, raw, of=7), 9)

    assert isinstance(judged.verdict, Filed)
    assert judged.verdict.case is not None
    assert judged.verdict.case.state == "withdrawn"
    assert judged.act == json.loads(raw)["entry_id"]


@pytest.mark.parametrize("of", [6, 8])
def test_what_is_not_the_entry_that_it_says_is_nothing(bench: Bench, of: int) -> None:
    raw = bench.writer.line(7, **WITHDRAWN)
    offered = _offering(bench, raw, of=of)
    assert _code(bench.judge(offered, 9)) is Code.MESSAGE_MALFORMED
    assert _code(bench.judge(b"{}", 9)) is Code.MESSAGE_MALFORMED
    assert _code(bench.judge(raw, 6)) is Code.MESSAGE_MALFORMED


def test_p08_what_was_judged_before_is_taken_as_it_was(bench: Bench) -> None:
    """The desk has our receipt; what we knew then is what the record has lost."""
    case = a_case(1, bench.writer.device, state="delivered")
    file_line(bench.record, bench.writer, 1, case=case)
    raw = bench.writer.line(7, **WITHDRAWN)
    assert _code(bench.judge(raw, 7)) is Code.STEP_NOT_ADMITTED

    bench.sealed.contacts.believe(bench.writer.device, 1, 7)
    assert isinstance(bench.judge(raw, 7).verdict, Filed)
