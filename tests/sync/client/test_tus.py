"""One try of the carrier against scripted servers: what it asks, what it believes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest

from schemas.problems import Code, Problem
from sync.client.tus import Answer, Carried, Parcel, Upload
from sync.protocol.outcomes import Busy, Kept, NotOurs, Refused
from sync.protocol.pacing import Pace

RAW = bytes(range(200)) * 10
PARCEL = Parcel("ab" * 32, RAW)
TUS = {"tus-resumable": "1.0.0"}
RECEIPT = b'{"receipt": {"is": "one"}}'
Asked = tuple[str, str, dict[str, str], bytes]
Script = Callable[[Asked], Answer]


def carry(
    script: Script,
    *,
    resume: bool = False,
    pace: Pace | None = None,
    waits: list[float] | None = None,
) -> tuple[Carried, list[Asked]]:
    """Let one try run against a script; returns how it ended, and what it asked."""
    log: list[Asked] = []

    async def ask(
        method: str, path: str, *, fields: Mapping[str, str],
        body: AsyncIterator[bytes] | None, size: int,
    ) -> Answer:  # fmt: skip
        sent = b"".join([piece async for piece in body]) if body is not None else b""
        assert len(sent) == size
        log.append((method, path, dict(fields), sent))
        return script(log[-1])

    def announce(path: str, length: str, metadata: str) -> Mapping[str, str]:
        return {"Signature": f"{path} {length} {metadata}"}

    async def linger(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)

    upload = Upload(
        PARCEL, "/up", ask=ask, announce=announce, round_trip_s=lambda: 0.6,
        linger=linger,
    )  # fmt: skip
    return asyncio.run(upload.carry(pace or Pace(), resume=resume)), log


def created(offset: int, body: bytes = b"") -> Answer:
    fields = {**TUS, "location": "/up/x", "upload-offset": str(offset)}
    return Answer(201, fields, body)


def test_a_small_parcel_is_one_request() -> None:
    carried, log = carry(lambda _: created(len(RAW), RECEIPT))

    assert carried.outcome == Kept({"is": "one"})
    assert [(method, body) for method, _, _, body in log] == [("POST", RAW)]
    assert "Signature" in log[0][2]


def test_p05_after_a_cut_only_the_rest_is_sent() -> None:
    def script(asked: Asked) -> Answer:
        if asked[0] == "HEAD":
            return Answer(200, {**TUS, "upload-offset": "1500"}, b"")
        return Answer(200, {**TUS, "upload-offset": str(len(RAW))}, RECEIPT)

    carried, log = carry(script, resume=True)

    assert carried.found == 1500
    assert carried.told == (1500, len(RAW))
    assert [each[0] for each in log] == ["HEAD", "PATCH"]
    assert log[1][1] == f"/up/{PARCEL.digest}"
    assert log[1][3] == RAW[1500:]


@pytest.mark.parametrize("status", [404, 410])
def test_what_the_server_forgot_begins_anew(status: int) -> None:
    def script(asked: Asked) -> Answer:
        gone = asked[0] == "HEAD"
        return Answer(status, TUS, b"") if gone else created(len(RAW), RECEIPT)

    carried, log = carry(script, resume=True)

    assert carried.found == 0
    assert [each[0] for each in log] == ["HEAD", "POST"]
    assert isinstance(carried.outcome, Kept)


def test_a_server_without_creation_with_upload_is_served_all_the_same() -> None:
    """It ignores the body, says no offset, and takes pieces."""
    have = [0]

    def script(asked: Asked) -> Answer:
        if asked[0] == "POST":
            return Answer(201, {**TUS, "location": "https://h/up/7"}, b"")
        assert asked[1] == "/up/7"
        assert asked[2]["Upload-Offset"] == str(have[0])
        have[0] += len(asked[3])
        done = RECEIPT if have[0] == len(RAW) else b""
        return Answer(
            200 if done else 204, {**TUS, "upload-offset": str(have[0])}, done
        )

    carried, log = carry(script, pace=Pace(piece=512))

    assert isinstance(carried.outcome, Kept)
    assert len(log) > 3


def test_another_offset_is_followed_where_the_server_says_so() -> None:
    def script(asked: Asked) -> Answer:
        if asked[0] == "HEAD":
            return Answer(200, {**TUS, "upload-offset": "10"}, b"")
        if asked[2]["Upload-Offset"] == "10":
            return Answer(409, {**TUS, "upload-offset": "700"}, b'{"problem": 208}')
        return Answer(200, {**TUS, "upload-offset": str(len(RAW))}, RECEIPT)

    carried, log = carry(script, resume=True)

    assert isinstance(carried.outcome, Kept)
    assert log[-1][3] == RAW[700:]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(503, {"retry-after": "90"}, b'{"problem": 203}'), Busy(90)),
        (Answer(429, {"retry-after": "600"}, b'{"problem": 211}'), Busy(600)),
        (Answer(400, TUS, b'{"problem": 403}'), Refused(Code.MESSAGE_MALFORMED)),
        (Answer(423, TUS, b'{"problem": 209}'), NotOurs(Code.UPLOAD_TAKEN_OVER)),
        (Answer(200, {}, b"<html>"), NotOurs(Code.ANSWER_NOT_OURS)),
        (Answer(204, {}, b""), NotOurs(Code.ANSWER_NOT_OURS)),
        (created(len(RAW) + 1), NotOurs(Code.ANSWER_NOT_OURS)),
        (Answer(201, TUS, b""), NotOurs(Code.ANSWER_NOT_OURS)),
    ],
)  # fmt: skip
def test_p06_nothing_but_a_receipt_ends_an_upload_well(
    answer: Answer, outcome: object
) -> None:
    carried, _ = carry(lambda _: answer)
    assert carried.outcome == outcome


def test_p06_all_is_there_and_no_receipt_is_not_the_end() -> None:
    def script(asked: Asked) -> Answer:
        if asked[0] == "POST":
            return created(len(RAW))
        return Answer(204, {**TUS, "upload-offset": str(len(RAW))}, b"")

    carried, _ = carry(script)
    assert carried.outcome == NotOurs(Code.ANSWER_NOT_OURS)


def test_a_server_that_never_moves_is_left_alone() -> None:
    def script(asked: Asked) -> Answer:
        return created(0) if asked[0] == "POST" else Answer(
            204, {**TUS, "upload-offset": "0"}, b""
        )  # fmt: skip

    carried, log = carry(script)
    assert carried.outcome == NotOurs(Code.UPLOAD_ELSEWHERE)
    assert len(log) == 2


@pytest.mark.parametrize("status", [404, 405])
def test_p10_a_district_of_0_1_is_told_apart(status: int) -> None:
    carried, _ = carry(lambda _: Answer(status, {}, b'{"detail":"Not Found"}'))
    assert carried.unknown_path


def test_a_broken_line_keeps_what_was_told() -> None:
    def script(asked: Asked) -> Answer:
        if asked[0] == "POST":
            return created(512)
        raise Problem(Code.LINE_DOWN)

    carried, _ = carry(script, pace=Pace(piece=512))

    assert carried.outcome == NotOurs(Code.LINE_DOWN)
    assert carried.told == (512,)


def test_p05_where_a_cut_is_due_a_body_goes_out_slowly_and_whole() -> None:
    waits: list[float] = []
    due = Pace(carried=4096, since=4000)
    carried, log = carry(lambda _: created(len(RAW), RECEIPT), pace=due, waits=waits)
    assert isinstance(carried.outcome, Kept)
    assert log[0][3] == RAW
    assert len(waits) > 3
    # 1.5 KB on its way at most, in the 0.3 s that a byte takes.
    assert sum(waits) >= 0.3 * (len(RAW) - 1536) / 1536

    carry(lambda _: created(len(RAW), RECEIPT), waits=(quick := []))
    assert quick == []
