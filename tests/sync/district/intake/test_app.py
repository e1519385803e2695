"""Blind intake: who is let in, what is kept once, and that it can open nothing."""

import asyncio
import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from desk_app.boot.hands import real_hands
from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from schemas.problems import Code, Problem
from sync.client.http import Caller, HttpCarrier
from sync.client.keys import Keys
from sync.district.intake.app import make_intake
from sync.district.intake.keeping import IntakeParts
from sync.district.intake.uploads import LARGEST
from sync.protocol import paths
from sync.protocol.outcomes import Kept, Outcome, Refused
from sync.seal.batches import Run, close_batch
from sync.seal.keys import SigningKey
from sync.seal.requests import Target, sign_request
from tests.support.ledgers import Writer, granted, invited
from tests.support.rigs import Island, an_island, take_case

Answer = TypeVar("Answer")
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with an_island(tmp_path_factory.mktemp("island")) as made:
        for seed in range(6):
            take_case(made.desk, "HY12-01", seed=seed)
        yield made


def _run(island: Island) -> Run:
    run = VaultPort(island.desk.place).pending_run()
    assert run is not None
    return run


def _part(run: Run, first: int, count: int) -> Run:
    """A shorter run; heads are of no interest to blind intake."""
    return dataclasses.replace(
        run, first=first, entries=run.entries[first - 1 : first - 1 + count]
    )


def _close(run: Run, keys: Keys, *, signing: SigningKey | None = None) -> bytes:
    return close_batch(
        run, recipient=keys.district_sealing, signing=signing or keys.signing, now=NOW
    ).raw


def _upload(island: Island, raw: bytes) -> Outcome:
    async def ask() -> Outcome:
        carrier = carrier_of(island.desk.place)
        try:
            return await carrier.upload(raw)
        finally:
            await carrier.close()

    return asyncio.run(ask())


def test_p04_the_same_batch_again_gets_the_same_receipt(island: Island) -> None:
    """Any number of times: one effect, one receipt."""
    raw = _close(_part(_run(island), 1, 1), keys_of(island.desk.place))

    first, again = _upload(island, raw), _upload(island, raw)

    assert isinstance(first, Kept)
    assert first == again


def test_p04_batches_are_kept_in_any_order(island: Island) -> None:
    """The third before the second: order comes from sequences, not from arrival."""
    keys, run = keys_of(island.desk.place), _run(island)

    assert isinstance(_upload(island, _close(_part(run, 3, 1), keys)), Kept)
    assert isinstance(_upload(island, _close(_part(run, 2, 1), keys)), Kept)


def test_p08_other_bytes_for_a_kept_range_are_refused(island: Island) -> None:
    """Two histories of one device cannot both be kept."""
    keys, run = keys_of(island.desk.place), _run(island)
    assert isinstance(_upload(island, _close(_part(run, 4, 1), keys)), Kept)

    clash = _upload(island, _close(_part(run, 4, 2), keys))

    assert clash == Refused(Code.BATCH_OVERLAPS)


@pytest.mark.parametrize("offset", [0, 5, 40, -70, -1])
def test_p02_a_changed_byte_is_refused(island: Island, offset: int) -> None:
    raw = bytearray(_close(_part(_run(island), 6, 1), keys_of(island.desk.place)))
    raw[offset] ^= 1

    outcome = _upload(island, bytes(raw))

    assert isinstance(outcome, Refused)
    assert outcome.code in {
        Code.MESSAGE_MALFORMED, Code.SIGNATURE_INVALID, Code.DEVICE_UNKNOWN,
        Code.SUITE_UNKNOWN,
    }  # fmt: skip


def test_another_key_cannot_send_in_a_desks_name(island: Island) -> None:
    keys = keys_of(island.desk.place)
    raw = _close(_part(_run(island), 6, 1), keys, signing=SigningKey.generate())

    assert _upload(island, raw) == Refused(Code.SIGNATURE_INVALID)


def test_a_feed_is_given_to_its_desk_alone(island: Island) -> None:
    """Who cannot sign as the device reads nothing, not even sealed bytes."""
    real = carrier_of(island.desk.place)
    stranger = Caller(SigningKey.generate(), real_hands().now, lambda: "stranger-nonce")

    async def ask() -> Code | None:
        charter = island.district.charter
        carrier = HttpCarrier(island.url, ca_pem=charter.ca_pem, caller=stranger)
        try:
            await carrier.feed(0)
        except Problem as problem:
            return problem.code
        finally:
            await carrier.close()
            await real.close()
        return None

    assert asyncio.run(ask()) is Code.DEVICE_UNKNOWN


def test_a_revoked_desk_is_refused_from_then_on(tmp_path: Path) -> None:
    """What was kept before the cut-off stays; what it signs after is refused."""
    with an_island(tmp_path) as island:
        desk, sealed = island.desk, island.district.sealed
        take_case(desk, "HY12-01", seed=1)
        keys, run = keys_of(desk.place), _run(island)
        before = _close(_part(run, 1, 1), keys)
        assert isinstance(_upload(island, before), Kept)
        sealed.set_state(keys.device, "revoked", reason="示例：遗失")
        take_case(desk, "HY12-01", seed=2)

        after = _close(_part(_run(island), 2, 1), keys)

        assert _upload(island, after) == Refused(Code.DEVICE_REVOKED)
        assert len(sealed.unopened()) == 1


def _modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_p02_intakes_process_does_not_hold_the_code_that_opens() -> None:
    """Stealing that server yields sealed bytes and nothing to open them with."""
    loaded = _modules_after("import sync.district.boot.intake")

    assert "sync.district.intake.app" in loaded
    forbidden: Callable[[str], bool] = lambda name: name.startswith(  # noqa: E731
        (
            "sync.seal.opening", "sync.district.reconcile", "sync.district.console",
            "sync.district.ledger.record",
        )
    )  # fmt: skip
    assert not [name for name in loaded if forbidden(name)]


@dataclasses.dataclass(frozen=True)
class Client:
    """Asks intake in this process, one request at a time."""

    parts: IntakeParts

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> httpx.Response:
        line = httpx.ASGITransport(make_intake(self.parts), raise_app_exceptions=False)

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=line, base_url="https://intake"
            ) as client:
                return await client.request(method, path, headers=headers, content=body)

        return asyncio.run(ask())

    def get(
        self, path: str, *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self._ask("GET", path, headers or {}, b"")

    def post(
        self, path: str, *, content: bytes | str,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:  # fmt: skip
        body = content.encode() if isinstance(content, str) else content
        return self._ask("POST", path, headers or {}, body)


@pytest.fixture
def client(parts: IntakeParts) -> Client:
    return Client(parts)


def _signed(
    desk: Writer, method: str, path: str, body: bytes = b"", *, query: str = ""
) -> dict[str, str]:
    target = Target(method, path, query)
    return sign_request(target, body, key=desk.signing, nonce="n" * 16, now=NOW)


def _problem(answer: httpx.Response) -> tuple[int, Code]:
    return answer.status_code, Code(answer.json()["problem"])


def test_a_desk_asks_to_join_once_and_asks_again_how_it_stands(
    client: Client, parts: IntakeParts
) -> None:
    desk, secret = Writer(), b"s" * 10
    invited(parts.ledger, secret, until=NOW + timedelta(days=1))
    asked = desk.request(secret).model_dump_json()
    where = f"{paths.ENROLMENTS}/{desk.device}"

    assert client.post(paths.ENROLMENTS, content=asked).json()["state"] == "pending"
    assert client.post(paths.ENROLMENTS, content=asked).json()["state"] == "pending"

    mine = client.get(where, headers=_signed(desk, "GET", where))
    assert mine.json()["state"] == "pending"
    parts.ledger.set_state(desk.device, "refused", reason="不是本区的窗口")
    after = client.get(where, headers=_signed(desk, "GET", where)).json()
    assert (after["state"], after["reason"]) == ("refused", "不是本区的窗口")


@pytest.mark.parametrize("path", [paths.ENROLMENTS, paths.BATCHES, paths.CONTACT])
def test_a_line_that_breaks_within_a_request_is_no_fault_of_ours(
    parts: IntakeParts, path: str
) -> None:
    """It breaks daily; the log is for what somebody must mend."""
    arrives = [
        {"type": "http.request", "body": b"half", "more_body": True},
        {"type": "http.disconnect"},
    ]
    asked = {"type": "http", "method": "POST", "path": path, "headers": [],
             "query_string": b"", "raw_path": path.encode()}  # fmt: skip
    said: list[MutableMapping[str, object]] = []

    async def receive() -> MutableMapping[str, object]:
        return arrives.pop(0)

    async def send(message: MutableMapping[str, object]) -> None:
        said.append(message)

    asyncio.run(make_intake(parts)(asked, receive, send))

    assert said[0]["status"] == 499


def test_an_invitation_must_be_proved(client: Client, parts: IntakeParts) -> None:
    invited(parts.ledger, b"s" * 10, until=NOW + timedelta(days=1))
    wrong = Writer().request(b"x" * 10).model_dump_json()
    refused = client.post(paths.ENROLMENTS, content=wrong)
    assert _problem(refused) == (403, Code.ENROL_CODE_REFUSED)
    for nothing in (b"{}", b""):
        refused = client.post(paths.ENROLMENTS, content=nothing)
        assert _problem(refused) == (400, Code.MESSAGE_MALFORMED)


def test_nobody_is_told_of_another_desk(client: Client, parts: IntakeParts) -> None:
    one, other = granted(parts.ledger, "01"), granted(parts.ledger, "02")
    where = f"{paths.ENROLMENTS}/{other.device}"
    for fields in ({}, _signed(one, "GET", where)):
        assert _problem(client.get(where, headers=fields)) == (401, Code.DEVICE_UNKNOWN)


def test_a_signature_is_for_one_request_alone(
    client: Client, parts: IntakeParts
) -> None:
    desk = granted(parts.ledger)
    fields = _signed(desk, "GET", paths.FEED, query="after=0")
    assert client.get(f"{paths.FEED}?after=0", headers=fields).status_code == 200
    moved = client.get(f"{paths.FEED}?after=1", headers=fields)
    assert _problem(moved) == (401, Code.SIGNATURE_INVALID)


def test_a_desk_that_is_out_greets_reads_and_asks_for_nothing(
    client: Client, parts: IntakeParts
) -> None:
    desk = granted(parts.ledger)
    hello = desk.contact(1).model_dump_json().encode()
    asked = b'{"chunks": []}'
    parts.ledger.set_state(desk.device, "revoked", reason="遗失")
    query = "after=0"
    answers = (
        client.post(
            paths.CONTACT, content=hello,
            headers=_signed(desk, "POST", paths.CONTACT, hello),
        ),
        client.post(
            paths.CHUNKS, content=asked,
            headers=_signed(desk, "POST", paths.CHUNKS, asked),
        ),
        client.get(
            f"{paths.FEED}?{query}",
            headers=_signed(desk, "GET", paths.FEED, query=query),
        ),
    )  # fmt: skip
    assert {_problem(each) for each in answers} == {(403, Code.DEVICE_REVOKED)}


def test_a_body_that_is_too_long_is_not_read_to_its_end(client: Client) -> None:
    long = b"IDB1" + bytes(LARGEST)
    refused = client.post(paths.BATCHES, content=long)
    assert _problem(refused) == (400, Code.MESSAGE_MALFORMED)


def test_what_a_desk_can_do_nothing_about_is_the_districts_fault(
    client: Client, parts: IntakeParts
) -> None:
    """A lost receipt key is no reason for a desk to give its batch up."""
    desk = granted(parts.ledger)
    (parts.uploads.parent / "receipt.key").unlink()
    refused = client.post(paths.BATCHES, content=desk.batch(1, 1).raw)
    assert _problem(refused) == (500, Code.DISTRICT_FAILED)
    assert parts.ledger.unopened() == ()


def test_no_page_tells_what_runs_here(client: Client) -> None:
    assert client.get(paths.HEALTH).json() == {"ok": True}
    assert {client.get(p).status_code for p in ("/docs", "/openapi.json", "/")} == {404}
