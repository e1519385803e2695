"""Three clocks and a place: an entry says when by each, and a journal begins at 0."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.clocks import Clocks, JournalHead
from schemas.encoding import canonical

CLOCKS: dict[str, Any] = {
    "wall": "2003-01-01T00:00:00.000Z", "boot": "b", "monotonic_ms": 0,
}  # fmt: skip
HEAD: dict[str, Any] = {"epoch": 1, "sequence": 0, "chain": "ab" * 32}


def test_p09_a_wall_clock_of_any_year_is_taken_as_it_is() -> None:
    """It informs; a wrong one must never keep a case from being recorded."""
    for year in ("1970", "2003", "2099"):
        wall = CLOCKS["wall"].replace("2003", year)
        read = Clocks.model_validate({**CLOCKS, "wall": wall})
        assert f"{read.wall:%Y}" == year
        assert read.anchored_at is None


def test_p09_an_anchored_entry_says_what_it_cannot_be_older_than() -> None:
    anchored = {**CLOCKS, "anchored_at": "2026-11-23T04:00:00.000Z"}
    read = Clocks.model_validate(anchored)
    assert read.anchored_at is not None
    assert read.anchored_at > read.wall
    assert canonical(read) == canonical(anchored)


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (Clocks, {**CLOCKS, "monotonic_ms": -1}),
        (Clocks, {**CLOCKS, "wall": "2003-01-01"}),
        (Clocks, {"wall": CLOCKS["wall"], "boot": "b"}),
        (JournalHead, {**HEAD, "epoch": 0}),
        (JournalHead, {**HEAD, "chain": "ab"}),
        (JournalHead, {**HEAD, "sequence": 1.0}),
    ],
)
def test_what_cannot_be_ordered_is_refused(model: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(given)


def test_before_the_first_entry_a_journal_stands_at_nought() -> None:
    assert JournalHead.model_validate(HEAD).sequence == 0


def test_p10_a_clock_of_the_future_is_kept() -> None:
    for model, given in ((Clocks, CLOCKS), (JournalHead, HEAD)):
        kept = model.model_validate({**given, "gnss": 1})
        assert kept.model_dump()["gnss"] == 1
