"""Findings and rulings: found once, ruled once, both for ever."""

from dataclasses import replace

import pytest

from schemas.base import utc_text
from schemas.problems import Code, Problem
from sync.district.ledger.days import AgreementSigned, ClosingKey, keep_agreement
from sync.district.ledger.findings import Finding, Ruling, keep_findings, keep_ruling
from sync.district.ledger.record import Record
from tests.support.ledgers import NOW

ONE = Finding("a" * 32, "2026-11-23", "1.9", "changed", 1, 4, "n", "{}")
RULING = Ruling("已核对，以纸质为准", "赵主任", utc_text(NOW))


def _find(record: Record, *found: Finding) -> None:
    record.keep(
        lambda connection: keep_findings(connection, found, now=NOW),
        device="", feedback=None,
    )  # fmt: skip


def _rule(record: Record, number: int) -> None:
    record.keep(
        lambda connection: keep_ruling(connection, number, RULING),
        device="", feedback=None,
    )  # fmt: skip


def test_the_same_finding_again_stays_the_first_one(record: Record) -> None:
    _find(record, ONE, replace(ONE, detail='{"other": 1}'))
    (kept,) = record.findings.of()
    assert (kept.finding, kept.ruling) == (ONE, None)


@pytest.mark.parametrize(
    "other",
    [{"closing": "1.12"}, {"kind": "missing_at_desk"}, {"sequence": 5}, {"epoch": 2}],
)
def test_another_place_kind_or_closing_is_another_finding(
    record: Record, other: dict[str, str | int]
) -> None:
    _find(record, ONE, replace(ONE, **other))  # type: ignore[arg-type]
    assert len(record.findings.of()) == 2


def test_findings_are_found_by_what_they_are_about(record: Record) -> None:
    others = (replace(ONE, device="b" * 32), replace(ONE, day="2026-11-24"))
    _find(record, ONE, *others)
    found = record.findings
    assert [each.finding for each in found.of(device="b" * 32)] == [others[0]]
    assert [each.finding for each in found.of(day="2026-11-24")] == [others[1]]
    assert len(found.of(closing="1.9")) == 3
    assert found.of(device="c" * 32) == ()


def test_a_ruling_is_given_once(record: Record) -> None:
    _find(record, ONE, replace(ONE, sequence=5))
    first = record.findings.of()[0].id
    _rule(record, first)
    assert record.findings.get(first).ruling == RULING
    assert [each.finding.sequence for each in record.findings.of(open_only=True)] == [5]
    with pytest.raises(Problem) as refused:
        _rule(record, first)
    assert refused.value.code is Code.FINDING_RULED


def _agree(
    record: Record, sequence: int, *, epoch: int = 1, day: str = ONE.day
) -> None:
    signed = AgreementSigned(ClosingKey(ONE.device, day, epoch, sequence), "{}")
    record.keep(
        lambda connection: keep_agreement(connection, signed, now=NOW),
        device="", feedback=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("epoch", "sequence", "settled"),
    [(1, 9, True), (1, 30, True), (2, 1, True), (1, 8, False)],
    ids=["this closing", "a later one", "of another epoch", "an earlier one"],
)
def test_p07_a_difference_is_settled_when_its_day_agrees_there_or_later(
    record: Record, epoch: int, sequence: int, *, settled: bool
) -> None:
    """Its place is 1.9: as text 1.30 would come before it."""
    _find(record, ONE)
    _agree(record, sequence, epoch=epoch)
    (kept,) = record.findings.of()
    assert kept.settled_at == (utc_text(NOW) if settled else None)
    assert kept.is_open is not settled
    assert record.findings.of(open_only=True) == (() if settled else (kept,))


def test_p07_another_days_agreement_settles_nothing(record: Record) -> None:
    _find(record, ONE)
    _agree(record, 30, day="2026-11-24")
    assert [each.finding for each in record.findings.of(open_only=True)] == [ONE]


@pytest.mark.parametrize("kind", ["serial_gap", "statement_counts", "clock_off"])
def test_what_is_no_difference_waits_for_a_person_though_the_day_agreed(
    record: Record, kind: str
) -> None:
    _find(record, replace(ONE, kind=kind))
    _agree(record, 9)
    (kept,) = record.findings.of(open_only=True)
    assert kept.settled_at is None


def test_what_a_person_said_stands_though_the_day_agreed_later(record: Record) -> None:
    _find(record, ONE)
    _rule(record, record.findings.of()[0].id)
    _agree(record, 30)
    (kept,) = record.findings.of()
    assert (kept.ruling, kept.settled_at, kept.is_open) == (RULING, None, False)


def test_a_finding_that_is_none_is_unknown(record: Record) -> None:
    with pytest.raises(Problem) as refused:
        record.findings.get(1)
    assert refused.value.code is Code.FINDING_UNKNOWN
