"""The text catalogue: words by key, placeholders filled, local time, every number."""

from datetime import UTC, datetime

import pytest

from desk_app.text.words import Words, local_time, number_words, problem_words
from schemas.problems import Code, Problem


def test_a_key_without_words_shows_the_key_rather_than_nothing() -> None:
    words = Words("desk")
    assert words("board.no_such_words") == "board.no_such_words"
    assert not words.has("board.no_such_words")
    assert words.has("span.days")


def test_placeholders_are_filled_and_a_missing_one_is_seen() -> None:
    words = Words("desk")
    assert words("span.days", count=3) == "3 天"
    assert words("span.days") == "{count} 天", "no KeyError in front of a clerk"
    assert words("span.days", count="{0}", other=1) == "{0} 天"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 23, 16, 0, 59, tzinfo=UTC), "2026-11-24 00:00"),
        (datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), "2026-11-23 23:59"),
        # Summer time ended in 1991; an old paper may still be older.
        (datetime(1988, 7, 1, 0, 0, tzinfo=UTC), "1988-07-01 09:00"),
    ],
)
def test_a_moment_is_read_as_the_window_reads_it(at: datetime, said: str) -> None:
    assert local_time(at) == said


@pytest.mark.parametrize("code", list(Code))
def test_every_number_has_a_title_a_cause_and_what_to_do(code: Code) -> None:
    told = problem_words(Problem(code))
    assert all(text and not text.startswith(f"p{int(code)}.") for text in told)
    assert number_words(code) == told


def test_a_problems_params_are_in_its_words() -> None:
    title, cause, do = problem_words(Problem(Code.PASSPHRASE_MISSING, variable="X_Y"))
    assert "X_Y" in title + cause + do


def test_p10_a_number_of_a_later_version_is_shown_and_says_so() -> None:
    """A newer district sets an entry aside for a reason that has no words here."""
    title, cause, do = number_words(9999)
    assert "9999" in title
    assert cause
    assert do
