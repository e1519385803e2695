"""Run a server until it is told to stop; say where it is once it listens."""

import asyncio
import contextlib
import socket

import structlog
import uvicorn

from schemas.problems import Code, Problem
from sync.district.boot.district import District, utc_now
from sync.district.console.app import ConsoleParts, make_console
from sync.district.reconcile.filing import reconcile_once

# Seconds between two looks at what intake kept.
_TICK_S = 2.0
_log = structlog.get_logger()


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Problem(Code.ADDRESS_IN_USE, address=f"{host}:{port}") from error


def serve(config: uvicorn.Config, url: str) -> None:
    """Serve until SIGINT or SIGTERM."""
    _refuse_taken(config.host, config.port)
    asyncio.run(_serve(uvicorn.Server(config), url))


async def _serve(server: uvicorn.Server, url: str) -> None:
    task = asyncio.create_task(server.serve())
    while not server.started and not task.done():  # noqa: ASYNC110 - no event there
        await asyncio.sleep(0.02)
    # A parent process waits for this line.
    print(url, flush=True)  # noqa: T201
    await task


def serve_console(district: District, *, host: str, port: int) -> None:
    """Serve the pages, opening and answering in the background."""
    _refuse_taken(host, port)
    parts = ConsoleParts(
        district.charter, district.keys, district.sealed, district.record, utc_now
    )
    config = uvicorn.Config(
        make_console(parts), host=host, port=port, log_level="warning",
        server_header=False,
    )  # fmt: skip
    asyncio.run(_console(district, uvicorn.Server(config), f"http://{host}:{port}"))


async def _console(district: District, server: uvicorn.Server, url: str) -> None:
    ticking = asyncio.create_task(_tick(district))
    try:
        await _serve(server, url)
    finally:
        ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticking


async def _tick(district: District) -> None:
    while True:
        try:
            report = await asyncio.to_thread(
                reconcile_once, district.sealed, district.record, district.keys,
                now=utc_now(),
            )  # fmt: skip
            if report.filed or report.set_aside or report.sent:
                _log.info("reconciled", filed=report.filed, sent=report.sent)
        except Problem as problem:
            _log.warning("reconcile_failed", problem=int(problem.code))
        await asyncio.sleep(_TICK_S)
