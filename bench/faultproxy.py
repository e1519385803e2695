"""A bad line in front of a good server: slow, far, cut, deaf, lying.

Rule 1: one `FaultProxy` is one line. Its bandwidth and its cuts are shared by every
        connection on it, as on a radio link: a client gains nothing by opening more.
Rule 2: a cut by bytes falls exactly: that many bytes are delivered, both directions
        together, and not one more; what was in flight is lost.
Rule 3: chance comes from one seed. `line` may be replaced while the proxy runs.

Opening a connection costs a round trip before its first byte moves, as TCP does.
Segment headers, lost packets and slow start are not modelled: every client is
spared them alike.

    python -m bench.faultproxy --to 127.0.0.1:8443 --kbit 256 --rtt-ms 600 \
        --cut-bytes 30000-90000
"""

import argparse
import asyncio
import contextlib
import json
import random
import signal
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from typing import Final, Literal

from bench.badline import Carried, How, Line, Span, portal_answer

# What a bounded link holds before it pushes back: a modem's buffer, not a disk's.
_BUFFER: Final = 16 * 1024
_LONGEST_PIECE: Final = 64 * 1024
_SHORTEST_PIECE: Final = 256
# A piece leaves in about this time, so that connections share a slow link fairly.
_PIECE_S: Final = 0.02
# A line does not get slower because the machine that plays it was late: so much of
# what it missed while something waited is made up for.
_LATE_S: Final = 0.05


@dataclass(slots=True, eq=False)
class _Connection:
    """One client and its server, and the tasks that carry between them."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    said: bytearray = field(default_factory=bytearray)
    deaf: bool = False

    def kill(self, *, hard: bool) -> None:
        for writer in (self.near, self.far):
            if writer is None:
                continue
            if hard:
                _reset(writer)
            else:
                writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection by RST, so that the other side learns it as an error."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


class FaultProxy:
    """A listening line to one server."""

    def __init__(
        self,
        to: tuple[str, int],
        line: Line | None = None,
        *,
        seed: int = 1,
        near_tls: ssl.SSLContext | None = None,
        far_tls: ssl.SSLContext | None = None,
    ) -> None:
        """Take the server's address; both TLS contexts make it a middlebox."""
        self.line = line or Line()
        self.carried = Carried()
        self.port = 0
        self._to = to
        self._near_tls = near_tls
        self._far_tls = far_tls
        # Repeatable on purpose: a bad day on the line can be had again.
        self._dice = random.Random(seed)  # noqa: S311
        self._free_at = {"up": 0.0, "down": 0.0}
        self._since = {"corrupt": 0, "duplicate": 0}
        self._budget: float | None = None
        self._open: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._replays: set[asyncio.Task[None]] = set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; `port` says where."""
        listener = socket.create_server((host, port), backlog=100)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self.port = int(listener.getsockname()[1])
        self._server = await asyncio.start_server(
            self._accept, sock=listener, ssl=self._near_tls, limit=_BUFFER
        )
        self._keep(self._cut_by_time())

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._open):
            connection.kill(hard=True)
            for task in connection.tasks:
                task.cancel()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    def cut(self) -> None:
        """Cut every connection now, as the line's `how` says."""
        self.carried.cuts += 1
        self._budget = None
        for connection in list(self._open):
            connection.deaf = True
            if self.line.how != "half-open":
                # What arrived did arrive: it leaves our own buffers first.
                asyncio.get_running_loop().call_later(
                    0.005, self._end, connection, self.line.how
                )

    async def settle(self) -> None:
        """Wait until everything that is to be repeated to the server was."""
        while waiting := {task for task in self._replays if not task.done()}:
            await asyncio.wait(waiting)

    def _end(self, connection: _Connection, how: How) -> None:
        connection.kill(hard=how == "reset")
        for task in connection.tasks:
            task.cancel()

    def _keep(self, work: "asyncio._CoroutineLike[None]") -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def _cut_by_time(self) -> None:
        while True:
            span = self.line.cut_after_s
            await asyncio.sleep(self._dice.uniform(*span) if span else 0.05)
            if span and self.line.cut_after_s == span:
                self.cut()

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.carried.connections += 1
        connection = _Connection(writer)
        self._open.add(connection)
        try:
            if self.line.refuse:
                _reset(writer)
            elif self.line.portal:
                await self._as_portal(reader, writer)
            else:
                await self._join(connection, reader)
        except (OSError, asyncio.CancelledError):
            connection.kill(hard=True)
        finally:
            self._open.discard(connection)

    async def _as_portal(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.carried.sent_up += len(await reader.read(_BUFFER))
        answer = portal_answer()
        writer.write(answer)
        self.carried.sent_down += len(answer)
        await writer.drain()
        writer.close()

    async def _join(
        self, connection: _Connection, reader: asyncio.StreamReader
    ) -> None:
        # TCP's own handshake: nothing moves before one round trip.
        await asyncio.sleep(self.line.up_s + self.line.down_s)
        far_reader, far = await self._dial()
        connection.far = far
        connection.tasks = [
            asyncio.ensure_future(self._carry(connection, reader, far, "up")),
            asyncio.ensure_future(
                self._carry(connection, far_reader, connection.near, "down")
            ),
        ]
        await asyncio.gather(*connection.tasks, return_exceptions=True)
        connection.kill(hard=False)
        if self.line.replay and connection.said:
            self._replays.add(self._keep(self._say_again(bytes(connection.said))))

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        name = "localhost" if self._far_tls else None
        return await asyncio.open_connection(
            *self._to, ssl=self._far_tls, server_hostname=name, limit=_BUFFER
        )

    async def _say_again(self, said: bytes) -> None:
        """Repeat a client's words, as a proxy that retries by itself does."""
        self.carried.replayed += 1
        with contextlib.suppress(OSError):
            reader, writer = await self._dial()
            writer.write(said)
            writer.write_eof() if writer.can_write_eof() else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5):
                    while await reader.read(_BUFFER):
                        pass
            writer.close()

    async def _carry(
        self,
        connection: _Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        way: Literal["up", "down"],
    ) -> None:
        """Move one direction: onto the link at its pace, off it after the delay."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        landing = asyncio.ensure_future(self._land(connection, queue, writer, way))
        try:
            while piece := await self._take(reader, way):
                if connection.deaf:
                    continue
                if way == "up" and self.line.replay:
                    connection.said += piece
                arrives = await self._leave(len(piece), way)
                queue.put_nowait((arrives, piece))
            queue.put_nowait((asyncio.get_running_loop().time(), b""))
            await landing
        finally:
            landing.cancel()

    async def _take(
        self, reader: asyncio.StreamReader, way: Literal["up", "down"]
    ) -> bytes:
        bps = self.line.up_bps if way == "up" else self.line.down_bps
        if bps is None:
            return await reader.read(_LONGEST_PIECE)
        longest = int(bps / 8 * _PIECE_S)
        return await reader.read(max(_SHORTEST_PIECE, min(longest, _LONGEST_PIECE)))

    async def _leave(self, size: int, way: Literal["up", "down"]) -> float:
        """Wait until the link has sent a piece; return when it arrives."""
        loop = asyncio.get_running_loop()
        line = self.line
        bps, delay = (
            (line.up_bps, line.up_s) if way == "up" else (line.down_bps, line.down_s)
        )
        if way == "up":
            self.carried.sent_up += size
        else:
            self.carried.sent_down += size
        left = loop.time()
        if bps is not None:
            left = max(left - _LATE_S, self._free_at[way]) + size * 8 / bps
            self._free_at[way] = left
            await asyncio.sleep(left - loop.time())
        return left + delay

    async def _land(
        self,
        connection: _Connection,
        queue: asyncio.Queue[tuple[float, bytes]],
        writer: asyncio.StreamWriter,
        way: Literal["up", "down"],
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            arrives, piece = await queue.get()
            if (left := arrives - loop.time()) > 0:
                await asyncio.sleep(left)
            if connection.deaf:
                continue
            if not piece:
                with contextlib.suppress(OSError):
                    writer.write_eof() if writer.can_write_eof() else writer.close()
                return
            piece, last = self._within_budget(self._spoilt(piece))
            writer.write(piece)
            if way == "up":
                self.carried.arrived_up += len(piece)
            else:
                self.carried.arrived_down += len(piece)
            await writer.drain()
            if last:
                self.cut()

    def _spoilt(self, piece: bytes) -> bytes:
        """Return what arrives in a piece's place on a corrupting line."""
        if self._due("corrupt", len(piece), self.line.corrupt_bytes):
            at = self._dice.randrange(len(piece))
            turned = piece[at] ^ (1 << self._dice.randrange(8))
            piece = piece[:at] + bytes([turned]) + piece[at + 1 :]
            self.carried.corrupted += 1
        if self._due("duplicate", len(piece), self.line.duplicate_bytes):
            piece += piece
            self.carried.duplicated += 1
        return piece

    def _due(self, what: str, size: int, every: int | None) -> bool:
        if every is None:
            return False
        self._since[what] += size
        if self._since[what] < every:
            return False
        self._since[what] -= every
        return True

    def _within_budget(self, piece: bytes) -> tuple[bytes, bool]:
        """Return what of a piece still passes, and whether the cut falls after it."""
        if self.line.cut_bytes is None:
            return piece, False
        if self._budget is None:
            self._budget = int(self._dice.uniform(*self.line.cut_bytes))
        passes = piece[: int(self._budget)]
        self._budget -= len(passes)
        return passes, self._budget <= 0


@asynccontextmanager
async def a_bad_line(
    to: tuple[str, int], line: Line | None = None, *, seed: int = 1
) -> AsyncIterator[FaultProxy]:
    """Run a proxy in this event loop until the block ends."""
    proxy = FaultProxy(to, line, seed=seed)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()


@contextmanager
def a_bad_line_aside(
    to: tuple[str, int],
    line: Line | None = None,
    *,
    seed: int = 1,
    near_tls: ssl.SSLContext | None = None,
    far_tls: ssl.SSLContext | None = None,
) -> Iterator[FaultProxy]:
    """Run a proxy in a thread of its own, for callers that block."""
    proxy = FaultProxy(to, line, seed=seed, near_tls=near_tls, far_tls=far_tls)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(proxy.start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(proxy.stop(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


def _span(text: str) -> Span:
    low, _, high = text.partition("-")
    return float(low), float(high or low)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host or "127.0.0.1", int(port)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A bad line in front of a server.")
    parser.add_argument("--to", required=True, type=_address, metavar="HOST:PORT")
    parser.add_argument("--listen", default=("127.0.0.1", 0), type=_address)
    parser.add_argument("--kbit", type=float, help="bandwidth each way, kbit/s")
    parser.add_argument("--up-kbit", type=float)
    parser.add_argument("--down-kbit", type=float)
    parser.add_argument("--rtt-ms", type=float, default=0.0)
    parser.add_argument("--cut-bytes", type=_span, metavar="N[-M]")
    parser.add_argument("--cut-after", type=_span, metavar="SECONDS[-SECONDS]")
    parser.add_argument("--how", choices=["reset", "close", "half-open"])
    parser.add_argument("--corrupt-bytes", type=int, metavar="N")
    parser.add_argument("--duplicate-bytes", type=int, metavar="N")
    parser.add_argument("--portal", action="store_true")
    parser.add_argument("--refuse", action="store_true")
    parser.add_argument("--replay", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _line_of(given: argparse.Namespace) -> Line:
    up, down = given.up_kbit or given.kbit, given.down_kbit or given.kbit
    return Line(
        up_bps=up and up * 1000,
        down_bps=down and down * 1000,
        up_s=given.rtt_ms / 2000,
        down_s=given.rtt_ms / 2000,
        cut_bytes=given.cut_bytes,
        cut_after_s=given.cut_after,
        how=given.how or "reset",
        corrupt_bytes=given.corrupt_bytes,
        duplicate_bytes=given.duplicate_bytes,
        portal=given.portal,
        refuse=given.refuse,
        replay=given.replay,
    )


async def _serve(given: argparse.Namespace) -> None:
    proxy = FaultProxy(given.to, _line_of(given), seed=given.seed)
    await proxy.start(*given.listen)
    ended = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    print(json.dumps({"port": proxy.port}), flush=True)
    await ended.wait()
    print(json.dumps(asdict(proxy.carried)), flush=True)
    await proxy.stop()


def main() -> None:
    """Run a line until Ctrl+C, then print what it carried."""
    asyncio.run(_serve(_arguments()))


if __name__ == "__main__":
    main()
