"""Run a server until it is told to stop; say where it is once it listens."""

import asyncio
import socket
from datetime import UTC, datetime

import uvicorn

from schemas.problems import Code, Problem


def utc_now() -> datetime:
    """Return the wall clock; the only one the district's programs read."""
    return datetime.now(UTC)


def refuse_taken(host: str, port: int) -> None:
    """Raise `Problem(ADDRESS_IN_USE)` where somebody listens already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Problem(Code.ADDRESS_IN_USE, address=f"{host}:{port}") from error


def serve(config: uvicorn.Config, url: str) -> None:
    """Serve until SIGINT or SIGTERM."""
    refuse_taken(config.host, config.port)
    asyncio.run(served(uvicorn.Server(config), url))


async def served(server: uvicorn.Server, url: str) -> None:
    """Serve, and print the address once it listens."""
    task = asyncio.create_task(server.serve())
    while not server.started and not task.done():  # noqa: ASYNC110 - no event there
        await asyncio.sleep(0.02)
    # A parent process waits for this line.
    print(url, flush=True)  # noqa: T201
    await task
