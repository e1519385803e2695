"""What every page has: the words, the problem with its number, China's time."""

from datetime import UTC, datetime

import pytest

from schemas.problems import Code, Problem
from sync.district.console.pages import Pages, local
from sync.district.console.sessions import ConsoleSession

LIN = ConsoleSession(
    "lin", "<b>Lin</b>", "reviewer", "csrf-of-lin", datetime(2026, 11, 25, tzinfo=UTC)
)


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


def _text(pages: Pages, session: ConsoleSession | None, problem: Problem | None) -> str:
    return bytes(pages.show("base.html", session, problem=problem).body).decode()


def test_a_problem_is_shown_with_its_number_and_is_no_success(pages: Pages) -> None:
    problem = Problem(Code.CASE_UNKNOWN, number="<script>")
    answer = pages.show("base.html", LIN, problem=problem)
    page = bytes(answer.body).decode()
    assert answer.status_code == 400
    assert f"[{int(Code.CASE_UNKNOWN)}]" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_names_that_people_chose_are_never_markup(pages: Pages) -> None:
    page = _text(pages, LIN, None)
    assert "&lt;b&gt;Lin&lt;/b&gt;" in page
    assert "<b>Lin</b>" not in page
    assert pages.show("base.html", LIN).status_code == 200


def test_who_is_not_signed_in_gets_no_form_of_a_session(pages: Pages) -> None:
    assert "csrf-of-lin" in _text(pages, LIN, None)
    assert 'value="csrf' not in _text(pages, None, None)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("2026-11-25T16:00:00.000Z", "2026-11-26 00:00"),
        ("2026-11-25T04:05:59.999Z", "2026-11-25 12:05"),
    ],
)
def test_moments_are_shown_as_staff_read_clocks(kept: str, shown: str) -> None:
    assert local(kept) == shown
