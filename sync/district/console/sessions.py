"""Who is signed in to the console: sessions in memory, failures slow down.

A session ends with the process or after eight hours; its CSRF token is its own.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.problems import Code, Problem
from sync.district.config.passphrases import hash_passphrase, passphrase_matches
from sync.district.ledger.record import Record

_LASTS: Final = timedelta(hours=8)
_FREE: Final = 2
_LONGEST_S: Final = 60
COOKIE: Final = "island_console"


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """One signed-in person."""

    login: str
    name: str
    role: str
    csrf: str
    ends_at: datetime


class Sessions:
    """The sessions of this process."""

    def __init__(
        self, record: Record, *, now: Callable[[], datetime], token: Callable[[], str]
    ) -> None:
        self._record = record
        self._now = now
        self._token = token
        self._open: dict[str, ConsoleSession] = {}

    def sign_in(self, login: str, passphrase: str) -> str:
        """Return a session's cookie; `Problem(STAFF_SIGN_IN_FAILED)`."""
        member = self._record.staff.member(login)
        now = self._now()
        if member is None:
            # The same work for an unknown login: timing must not tell who exists.
            hash_passphrase(passphrase, salt=b"\0" * 16)
            raise Problem(Code.STAFF_SIGN_IN_FAILED, wait_s=0)
        wait_s = _wait_s(member.failures, member.failed_at, now=now)
        if wait_s:
            raise Problem(Code.STAFF_SIGN_IN_FAILED, wait_s=wait_s)
        if not passphrase_matches(passphrase, member.passphrase):
            self._record.staff.signed_in(login, failures=member.failures + 1, now=now)
            self._record.note(login, "sign_in_failed", login, now=now)
            raise Problem(Code.STAFF_SIGN_IN_FAILED, wait_s=0)
        self._record.staff.signed_in(login, failures=0, now=now)
        self._record.note(login, "signed_in", login, now=now)
        cookie = self._token()
        self._open[cookie] = ConsoleSession(
            login, member.name, member.role, self._token(), now + _LASTS
        )
        return cookie

    def find(self, cookie: str | None) -> ConsoleSession | None:
        """Return the session of a cookie, unless it has ended."""
        session = self._open.get(cookie or "")
        return session if session and session.ends_at > self._now() else None

    def sign_out(self, cookie: str | None) -> None:
        """End a session."""
        self._open.pop(cookie or "", None)


def check_csrf(session: ConsoleSession, given: str) -> None:
    """Refuse a form that was not made for this session."""
    if not hmac.compare_digest(session.csrf.encode(), given.encode()):
        raise Problem(Code.FORM_EXPIRED)


def _wait_s(failures: int, failed_at: str | None, *, now: datetime) -> int:
    if failures <= _FREE or failed_at is None:
        return 0
    wait = min(2 ** (failures - _FREE), _LONGEST_S)
    left = wait - (now - datetime.fromisoformat(failed_at)).total_seconds()
    return 0 if left > _LONGEST_S else max(0, round(left + 0.499))
