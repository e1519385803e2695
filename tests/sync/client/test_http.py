"""The HTTPS carrier against what stands between an island and its district."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.client.http import Caller, HttpCarrier
from sync.district.config.tls import Certificates, make_certificates
from sync.protocol.outcomes import Busy, NotOurs, Outcome, Refused
from sync.seal.keys import SigningKey

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HTML = b"<html>Welcome to Ferry Wi-Fi</html>"


def _certificates(*, made: datetime = NOW) -> Certificates:
    return make_certificates("Test", ("localhost",), now=made)


def _answer(status: str, body: bytes, *, claimed: int | None = None) -> bytes:
    length = len(body) if claimed is None else claimed
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode() + body


def talk(
    tmp_path: Path,
    certificates: Certificates,
    answer: bytes,
    ask: Callable[[HttpCarrier], Awaitable[Outcome]],
    *,
    trusted: str,
) -> Outcome:
    """Ask a server that answers every request with the same bytes."""
    (tmp_path / "c.pem").write_text(certificates.server)
    (tmp_path / "k.pem").write_text(certificates.server_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def run() -> Outcome:
        server = await asyncio.start_server(serve, "localhost", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        caller = Caller(SigningKey.generate(), lambda: NOW, lambda: "nonce-nonce")
        carrier = HttpCarrier(
            f"https://localhost:{port}", ca_pem=trusted, caller=caller
        )
        try:
            return await ask(carrier)
        finally:
            await carrier.close()
            server.close()

    return asyncio.run(run())


async def _upload(carrier: HttpCarrier) -> Outcome:
    return await carrier.upload(b"sealed bytes")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_answer("200 OK", HTML), NotOurs(Code.ANSWER_NOT_OURS)),
        (_answer("200 OK", b""), NotOurs(Code.ANSWER_NOT_OURS)),
        (_answer("200 OK", b"[1]"), NotOurs(Code.ANSWER_NOT_OURS)),
        (_answer("302 Found", HTML), NotOurs(Code.ANSWER_NOT_OURS)),
        (_answer("502 Bad Gateway", HTML), NotOurs(Code.ANSWER_NOT_OURS)),
        (_answer("200 OK", b'{"receipt"', claimed=900), NotOurs(Code.LINE_DOWN)),
        (b"", NotOurs(Code.LINE_DOWN)),
        (b"SSH-2.0-Something\r\n", NotOurs(Code.LINE_DOWN)),
        (_answer("503 Busy", b'{"problem": 203}'), Busy(60)),
        (_answer("200 OK", b'{"problem": 403}'), Refused(Code.MESSAGE_MALFORMED)),
        # 101 is a number of the desk's own: no district says it.
        (_answer("200 OK", b'{"problem": 101}'), NotOurs(Code.ANSWER_NOT_OURS)),
    ],
)
def test_p06_nothing_but_a_districts_words_ends_a_batch(
    tmp_path: Path, answer: bytes, expected: Outcome
) -> None:
    """Portals answer 200, proxies 502, lines break in the middle: none releases."""
    made = _certificates()
    assert talk(tmp_path, made, answer, _upload, trusted=made.ca) == expected


def test_p02_another_authority_is_not_trusted_whatever_it_says(tmp_path: Path) -> None:
    """A portal with a certificate of its own gets nothing, not even a request."""
    answer = _answer("200 OK", b'{"receipt": {}}')
    outcome = talk(
        tmp_path, _certificates(), answer, _upload, trusted=_certificates().ca
    )
    assert outcome == NotOurs(Code.DISTRICT_NOT_TRUSTED)


@pytest.mark.parametrize("years", [-30, 30])
def test_p09_a_certificate_out_of_its_time_is_still_the_districts(
    tmp_path: Path, years: int
) -> None:
    """A desk's clock may be decades off; the pinned authority is what counts."""
    made = _certificates(made=datetime.now(UTC) + timedelta(days=365 * years))
    answer = _answer("503 Busy", b'{"problem": 203}')
    assert talk(tmp_path, made, answer, _upload, trusted=made.ca) == Busy(60)


def test_a_feed_that_is_no_feed_is_a_problem(tmp_path: Path) -> None:
    made = _certificates()

    async def ask(carrier: HttpCarrier) -> Outcome:
        with pytest.raises(Problem) as caught:
            await carrier.feed(0)
        return NotOurs(caught.value.code)

    outcome = talk(tmp_path, made, _answer("200 OK", HTML), ask, trusted=made.ca)
    assert outcome == NotOurs(Code.ANSWER_NOT_OURS)
