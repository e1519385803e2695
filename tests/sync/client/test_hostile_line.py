"""What stands between an island and its district, on real sockets: all survived.

Each line is bad for one conversation and good for the next: whatever happened on the
first, everything is at the district once (P4), and nothing was let go before (P6).
"""

import asyncio
import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from bench import faultproxy
from bench.badline import Line
from bench.faultproxy import FaultProxy
from desk_app.services.syncing import VaultPort
from desk_app.store import settings
from schemas.problems import Code
from sync.client import http
from sync.district.config.tls import make_certificates
from sync.protocol.outbox import Patience
from tests.support.lines import LINE_FAULTS, over, talk, talk_until_sent
from tests.support.rigs import Island, an_island, take_case


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with an_island(tmp_path_factory.mktemp("island")) as made:
        yield made


@pytest.fixture(autouse=True)
def _patience_of_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead line is noticed in a second; nothing else differs."""
    monkeypatch.setattr(http, "_ANSWER_WITHIN_S", 1.0)
    monkeypatch.setattr(http, "_TIMEOUT", http.httpx.Timeout(1.0, connect=1.0))


def _sequences(island: Island) -> list[int]:
    return sorted(
        sequence
        for batch in island.district.sealed.unopened()
        for sequence in range(batch.first, batch.last + 1)
    )


def _survives(island: Island, line: Line, *, seed: int = 1) -> Code | None:
    """Take a case, talk over the line once, then over a good one: once is once."""
    before = len(_sequences(island))
    take_case(island.desk, "HY12-01", seed=before + 1)
    with over(island, line, seed=seed) as proxy:
        problem = talk(island.desk).problem
        proxy.line = Line()
        talk_until_sent(island.desk)
    assert _sequences(island) == list(range(1, before + 2))
    return problem


def test_a_captive_portal_that_answers_in_clear_is_no_district(island: Island) -> None:
    """200 and a page, instead of a handshake."""
    assert _survives(island, Line(portal=True)) in LINE_FAULTS


def test_nobody_listens(island: Island) -> None:
    assert _survives(island, Line(refuse=True)) is Code.LINE_DOWN


@pytest.mark.parametrize("at", [600, 1500, 3000, 4500, 6000])
@pytest.mark.parametrize("how", ["reset", "close", "half-open"])
def test_a_line_that_ends_in_the_middle(island: Island, how: str, at: int) -> None:
    """By RST, by FIN, or by silence: in the handshake, greeting, batch or receipt."""
    ways = {
        "reset": Line(cut_bytes=(at, at), how="reset"),
        "close": Line(cut_bytes=(at, at), how="close"),
        "half-open": Line(cut_bytes=(at, at), how="half-open"),
    }
    problem = _survives(island, ways[how])
    assert problem is None or problem in LINE_FAULTS


@pytest.mark.parametrize("every", [700, 2500, 5000])
def test_a_line_that_garbles(island: Island, every: int) -> None:
    """A turned bit breaks the TLS record, never the record of the district."""
    problem = _survives(island, Line(corrupt_bytes=every))
    assert problem is None or problem in LINE_FAULTS


@pytest.mark.parametrize("every", [700, 2500])
def test_a_line_that_says_pieces_twice(island: Island, every: int) -> None:
    problem = _survives(island, Line(duplicate_bytes=every))
    assert problem is None or problem in LINE_FAULTS


def test_a_line_that_says_everything_again_later(island: Island) -> None:
    """Whole connections replayed at the district: TLS does not take them twice."""
    assert _survives(island, Line(replay=True)) is None


class Recording(FaultProxy):
    """A box at the district that ends TLS, and keeps what each connection said."""

    said: ClassVar[list[bytes]] = []

    async def _say_again(self, said: bytes) -> None:
        self.said.append(said)


@contextmanager
def _behind_a_box(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[bytes]]:
    """Let the desk talk through such a box; yields the requests that it heard."""
    monkeypatch.setattr(faultproxy, "FaultProxy", Recording)
    Recording.said.clear()
    home = island.district.places.intake
    near = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    near.load_cert_chain(home / "server.pem", home / "server.key")
    far = http.trusting_only(island.district.charter.ca_pem)
    to = ("127.0.0.1", int(island.url.rsplit(":", 1)[1]))
    with faultproxy.a_bad_line_aside(
        to, Line(replay=True), near_tls=near, far_tls=far
    ) as proxy:
        with island.desk.place.vault.write() as tx:
            settings.put(tx, "district_url", f"https://localhost:{proxy.port}")
        try:
            yield Recording.said
        finally:
            with island.desk.place.vault.write() as tx:
                settings.put(tx, "district_url", island.url)


def _say(island: Island, requests: bytes) -> bytes:
    """Say a whole conversation to the district once more; returns its answers."""
    context = http.trusting_only(island.district.charter.ca_pem)
    port = int(island.url.rsplit(":", 1)[1])
    answers = b""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        ssl.SSLContext.wrap_socket(context, plain, server_hostname="localhost") as line,
    ):
        line.sendall(requests)
        line.settimeout(1)
        with contextlib.suppress(TimeoutError):
            while piece := line.recv(65536):
                answers += piece
    return answers


def test_p04_requests_that_come_twice_and_in_another_order_change_nothing(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A box that retries by itself says yesterday's requests after today's."""
    before = len(_sequences(island))
    with _behind_a_box(island, monkeypatch) as said:
        for seed in (before + 1, before + 2):
            take_case(island.desk, "HY12-01", seed=seed)
            assert talk(island.desk).problem is None
            talk_until_sent(island.desk)
    kept = _sequences(island)
    assert kept == list(range(1, len(kept) + 1))
    assert any(b"POST /v1/uploads" in each for each in said)
    ledger = island.district.sealed
    stored = ledger.unopened()

    for conversation in (*reversed(said), *said):
        assert b"HTTP/1.1 " in _say(island, conversation)

    assert _sequences(island) == kept
    assert ledger.unopened() == stored
    # An old greeting is no second history: nobody is told of a copy.
    assert ledger.contacts.alarms(limit=9) == ()
    report = talk(island.desk)
    assert (report.problem, report.verdict) == (None, "agreed")


Saying = Callable[[bytes], bytes]


def _request(line: socket.socket) -> bytes:
    """All of a request: an end that is closed over unread bytes resets its answer."""
    asked = b""
    while b"\r\n\r\n" not in asked:
        asked += line.recv(65536)
    head, _, body = asked.partition(b"\r\n\r\n")
    size = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    while size and len(body) < int(size[1]) and (piece := line.recv(65536)):
        body += piece
    return head + b"\r\n\r\n" + body


@contextmanager
def _a_front(island: Island, folder: Path, says: Saying) -> Iterator[str]:
    """A server with the district's own certificate that says what it likes.

    As a proxy at the district would that has lost its own district behind it.
    """
    home = island.district.places.intake
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(home / "server.pem", home / "server.key")
    assert folder.exists()
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        listener.settimeout(0.05)
        while not ended.is_set():
            try:
                plain, _ = listener.accept()
            except TimeoutError:
                continue
            try:
                with context.wrap_socket(plain, server_side=True) as line:
                    line.settimeout(2)
                    line.sendall(says(_request(line)))
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{listener.getsockname()[1]}"
    finally:
        ended.set()
        thread.join(timeout=5)
        listener.close()


def _answer(status: str, body: bytes, *fields: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + body


PAGE = b"<html>sign in</html>"
TUS = "Tus-Resumable: 1.0.0"


@pytest.mark.parametrize(
    "said",
    [
        _answer("200 OK", PAGE),
        _answer("200 OK", b""),
        _answer("204 No Content", b""),
        _answer("302 Found", b"", "Location: https://portal.example/"),
        _answer("307 Temporary Redirect", b"", "Location: https://portal.example/"),
        _answer("502 Bad Gateway", PAGE),
        _answer("201 Created", b"", TUS, "Location: /v1/uploads/x", "Upload-Offset: 0"),
        _answer("204 No Content", b"", TUS, "Upload-Offset: 999999999"),
        _answer("200 OK", b'{"receipt": {}}'),
        _answer("200 OK", b"HTTP/1.1 200 OK"),
        b"\x00\x01garbage\r\n\r\n",
    ],
)
def test_p06_a_proxy_that_answers_for_the_district_releases_nothing(
    island: Island, tmp_path: Path, said: bytes
) -> None:
    """With the very certificate of the district; still only a receipt releases."""
    take_case(island.desk, "HY12-01", seed=1)
    waiting = island.desk.sync_status().waiting
    with _a_front(island, tmp_path, lambda _: said) as url:
        with island.desk.place.vault.write() as tx:
            settings.put(tx, "district_url", url)
        try:
            assert talk(island.desk).problem is not None
        finally:
            with island.desk.place.vault.write() as tx:
                settings.put(tx, "district_url", island.url)
    assert island.desk.sync_status().waiting == waiting
    talk_until_sent(island.desk)
    assert _sequences(island) == list(range(1, len(_sequences(island)) + 1))


def test_p02_a_portal_with_a_certificate_of_its_own_gets_no_request(
    island: Island, tmp_path: Path
) -> None:
    made = make_certificates(
        "Portal", ("localhost",), now=island.desk.place.hands.now()
    )
    (tmp_path / "c.pem").write_text(made.server)
    (tmp_path / "k.pem").write_text(made.server_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(100))
        writer.close()

    async def run() -> Code | None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        with island.desk.place.vault.write() as tx:
            settings.put(tx, "district_url", f"https://localhost:{port}")
        try:
            return (await island.desk.sync(impatient=True)).problem
        finally:
            server.close()
            with island.desk.place.vault.write() as tx:
                settings.put(tx, "district_url", island.url)

    assert asyncio.run(run()) is Code.DISTRICT_NOT_TRUSTED
    assert heard == []


def test_p10_a_district_of_0_1_gets_its_batches_as_it_knows_them(
    island: Island, tmp_path: Path
) -> None:
    """No greeting, no uploads there: the desk asks for neither a second time."""
    take_case(island.desk, "HY12-01", seed=1)
    heard: list[bytes] = []

    def says(asked: bytes) -> bytes:
        heard.append(asked.split(b" HTTP")[0])
        if asked.startswith(b"POST /v1/batches"):
            return _answer("503 Busy", b'{"problem": 203}')
        return _answer("404 Not Found", b'{"detail":"Not Found"}')

    with _a_front(island, tmp_path, says) as url:
        with island.desk.place.vault.write() as tx:
            settings.put(tx, "district_url", url)
        try:
            assert talk(island.desk).problem is Code.DISTRICT_BUSY
        finally:
            with island.desk.place.vault.write() as tx:
                settings.put(tx, "district_url", island.url)
            VaultPort(island.desk.place).keep_patience(Patience())
    assert heard[-1] == b"POST /v1/batches"
    assert b"POST /v1/contact" in heard
    talk_until_sent(island.desk)
