"""Serve the console, opening and answering in the background."""

import asyncio
import contextlib
from pathlib import Path

import structlog
import uvicorn

from schemas.problems import Problem
from sync.district.boot.district import District
from sync.district.boot.serving import refuse_taken, served, utc_now
from sync.district.boot.stick import visit_stick
from sync.district.console.app import make_console
from sync.district.console.pages import ConsoleParts
from sync.district.reconcile.filing import reconcile_once
from sync.stick.stick import DeskTaken

# Seconds between two looks at what intake kept.
_TICK_S = 2.0
_log = structlog.get_logger()


def console_parts(district: District) -> ConsoleParts:
    """Return what the console works with; a stick is taken in by a program apart."""

    def take(folder: Path) -> tuple[DeskTaken, ...]:
        return visit_stick(
            folder,
            home=district.places.home,
            reconcile=lambda: reconcile_once(
                district.sealed, district.record, district.keys, now=utc_now()
            ),
        )

    return ConsoleParts(district.keys, district.sealed, district.record, utc_now, take)


def serve_console(district: District, *, host: str, port: int) -> None:
    """Serve the pages until SIGINT or SIGTERM."""
    refuse_taken(host, port)
    district.keys.check()
    parts = console_parts(district)
    config = uvicorn.Config(
        make_console(parts), host=host, port=port, log_level="warning",
        server_header=False,
    )  # fmt: skip
    asyncio.run(_console(district, uvicorn.Server(config), f"http://{host}:{port}"))


async def _console(district: District, server: uvicorn.Server, url: str) -> None:
    ticking = asyncio.create_task(_tick(district))
    try:
        await served(server, url)
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
