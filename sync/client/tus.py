"""Carry sealed bytes by tus 1.0.0, from wherever the server says it is.

Rule 1: one small parcel is one request (creation with the whole body); after a cut the
        server is asked how far it got, and only the rest is sent.
Rule 2: the offset is the server's word and ends nothing; only what stands in the
        answer's body ends an upload (`outcomes`), and that is verified elsewhere.
Rule 3: no state here: the driver keeps what each try told.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import urlsplit

from schemas.problems import Code, Problem
from sync.protocol import tus
from sync.protocol.outcomes import Busy, Kept, NotOurs, Outcome, Refused, parse_outcome
from sync.protocol.pacing import Pace


@dataclass(frozen=True, slots=True)
class Parcel:
    """Sealed bytes to deliver, and the digest that names them."""

    digest: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """How one try ended, and each offset that the server told on the way.

    `found` is how much was there at its beginning (0 where the server knew of none),
    or None where nobody was asked or answered. `unknown_path` says that the server
    has no uploads at all (a district of 0.1).
    """

    outcome: Outcome
    told: tuple[int, ...] = ()
    found: int | None = None
    place: str | None = None
    unknown_path: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `fields` have lower-case names."""

    status: int
    fields: Mapping[str, str]
    content: bytes


class Asking(Protocol):
    """Send one request; `Problem` where the line fails."""

    async def __call__(
        self,
        method: str,
        path: str,
        *,
        fields: Mapping[str, str],
        body: AsyncIterator[bytes] | None,
        size: int,
    ) -> Answer:
        """Return the answer."""


class Lingering(Protocol):
    """Wait so many seconds before the next record is handed over."""

    async def __call__(self, seconds: float, /) -> None:
        """Return when they are over."""


class Announcing(Protocol):
    """Sign the creation of an upload."""

    def __call__(self, path: str, length: str, metadata: str) -> Mapping[str, str]:
        """Return the header fields that prove who announces."""


_TUS: Final = {"Tus-Resumable": tus.VERSION}
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_UNKNOWN_PATH: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})
# These say where an upload stands, not what becomes of it.
_ABOUT_THE_WAY: Final = frozenset(
    {Code.UPLOAD_GONE, Code.UPLOAD_ELSEWHERE, Code.UPLOAD_TAKEN_OVER,
     Code.UPLOAD_GARBLED}
)  # fmt: skip
# A server that moves the offset about is not going to end by itself.
_MOST_REQUESTS: Final = 100_000


class _Ended(Exception):  # noqa: N818 - an outcome on its way up
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Upload:
    """One try to carry one parcel to a server's collection of uploads."""

    def __init__(
        self,
        parcel: Parcel,
        path: str,
        *,
        ask: Asking,
        announce: Announcing,
        round_trip_s: Callable[[], float] = lambda: 0.0,
        linger: Lingering = asyncio.sleep,
    ) -> None:
        self._parcel = parcel
        self._path = path
        self._ask = ask
        self._announce = announce
        self._round_trip_s = round_trip_s
        self._linger = linger
        self._place: str | None = None
        self._told: list[int] = []
        self._found: int | None = None
        self._unknown_path = False

    async def carry(
        self, pace: Pace, *, resume: bool, place: str | None = None
    ) -> Carried:
        """Try once over one line; `place` is where the server keeps it, if known.

        Without a place a resumed upload is looked for under its digest, which is what
        a district names it by.
        """
        outcome: Outcome
        self._place = place or f"{self._path}/{self._parcel.digest}"
        try:
            there = resume and await self._is_there()
            if self._found is not None:
                pace = pace.found(self._found)
            if not there:
                pace = await self._create(pace)
            outcome = await self._go_on(pace)
        except _Ended as ended:
            outcome = ended.outcome
        except Problem as problem:
            outcome = NotOurs(problem.code)
        return Carried(
            outcome, tuple(self._told), self._found, self._place, self._unknown_path
        )

    async def _is_there(self) -> bool:
        answer = await self._ask(
            "HEAD", str(self._place), fields=_TUS, body=None, size=0
        )
        if answer.status in _GONE:
            self._found = 0
            return False
        self._note(answer)
        self._found = self._told[-1]
        return True

    async def _create(self, pace: Pace) -> Pace:
        raw = self._parcel.raw
        said = tus.metadata_of({"digest": self._parcel.digest})
        length = str(len(raw))
        piece = raw[: pace.portion_over(self._round_trip_s())]
        fields = {
            **_TUS,
            "Upload-Length": length,
            "Upload-Metadata": said,
            "Content-Type": tus.CONTENT,
            **self._announce(self._path, length, said),
        }
        answer = await self._ask(
            "POST",
            self._path,
            fields=fields,
            body=self._records(piece, pace),
            size=len(piece),
        )
        if answer.status in _UNKNOWN_PATH and "tus-resumable" not in answer.fields:
            self._unknown_path = True
            raise Problem(Code.UPLOAD_GONE)
        self._end_by(answer)
        if answer.status != HTTPStatus.CREATED or "location" not in answer.fields:
            raise Problem(Code.ANSWER_NOT_OURS)
        self._place = urlsplit(answer.fields["location"]).path
        # A server without creation-with-upload ignores the body and tells no offset.
        self._note(answer, otherwise=0)
        return pace.carried_on(self._told[-1]) if self._told[-1] else pace

    async def _go_on(self, pace: Pace) -> Outcome:
        raw = self._parcel.raw
        for _ in range(_MOST_REQUESTS):
            offset = self._told[-1]
            portion = pace.portion_over(self._round_trip_s())
            piece = raw[offset : offset + portion]
            answer = await self._ask(
                "PATCH",
                str(self._place),
                fields={
                    **_TUS,
                    "Upload-Offset": str(offset),
                    "Content-Type": tus.CONTENT,
                    "Prefer": "return=representation",
                },
                body=self._records(piece, pace),
                size=len(piece),
            )
            if answer.status == HTTPStatus.CONFLICT and self._moved(answer):
                continue
            self._end_by(answer)
            self._note(answer)
            if self._told[-1] == len(raw):
                # All is there and still no receipt: not a district's way to end.
                return NotOurs(Code.ANSWER_NOT_OURS)
            if self._told[-1] <= offset:
                return NotOurs(Code.UPLOAD_ELSEWHERE)
            pace = pace.carried_on(self._told[-1] - offset)
        return NotOurs(Code.UPLOAD_ELSEWHERE)

    def _moved(self, answer: Answer) -> bool:
        """Take the offset of a conflict, where it is another one than we thought."""
        offset = tus.count(answer.fields.get("upload-offset"))
        if offset is None or offset == self._told[-1]:
            return False
        self._note(answer)
        return True

    def _note(self, answer: Answer, *, otherwise: int | None = None) -> None:
        offset = tus.count(answer.fields.get("upload-offset"))
        if offset is None:
            offset = otherwise
        known = answer.fields.get("tus-resumable") == tus.VERSION
        if not known or offset is None or offset > len(self._parcel.raw):
            raise Problem(Code.ANSWER_NOT_OURS)
        self._told.append(offset)

    async def _records(self, piece: bytes, pace: Pace) -> AsyncIterator[bytes]:
        """Hand a body over as the line allows; only the district says what stayed."""
        start = 0
        strides = pace.strides(len(piece), round_trip_s=self._round_trip_s())
        for size, wait_s in strides:
            yield piece[start : start + size]
            start += size
            if wait_s:
                await self._linger(wait_s)

    def _end_by(self, answer: Answer) -> None:
        outcome = parse_outcome(
            answer.content, retry_after=answer.fields.get("retry-after")
        )
        if isinstance(outcome, Kept):
            self._told.append(len(self._parcel.raw))
            raise _Ended(outcome)
        if isinstance(outcome, Refused) and outcome.code in _ABOUT_THE_WAY:
            raise _Ended(NotOurs(outcome.code))
        if isinstance(outcome, Refused | Busy):
            raise _Ended(outcome)
