"""The bad line is as bad as it says, and no worse."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_args

import pytest

from bench.badline import How, Line, slow_line
from bench.faultproxy import FaultProxy, a_bad_line


@asynccontextmanager
async def an_echo() -> AsyncIterator[tuple[tuple[str, int], list[bytes]]]:
    """A server that says back what it hears, and keeps what each client said."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at = len(heard)
        heard.append(b"")
        try:
            while piece := await reader.read(65536):
                heard[at] += piece
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[:2], heard
    finally:
        server.close()


async def said(proxy: FaultProxy, text: bytes) -> bytes:
    """Say something over the line, close our half, and return what came back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    back = bytearray()

    async def listen() -> None:
        while piece := await reader.read(65536):
            back.extend(piece)

    listening = asyncio.ensure_future(listen())
    try:
        writer.write(text)
        await writer.drain()
        writer.write_eof()
        await listening
    except OSError:
        listening.cancel()
    finally:
        writer.close()
    return bytes(back)


async def test_a_good_line_changes_nothing() -> None:
    text = bytes(range(256)) * 2000
    async with an_echo() as (to, _), a_bad_line(to) as proxy:
        assert await said(proxy, text) == text
    assert proxy.carried.sent == proxy.carried.arrived == 2 * len(text)
    assert proxy.carried.connections == 1


async def test_a_slow_line_takes_its_time_and_not_much_more() -> None:
    text = b"x" * 16_000  # 0.5 s at 256 kbit/s, and one round trip to connect
    async with (
        an_echo() as (to, _),
        a_bad_line(to, slow_line(kbit=256, rtt_ms=200)) as proxy,
    ):
        began = time.monotonic()
        assert await said(proxy, text) == text
        took = time.monotonic() - began
    # connect, up, down: 0.2 + 0.1 + 0.5 + 0.1 at least (the echo overlaps), less the
    # twentieth of a second that each way may make up for.
    assert 0.8 <= took < 1.6


async def test_two_connections_share_one_line() -> None:
    text = b"x" * 16_000
    async with an_echo() as (to, _), a_bad_line(to, Line(up_bps=256_000)) as proxy:
        began = time.monotonic()
        await asyncio.gather(said(proxy, text), said(proxy, text))
        took = time.monotonic() - began
    assert took >= 0.9


@pytest.mark.parametrize("how", get_args(How)[:2])
async def test_a_cut_falls_on_the_byte(how: How) -> None:
    async with an_echo() as (to, heard):
        line = Line(cut_bytes=(4096, 4096), how=how)
        async with a_bad_line(to, line) as proxy:
            await said(proxy, b"x" * 100_000)
            await asyncio.sleep(0.05)
    assert proxy.carried.cuts == 1
    assert proxy.carried.arrived == 4096
    assert len(heard[0]) <= 4096


async def test_each_cut_draws_a_new_budget_and_the_same_seed_the_same_ones() -> None:
    async def arrivals(seed: int) -> list[int]:
        async with an_echo() as (to, _):
            line = Line(cut_bytes=(1000, 9000))
            async with a_bad_line(to, line, seed=seed) as proxy:
                found = []
                for _ in range(5):
                    before = proxy.carried.arrived
                    await said(proxy, b"x" * 50_000)
                    found.append(proxy.carried.arrived - before)
                return found

    first = await arrivals(7)
    assert len(set(first)) > 1
    assert await arrivals(7) == first
    assert await arrivals(8) != first


async def test_a_cut_spares_no_connection() -> None:
    async with an_echo() as (to, _), a_bad_line(to) as proxy:
        pairs = [await asyncio.open_connection("127.0.0.1", proxy.port) for _ in "ab"]
        for _, writer in pairs:
            writer.write(b"hello")
        for reader, _ in pairs:
            assert await reader.readexactly(5) == b"hello"
        proxy.cut()
        for reader, writer in pairs:
            with pytest.raises(ConnectionResetError):
                await reader.read(1)
            writer.close()


async def test_a_line_cut_by_time() -> None:
    async with (
        an_echo() as (to, _),
        a_bad_line(to, Line(cut_after_s=(0.1, 0.1))) as proxy,
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(1), timeout=5)
        writer.close()
    assert proxy.carried.cuts >= 1


async def test_a_half_open_line_is_silent_and_ends_nothing() -> None:
    async with an_echo() as (to, _):
        line = Line(cut_bytes=(10, 10), how="half-open")
        async with a_bad_line(to, line) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"0123456789")
            await writer.drain()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await reader.read()
            writer.write(b"anyone?")
            await writer.drain()
            writer.close()
    assert proxy.carried.arrived == 10


async def test_a_corrupting_line_turns_single_bits() -> None:
    text = bytes(100_000)
    async with (
        an_echo() as (to, _),
        a_bad_line(to, Line(corrupt_bytes=30_000)) as proxy,
    ):
        back = await said(proxy, text)
    assert len(back) == len(text)
    turned = sum(byte.bit_count() for byte in back)
    # The same bit turned on the way there and back would cancel out, and does not.
    assert turned == proxy.carried.corrupted >= 2


async def test_a_duplicating_line_says_things_twice() -> None:
    async with (
        an_echo() as (to, heard),
        a_bad_line(to, Line(duplicate_bytes=5)) as proxy,
    ):
        await said(proxy, b"hello")
    assert heard[0] == b"hellohello"
    assert proxy.carried.duplicated >= 1


async def test_a_replaying_line_repeats_a_client_to_the_server() -> None:
    async with an_echo() as (to, heard), a_bad_line(to, Line(replay=True)) as proxy:
        assert await said(proxy, b"once only, please") == b"once only, please"
        await proxy.settle()
    assert heard == [b"once only, please"] * 2
    assert proxy.carried.replayed == 1


async def test_a_portal_answers_everyone_with_a_page() -> None:
    async with an_echo() as (to, heard), a_bad_line(to, Line(portal=True)) as proxy:
        answer = await said(proxy, b"POST /v1/batches HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"<html>" in answer
    assert heard == []


async def test_a_line_may_become_another_while_it_runs() -> None:
    async with an_echo() as (to, _), a_bad_line(to, Line(refuse=True)) as proxy:
        assert await said(proxy, b"hello") == b""
        proxy.line = Line()
        assert await said(proxy, b"hello") == b"hello"


def test_the_command_line_serves_and_tells_what_it_carried() -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "bench.faultproxy", "--to", "127.0.0.1:9",
         "--kbit", "256", "--rtt-ms", "600", "--cut-bytes", "30000-90000"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    assert json.loads(program.stdout.readline())["port"] > 0
    program.send_signal(signal.SIGINT)
    told, _ = program.communicate(timeout=10)
    assert json.loads(told)["connections"] == 0
    assert program.returncode == 0
