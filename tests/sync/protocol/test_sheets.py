"""A sheet of receipts: split over codes, scanned in any order, misread."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.problems import Code, Problem
from schemas.receipt_sheet import ReceiptSheet, SheetLine
from sync.protocol.sheets import join, read_sheet, sheet_bytes, split

AT = datetime(2026, 11, 23, 4, 0, 0, 123000, tzinfo=UTC)


def a_sheet(count: int, *, device: str = "ab" * 16) -> ReceiptSheet:
    return ReceiptSheet(
        device=device,
        receipt_key=bytes(range(8)),
        total=count + 3,
        lines=tuple(
            SheetLine(
                batch=bytes([n % 256] * 8),
                log_position=n + 1,
                received_at=AT,
                signature=bytes([n % 251] * 64),
            )
            for n in range(count)
        ),
    )


@given(st.integers(0, 200), st.randoms())
def test_codes_in_any_order_and_twice_give_the_sheet(
    count: int, chance: object
) -> None:
    sheet = a_sheet(count)
    texts = [*split(sheet_bytes(sheet)), *split(sheet_bytes(sheet))]
    chance.shuffle(texts)  # type: ignore[attr-defined]

    assert read_sheet(join(texts)) == sheet


def test_a_keyboard_in_lower_case_and_blank_lines_do_no_harm() -> None:
    sheet = a_sheet(5)
    texts = [f"  {text.lower()}\r" for text in split(sheet_bytes(sheet))]

    assert read_sheet(join(["", *texts, "\n"])) == sheet


def _refused(texts: list[str]) -> Problem:
    with pytest.raises(Problem) as refused:
        join(texts)
    return refused.value


def test_what_is_missing_is_named() -> None:
    texts = list(split(sheet_bytes(a_sheet(12))))
    assert len(texts) > 3

    problem = _refused([texts[0], texts[2]])

    assert problem.code is Code.PAPER_PARTS_MISSING
    assert str(problem.params["missing"]).startswith("2, 4")


def test_codes_of_two_sheets_do_not_mix() -> None:
    one, other = split(sheet_bytes(a_sheet(12))), split(sheet_bytes(a_sheet(11)))

    assert _refused([*one, other[0]]).code is Code.PAPER_MIXED


def test_every_misread_letter_is_found() -> None:
    """Each letter of each code replaced: never taken for what it is not."""
    texts = list(split(sheet_bytes(a_sheet(4))))
    for at, text in enumerate(texts):
        for place, letter in enumerate(text):
            wrong = text[:place] + ("7" if letter != "7" else "4") + text[place + 1 :]
            problem = _refused([*texts[:at], wrong, *texts[at + 1 :]])
            assert problem.code in {
                Code.PAPER_MISREAD, Code.PAPER_MIXED, Code.PAPER_NOT_OURS,
                Code.PAPER_PARTS_MISSING,
            }  # fmt: skip


def test_other_codes_are_not_ours() -> None:
    for text in ("IDS1|350305", "https://example.org", "IDP1/1/2", ""):
        assert _refused([text]).code is Code.PAPER_NOT_OURS
    with pytest.raises(Problem) as short:
        read_sheet(sheet_bytes(a_sheet(2))[:-1])
    assert short.value.code is Code.PAPER_NOT_OURS
