"""Cases as lists show them: every filter, the newest first, found by what is typed."""

import dataclasses
from typing import Any

import pytest
import sqlcipher3

from desk_app.store import cases
from desk_app.store.cases import CaseFilter, CaseRecord
from desk_app.store.vault import Transaction
from tests.support.rows import DAY, a_case, a_number

SUN, TUE = "2026-11-22", "2026-11-24"


def _listed(tx: Transaction, wanted: CaseFilter, **part: int) -> list[int]:
    found, total = cases.page(tx, wanted, limit=part.get("limit", 99),
                              offset=part.get("offset", 0))  # fmt: skip
    if not part:
        assert total == len(found)
    return [int(each.number.split("-")[3]) for each in found]


def _third(tx: Transaction) -> CaseRecord:
    found = cases.get(tx, a_number(3))
    assert found is not None
    return found


@pytest.fixture
def three(tx: Transaction) -> Transaction:
    """Three cases that differ in all that is filtered by."""
    a_case(tx, a_number(1), received_day=SUN, due_day=SUN, bag="B-1", papers="bag")
    a_case(
        tx, a_number(2), state="granted", item_code="HY12-01", vessel="闽秀渔99001",
        identity="91350300MA2XN5DK7L", answered_at="2026-11-23T01", batch="P01",
        official_number="FJ-2026-88",
    )  # fmt: skip
    a_case(tx, a_number(3), received_day=TUE, due_day=TUE, state="accepted")
    return tx


def test_a_case_comes_back_as_it_was_added(tx: Transaction) -> None:
    fields = dataclasses.fields(CaseRecord)
    said: dict[str, Any] = {
        each.name: n if each.type in {"int", int} else f"{each.name} {n}"
        for n, each in enumerate(fields)
    }
    record = a_case(tx, **said)
    assert cases.get(tx, record.number) == record
    assert cases.get(tx, a_number(9)) is None
    with pytest.raises(sqlcipher3.IntegrityError):
        a_case(tx, record.number)


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({}, [3, 2, 1]),
        ({"state": "granted"}, [2]),
        ({"states": ("granted", "accepted")}, [3, 2]),
        ({"states": ("granted",), "state": "accepted"}, []),
        ({"day": SUN}, [1]),
        ({"since": DAY}, [3, 2]),
        ({"until": DAY}, [2, 1]),
        ({"since": DAY, "until": DAY}, [2]),
        ({"due_by": SUN}, [1]),
        ({"due_by": TUE}, [3, 1]),
        ({"item": "HY12-01"}, [2]),
        ({"vessel": "闽秀渔99001"}, [2]),
        ({"identity": "91350300MA2XN5DK7L"}, [2]),
        ({"bag": "B-1"}, [1]),
        ({"papers": "bag"}, [1]),
        ({"batch": "P01"}, [2]),
        ({"answered_only": True}, [2]),
        ({"text": "林海", "state": "accepted"}, [3]),
        ({"text": "?"}, []),
    ],
)
def test_a_list_shows_what_was_asked_for_the_newest_first(
    three: Transaction, wanted: dict[str, Any], shown: list[int]
) -> None:
    assert _listed(three, CaseFilter(**wanted)) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("林海生", [3, 2, 1]), ("350305107-01-20261123-0002", [2]), ("0003-0", [3]),
     ("35030510701202611230001", [1]), ("9135", [2]), ("dk7l", [2]),
     ("FJ-2026-88", [2]), ("001X", [3, 1]), ("350305197001", [3, 1]), ("黄", [])],
)  # fmt: skip
def test_a_case_is_found_by_name_and_by_the_ends_of_its_numbers(
    three: Transaction, typed: str, shown: list[int]
) -> None:
    assert _listed(three, CaseFilter(text=typed)) == shown


def test_pages_do_not_overlap_and_a_count_stops_where_a_list_stops_counting(
    three: Transaction,
) -> None:
    assert _listed(three, CaseFilter(), limit=2) == [3, 2]
    assert _listed(three, CaseFilter(), limit=2, offset=2) == [1]
    assert _listed(three, CaseFilter(text="林海"), limit=2, offset=2) == [1]
    for serial in range(4, cases.COUNTED_TO + 10):
        cases.add(three, dataclasses.replace(
            _third(three), number=a_number(serial)
        ))  # fmt: skip
    _, total = cases.page(three, CaseFilter(), limit=2, offset=0)
    assert total == cases.COUNTED_TO + 1
    _, total = cases.page(three, CaseFilter(text="林海"), limit=2, offset=0)
    assert total == 3


def test_a_case_that_digits_find_in_two_ways_is_counted_once(tx: Transaction) -> None:
    """The id begins with what the phone ends with, and so do others' ids or phones."""
    for serial, identity, phone in (
        (1, "440882197001010011", "13900440882"),
        (2, "440882197001010038", "13900000002"),
        (3, "110105194912310021", "13911440882"),
        (4, "110105194912310048", "13900000004"),
    ):
        a_case(tx, a_number(serial + 90), identity=identity, phone=phone)
    wanted = CaseFilter(text="440882")
    found, total = cases.page(tx, wanted, limit=2, offset=0)
    assert ([each.number.split("-")[3] for each in found], total) == (
        ["0093", "0092"],
        3,
    )
    narrowed = dataclasses.replace(wanted, identity="440882197001010011")
    assert cases.page(tx, narrowed, limit=1, offset=0)[1] == 1
    assert cases.page(tx, narrowed, limit=1, offset=1)[1] == 1


def test_a_filter_is_changed_in_one_of_its_plain_parts() -> None:
    one = CaseFilter(text="林", answered_only=True).with_one("state", "granted")
    assert one == CaseFilter(text="林", answered_only=True, state="granted")
    assert one.with_one("state", None).state is None
    with pytest.raises(KeyError):
        one.with_one("text", "x")


def test_a_step_changes_what_steps_change_and_nothing_of_the_receipt(
    three: Transaction,
) -> None:
    before = _third(three)
    after = dataclasses.replace(
        before, state="closed", revision=2, vessel="v", papers="returned",
        due_day=None, received_at="never", received_by="somebody", batch="x",
    )  # fmt: skip
    cases.stepped(three, after)
    kept = dataclasses.replace(
        after, received_at=before.received_at, received_by=before.received_by,
        batch=before.batch,
    )  # fmt: skip
    assert _third(three) == kept


def test_a_case_read_again_is_one_case_with_its_new_words(three: Transaction) -> None:
    again = dataclasses.replace(_third(three), applicant_name="黄志强")
    cases.put(three, again, words="黄志 志强")
    cases.put(three, dataclasses.replace(again, number=a_number(4)), words="黄志")
    assert _listed(three, CaseFilter(text="黄志")) == [4, 3]
    assert _listed(three, CaseFilter(text="林海")) == [2, 1]
    assert _third(three) == again


def test_words_may_come_after_the_case_and_change_later(tx: Transaction) -> None:
    """A saved case stands in every list from the first moment."""
    record = a_case(tx, a_number(1))
    late = dataclasses.replace(record, number=a_number(2), phone="13700007777")
    cases.add(tx, late)
    assert _listed(tx, CaseFilter()) == [2, 1]
    assert _listed(tx, CaseFilter(text="7777")) == []
    cases.words_changed(tx, late, "陈阿 阿妹")
    assert _listed(tx, CaseFilter(text="7777")) == [2]
    cases.words_changed(tx, late, "黄志")
    assert _listed(tx, CaseFilter(text="陈阿")) == []
    assert _listed(tx, CaseFilter(text="黄志")) == [2]


def test_cases_are_caught_up_with_in_the_order_they_were_added(
    tx: Transaction,
) -> None:
    assert cases.last_id(tx) == 0
    for serial in (3, 1, 2):
        a_case(tx, a_number(serial))
    every = cases.after_id(tx, 0, limit=9)
    assert [each.number for _, each in every] == [a_number(n) for n in (3, 1, 2)]
    assert every[-1][0] == cases.last_id(tx)
    assert cases.after_id(tx, every[0][0], limit=1) == (every[1],)


def test_legal_days_are_in_the_boards_order_and_in_the_numbers_order(
    three: Transaction,
) -> None:
    assert [each.due_day for each in cases.due(three, limit=9)] == [SUN, TUE]
    assert len(cases.due(three, limit=1)) == 1
    later = cases.with_due_day(three, after=a_number(1), limit=9)
    assert [each.number for each in later] == [a_number(3)]


def test_answers_days_bags_and_figures_are_counted(three: Transaction) -> None:
    a_case(three, a_number(4), answered_at="2026-11-23T02", bag="B-1", papers="bag")
    newest, older = cases.answered(three, limit=9)
    assert (newest.number, older.number) == (a_number(4), a_number(2))
    assert [cases.count_on(three, day) for day in (SUN, DAY, TUE, "2027")] == [
        1, 2, 1, 0,
    ]  # fmt: skip
    assert cases.bags(three) == (("B-1", "bag", 2),)
    assert cases.counts(three, since=SUN, until=DAY) == (
        (SUN, "HY01-02", "received", 1),
        (DAY, "HY01-02", "received", 1),
        (DAY, "HY12-01", "granted", 1),
    )
