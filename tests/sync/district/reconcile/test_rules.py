"""What becomes of an entry: filed, or set aside with a number; never dropped."""

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.case import CaseState
from schemas.ids import NumberParts, case_number
from schemas.journal import JournalEntry
from schemas.problems import Code
from sync.district.ledger.record import CaseFiled
from sync.district.reconcile.rules import (
    Filed,
    Origin,
    SetAside,
    decide,
    read_entry,
)
from tools.sample_cases import person_id

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DEVICE = "a" * 32
ORIGIN = Origin(DEVICE, "350305107", "01")
NUMBER = case_number(NumberParts("350305107", "01", date(2026, 11, 23), 1))
APPLICATION = {
    "item_code": "HY12-01", "edition": 1, "form": {}, "materials": [],
    "applicant": {"kind": "person", "name": "林海生", "id_number": person_id(1),
                  "phone": "13900000001", "address": "示例"},
}  # fmt: skip


def entry(body: dict[str, Any]) -> JournalEntry:
    return JournalEntry.model_validate(
        {
            "entry_id": "b" * 32, "device": DEVICE, "epoch": 1, "sequence": 1,
            "operator": "c" * 16, "body": body,
            "clocks": {"wall": "2026-11-23T04:00:00.000Z", "boot": "x",
                       "monotonic_ms": 1},
        }
    )  # fmt: skip


def received(number: str = NUMBER) -> JournalEntry:
    return entry(
        {"kind": "case_received", "number": number, "application": APPLICATION,
         "received_at": "2026-11-23T03:00:00.000Z"}
    )  # fmt: skip


def resubmitted(revision: int = 1) -> JournalEntry:
    return entry(
        {"kind": "case_resubmitted", "number": NUMBER, "revision": revision,
         "reason": "已补交", "application": APPLICATION,
         "resubmitted_at": "2026-11-23T03:00:00.000Z"}
    )  # fmt: skip


def filed(**changes: Any) -> CaseFiled:
    found = decide(received(), ORIGIN, None, now=NOW)
    assert isinstance(found, Filed)
    assert found.case is not None
    return dataclasses.replace(found.case, **changes)


def test_a_new_case_is_filed_with_its_legal_time_untouched() -> None:
    case = filed()
    assert case.received_at.startswith("2026-11-23T03:00:00")
    assert case.state == CaseState.RECEIVED


def test_a_form_fault_is_no_reason_to_refuse() -> None:
    """What the window took by law is judged by people: an empty form is filed."""
    assert filed().number == NUMBER


@pytest.mark.parametrize(
    "origin", [Origin(DEVICE, "350305107", "02"), Origin(DEVICE, "350305108", "01")]
)
def test_a_desk_cannot_use_anothers_numbers(origin: Origin) -> None:
    found = decide(received(), origin, None, now=NOW)
    assert isinstance(found, SetAside)
    assert found.code is Code.CHAIN_FORKED


def test_p04_a_number_is_filed_once() -> None:
    found = decide(received(), ORIGIN, filed(), now=NOW)
    assert isinstance(found, SetAside)
    assert found.number == NUMBER


def test_a_correction_follows_its_case_in_order() -> None:
    found = decide(resubmitted(), ORIGIN, filed(), now=NOW)
    assert isinstance(found, Filed)
    assert found.case is not None
    assert (found.case.state, found.case.revision) == (CaseState.RESUBMITTED, 1)


@pytest.mark.parametrize(
    "known", [None, filed(device="d" * 32), filed(revision=3)], ids=str
)
def test_a_correction_of_nothing_is_set_aside(known: CaseFiled | None) -> None:
    found = decide(resubmitted(), ORIGIN, known, now=NOW)
    assert isinstance(found, SetAside)
    assert found.code is Code.CHAIN_BROKEN


def test_materials_that_come_in_one_by_one_leave_the_rest_owed() -> None:
    """The entry says what is still owed: the record keeps no list of its own."""
    owing = filed(state=CaseState.ACCEPTED_DEFERRED)

    def supplied(material: str, *still_owed: str) -> Filed | SetAside:
        body = {
            "kind": "deferred_supplied", "number": NUMBER, "materials": [material],
            "still_owed": list(still_owed), "at": "2026-11-23T03:00:00.000Z",
        }  # fmt: skip
        return decide(entry(body), ORIGIN, owing, now=NOW)

    first, last = supplied("vinsp", "vown"), supplied("vown")
    assert isinstance(first, Filed)
    assert isinstance(last, Filed)
    assert first.case is not None
    assert last.case is not None
    assert first.case.state == CaseState.ACCEPTED_DEFERRED
    assert last.case.state == CaseState.ACCEPTED


def test_p10_an_entry_of_a_newer_desk_is_filed_whole() -> None:
    newer = entry({"kind": "from_the_future", "number": NUMBER, "more": 1})
    assert decide(newer, ORIGIN, None, now=NOW) == Filed(NUMBER, None)


def test_bytes_that_are_no_entry_are_not_one() -> None:
    assert read_entry(b"{}") is None
    assert read_entry(b"\xff") is None
