"""Who is signed in: a session ends by itself, and guessing gets slower."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.district.config.passphrases import hash_passphrase
from sync.district.console.sessions import Sessions, check_csrf
from sync.district.ledger.record import Record, StaffMember

SECRET = "reviewer passphrase"
NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_passphrase(SECRET, salt=b"0123456789abcdef")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def record(tmp_path: Path, hashed: str) -> Iterator[Record]:
    made = Record(tmp_path / "record.db")
    made.staff.add(StaffMember("lin", "Lin", "reviewer", hashed, 0, None))
    yield made
    made.close()


@pytest.fixture
def sessions(record: Record, clock: Clock) -> Sessions:
    tokens = count()
    return Sessions(record, now=clock, token=lambda: f"token-{next(tokens)}")


def _refused(sessions: Sessions, login: str, passphrase: str) -> Problem:
    with pytest.raises(Problem) as caught:
        sessions.sign_in(login, passphrase)
    assert caught.value.code is Code.STAFF_SIGN_IN_FAILED
    return caught.value


def test_a_session_is_found_by_its_cookie_alone(sessions: Sessions) -> None:
    cookie = sessions.sign_in("lin", SECRET)
    found = sessions.find(cookie)
    assert found is not None
    assert (found.login, found.role) == ("lin", "reviewer")
    assert found.csrf != cookie
    assert sessions.find("token-99") is None
    assert sessions.find(None) is None


def test_a_session_ends_after_a_shift_and_by_signing_out(
    sessions: Sessions, clock: Clock
) -> None:
    cookie = sessions.sign_in("lin", SECRET)
    clock.at += timedelta(hours=8) - timedelta(seconds=1)
    assert sessions.find(cookie) is not None
    clock.at += timedelta(seconds=1)
    assert sessions.find(cookie) is None
    again = sessions.sign_in("lin", SECRET)
    sessions.sign_out(again)
    sessions.sign_out(None)
    assert sessions.find(again) is None


def test_an_unknown_login_and_a_wrong_passphrase_are_told_alike(
    sessions: Sessions,
) -> None:
    unknown = _refused(sessions, "nobody", SECRET)
    wrong = _refused(sessions, "lin", "something else")
    assert unknown.params == wrong.params


def test_guessing_gets_slower_and_the_right_one_must_wait_too(
    sessions: Sessions, clock: Clock
) -> None:
    waits = []
    for _ in range(10):
        _refused(sessions, "lin", "wrong")
        try:
            sessions.sign_in("lin", SECRET)
        except Problem as problem:
            waits.append(int(problem.params["wait_s"]))
            clock.at += timedelta(seconds=waits[-1])
            _refused(sessions, "lin", "wrong")
            clock.at += timedelta(seconds=60)
        else:
            _refused(sessions, "lin", "wrong")
            _refused(sessions, "lin", "wrong")
    assert waits == sorted(waits)
    assert waits[-1] == 60
    assert sessions.sign_in("lin", SECRET)


def test_a_clock_that_was_put_back_locks_nobody_out_for_long(
    sessions: Sessions, clock: Clock
) -> None:
    """P9: a failure that lies in the future does not count."""
    for _ in range(3):
        _refused(sessions, "lin", "wrong")
    clock.at -= timedelta(days=400)
    assert sessions.sign_in("lin", SECRET)


def test_a_form_of_another_session_is_refused(sessions: Sessions) -> None:
    mine = sessions.find(sessions.sign_in("lin", SECRET))
    other = sessions.find(sessions.sign_in("lin", SECRET))
    assert mine is not None
    assert other is not None
    check_csrf(mine, mine.csrf)
    for given in (other.csrf, "", "\N{BULLET}"):
        with pytest.raises(Problem) as refused:
            check_csrf(mine, given)
        assert refused.value.code is Code.FORM_EXPIRED
