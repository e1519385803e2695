"""Value types: one text for one instant, whole numbers in the range, frozen models."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.base import (
    Base64,
    Count,
    Digest,
    Frozen,
    Kept,
    KeyId,
    Ordinal,
    UtcTime,
    utc_text,
)

TIME: TypeAdapter[datetime] = TypeAdapter(UtcTime)
CHINA = timezone(timedelta(hours=8))


def refused(kind: Any, value: Any) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return True
    return False


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - the offset is added
def test_an_instant_has_one_text_whatever_the_offset(at: datetime, hours: int) -> None:
    moment = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    text = utc_text(moment)
    read = TIME.validate_python(text)
    assert utc_text(read) == text == utc_text(moment.astimezone(CHINA))
    assert timedelta() <= moment - read < timedelta(milliseconds=1)
    assert TIME.dump_json(moment.astimezone(UTC)) == f'"{text}"'.encode()


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T04:00:00Z", "2026-11-23T04:00:00.0000Z", "2026-11-23T04:00:00.000",
        "2026-11-23T12:00:00.000+08:00", "2026-11-23 04:00:00.000Z",
        "2026-13-23T04:00:00.000Z", "2026-11-23T04:00:00.000Z\n", "",
        "\uff12026-11-23T04:00:00.000Z",
    ],
)  # fmt: skip
def test_a_second_text_for_an_instant_is_refused(text: str) -> None:
    """Two texts would give one document two identities."""
    assert refused(UtcTime, text)


def test_a_moment_without_its_offset_is_refused() -> None:
    assert refused(UtcTime, datetime(2026, 11, 23, 4))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="offset"):
        utc_text(datetime(2026, 11, 23, 4))  # noqa: DTZ001 - the point


@pytest.mark.parametrize("value", [-1, 2**53, 1.0, "1", True, None])
def test_what_is_no_exact_whole_number_is_no_count(value: Any) -> None:
    assert refused(Count, value)
    assert refused(Ordinal, value)


def test_counts_begin_at_nought_and_ordinals_at_one() -> None:
    assert not refused(Count, 0)
    assert refused(Ordinal, 0)
    assert not refused(Ordinal, 2**53 - 1)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Digest, "ab" * 32, ["AB" * 32, "ab" * 31, "ab" * 33, "gb" * 32]),
        (KeyId, "ab" * 16, ["AB" * 16, "ab" * 32]),
        (Base64, "A-_9", ["A+/9", "AAA=", "A A", "A\n"]),
    ],
)
def test_names_and_bytes_have_one_spelling(
    kind: Any, good: str, bad: list[str]
) -> None:
    assert not refused(kind, good)
    for text in bad:
        assert refused(kind, text), text


def test_our_own_edge_is_closed_and_a_travelling_document_keeps_what_it_bears() -> None:
    class Own(Frozen):
        name: str

    class Travelling(Kept):
        name: str

    with pytest.raises(ValidationError, match="forbidden"):
        Own.model_validate({"name": "x", "later": 1})
    kept = Travelling.model_validate({"name": "x", "later": 1})
    assert kept.model_dump() == {"name": "x", "later": 1}
    for value in (Own(name="x"), kept):
        with pytest.raises(ValidationError, match="frozen"):
            value.name = "y"
