"""Serving: an address that is taken is said at once, and the address is told."""

import asyncio
import socket

import pytest
import uvicorn
from starlette.applications import Starlette

from schemas.problems import Code, Problem
from sync.district.boot.serving import refuse_taken, serve, served, utc_now
from tests.support.rigs import free_port


def test_the_clock_is_read_in_utc() -> None:
    offset = utc_now().utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 0


def test_an_address_that_somebody_listens_on_is_refused_by_number() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem) as refused:
            refuse_taken("127.0.0.1", port)
        assert refused.value.code is Code.ADDRESS_IN_USE
        assert refused.value.params == {"address": f"127.0.0.1:{port}"}
        config = uvicorn.Config(Starlette(), host="127.0.0.1", port=port)
        with pytest.raises(Problem):
            serve(config, "http://nowhere")


def test_an_address_that_was_let_go_of_is_free() -> None:
    port = free_port()
    refuse_taken("127.0.0.1", port)
    refuse_taken("127.0.0.1", port)


async def test_the_address_is_told_once_it_listens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A parent process waits for this line and calls at once."""
    port = free_port()
    config = uvicorn.Config(Starlette(), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    running = asyncio.create_task(served(server, "http://here"))
    while "http://here" not in capsys.readouterr().out:
        await asyncio.sleep(0)
        assert not running.done()
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    server.should_exit = True
    await running
