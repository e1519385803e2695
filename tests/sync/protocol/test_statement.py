"""A day's statement: the same from the same entries, every serial explained."""

import base64
import json
from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from schemas.ids import NumberParts, case_number
from schemas.statement import Place, Statement
from sync.protocol.statement import (
    Closing,
    DayRecord,
    days_of,
    is_offered,
    late,
    leaves_of,
    numbers_in,
    range_digest,
    received_in,
    statement_of,
)
from sync.seal import suite1

DEVICE = "ab" * 16
DAY = "2026-11-23"
NOON = f"{DAY}T04:00:00.000Z"


def number(serial: int, day: str = DAY) -> str:
    from_text = NumberParts("350305107", "01", _date(day), serial)
    return case_number(from_text)


def _date(day: str) -> date:
    return date.fromisoformat(day)


def entry(sequence: int, body: Mapping[str, JsonValue], *, wall: str = NOON) -> bytes:
    clocks = {"wall": wall, "boot": "b", "monotonic_ms": sequence}
    line = {"sequence": sequence, "clocks": clocks, "body": body}
    return json.dumps(line, ensure_ascii=False).encode()


def received(
    serial: int, *, t0: str = NOON, late: bool = False
) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {
        "kind": "case_received",
        "number": number(serial),
        "received_at": t0,
        "application": {"item_code": "HY01-01", "edition": 1},
    }
    if late:
        body["back_entry"] = {"reason": "停电", "entered_at": NOON}
    return body


def voided(serial: int, because: str | None = None) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {
        "kind": "number_voided",
        "number": number(serial),
        "reason": "试打印",
        "voided_at": NOON,
    }
    if because:
        body["because"] = because
    return body


def records(*bodies: Mapping[str, JsonValue]) -> tuple[DayRecord, ...]:
    return tuple(
        DayRecord(1, n, entry(n, body)) for n, body in enumerate(bodies, start=1)
    )


def statement(kept: tuple[DayRecord, ...], *, day: str = DAY) -> Statement:
    closing = Closing(DEVICE, day, 1, Place(epoch=1, sequence=1000))
    items = {number(1): "HY01-01"}
    return statement_of(kept, closing, items=items, digest=suite1.digest)


def test_p07_steps_are_counted_by_item() -> None:
    accepted = {"kind": "case_accepted", "number": number(1), "at": NOON}
    said = statement(records(received(1), received(2), accepted))
    (item,) = said.items
    assert (item.item, item.steps) == (
        "HY01-01",
        {"case_received": 2, "case_accepted": 1},
    )
    assert said.entries.count == 3
    assert said.editions == (1,)


def test_p07_every_gap_among_the_serials_is_explained_or_says_that_it_is_not() -> None:
    said = statement(
        records(
            received(1), voided(2, "test"), voided(3, "test"), voided(4), received(6)
        )
    )
    (use,) = said.serials
    assert (use.terminal, use.last, use.cases) == ("01", 6, 2)
    gaps = [(gap.first, gap.last, gap.why) for gap in use.gaps]
    assert gaps == [(2, 3, "test"), (4, 4, "void"), (5, 5, "unexplained")]


def test_p07_a_back_entry_belongs_to_its_own_day_and_to_the_day_of_its_number() -> None:
    earlier = "2026-11-20T02:00:00.000Z"
    late = records(received(1, t0=earlier, late=True))
    assert days_of(late[0].raw) == ("2026-11-20", DAY)
    before = statement(late, day="2026-11-20")
    assert before.items[0].steps == {"case_received": 1, "back_entered": 1}
    assert before.serials == ()
    entered = statement(late)
    assert entered.items[0].steps == {"entered_late": 1}
    assert entered.serials[0].cases == 1


def test_a_day_is_the_local_one_and_steps_have_their_own_moment() -> None:
    step = {
        "kind": "case_closed",
        "number": number(1),
        "at": "2026-11-22T17:00:00.000Z",
    }
    assert days_of(entry(1, step, wall="2003-01-01T00:00:00.000Z")) == (DAY,)
    new = {"kind": "new", "number": number(1)}
    assert days_of(entry(1, new, wall="2026-11-22T15:59:59.000Z")) == ("2026-11-22",)


def test_what_bears_no_number_belongs_to_no_day() -> None:
    assert days_of(entry(1, {"kind": "day_closed", "closed_at": NOON})) == ()
    assert days_of(entry(1, {"kind": "notice_seen", "at": NOON})) == ()
    assert days_of(b"not an entry") == ()


def test_what_came_after_the_closing_does_not_count() -> None:
    kept = records(received(1), received(2))
    closing = Closing(DEVICE, DAY, 1, Place(epoch=1, sequence=2))
    said = statement_of(kept, closing, items={}, digest=suite1.digest)
    assert said.entries.count == 1


@given(st.permutations(range(1, 8)))
def test_p07_order_of_reading_does_not_matter(order: list[int]) -> None:
    kept = records(*(received(n) for n in range(1, 8)))
    assert statement(tuple(kept[n - 1] for n in order)) == statement(kept)


def test_p07_any_changed_byte_changes_the_root() -> None:
    kept = records(received(1), received(2))
    whole = statement(kept)
    raw = kept[1].raw
    for at in range(len(raw)):
        harmed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        other = (kept[0], DayRecord(1, 2, harmed))
        assert statement(other).root != whole.root


def test_the_root_is_the_digest_that_the_format_names() -> None:
    kept = records(received(1))
    closing = Closing(DEVICE, DAY, 1, Place(epoch=1, sequence=1000))
    own = suite1.digest(b"island-desk/record/1\n" + kept[0].raw)
    root = suite1.digest(f"island-desk/range/1\n1 1 {own}\n".encode())
    assert statement(kept).root == root
    leaves = leaves_of(kept, closing, suite1.digest)
    assert range_digest(leaves, suite1.digest) == root


def test_items_are_looked_up_by_the_entries_that_received_the_cases() -> None:
    kept = records(
        received(1), {"kind": "case_closed", "number": number(2), "at": NOON}
    )
    assert numbers_in(kept) == {number(1), number(2)}
    assert received_in(kept[0].raw) == (number(1), "HY01-01")
    assert received_in(kept[1].raw) is None


def test_p07_an_entry_offered_again_counts_once_at_its_own_place() -> None:
    """The desk holds both, the district only the second: they say the same."""
    kept = records(received(1), received(2))
    carried = base64.urlsafe_b64encode(kept[1].raw).rstrip(b"=").decode()
    offered = {
        "kind": "entry_offered", "epoch": 1, "sequence": 2, "entry": carried
    }  # fmt: skip
    second = DayRecord(1, 3, entry(3, offered))
    assert days_of(second.raw) == (DAY,)
    assert received_in(second.raw) == (number(2), "HY01-01")
    desk, district = (*kept, second), (kept[0], second)
    assert statement(desk) == statement(district) == statement(kept)
    # Offered again after the day was closed: it was there before, and is not late.
    closing = Closing(DEVICE, DAY, 1, Place(epoch=1, sequence=3))
    after = DayRecord(1, 4, entry(4, offered))
    said = statement_of((kept[0], after), closing, items={}, digest=suite1.digest)
    assert said.root == statement(kept).root
    assert late((kept[0], after), (1, 3)) == 0
    assert late((*kept, DayRecord(1, 5, kept[0].raw)), (1, 3)) == 1
    assert is_offered(after.raw)
    assert not is_offered(kept[0].raw)
    broken = DayRecord(1, 3, entry(3, {**offered, "entry": "!"}))
    assert days_of(broken.raw) == ()


def test_scans_are_counted_once_by_their_digest() -> None:
    scan = {"digest": "d1", "size": 500}
    said = statement(
        records(
            {**received(1), "scans": [scan]},
            {
                "kind": "scans_listed",
                "number": number(1),
                "scans": [scan, {"digest": "d2", "size": 7}],
            },
        )
    )
    assert (said.attachments.count, said.attachments.size) == (2, 507)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from([number(3), NOON, "0001-01-01T00:00:00+14:00", "case_received"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["kind", "number", "received_at", "at", "application", "item_code",
                 "edition", "scans", "digest", "size", "reason", "because"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(JSON, max_size=4), st.sampled_from([NOON, "9999-12-31T23:00:00Z"]))
def test_p07_a_damaged_record_never_stops_a_statement(
    bodies: list[JsonValue], wall: str
) -> None:
    kept = []
    for n, body in enumerate(bodies, start=1):
        clocks = {"wall": wall, "boot": "b", "monotonic_ms": n}
        raw = json.dumps({"clocks": clocks, "body": body}).encode()
        kept.append(DayRecord(1, n, raw))
        days_of(raw)
    assert statement(tuple(kept)).entries.count == len(kept)
