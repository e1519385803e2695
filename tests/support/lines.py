"""Put a bad line between a desk and its district, and talk over it until it is done."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from bench.badline import Line
from bench.faultproxy import FaultProxy, a_bad_line_aside
from desk_app.services.desk import Desk
from desk_app.store import settings
from schemas.problems import Code
from sync.client.engine import StepReport
from tests.support.rigs import Island

# What a line does to a conversation; anything else is a fault of ours.
LINE_FAULTS = {Code.LINE_DOWN, Code.LINE_TIMED_OUT, Code.ANSWER_NOT_OURS}


@contextmanager
def over(island: Island, line: Line, *, seed: int = 1) -> Iterator[FaultProxy]:
    """Let the desk reach its district by this line alone until the block ends."""
    port = urlsplit(island.url).port
    assert port is not None
    with a_bad_line_aside(("127.0.0.1", port), line, seed=seed) as proxy:
        _move(island.desk, f"https://localhost:{proxy.port}")
        try:
            yield proxy
        finally:
            _move(island.desk, island.url)


def _move(desk: Desk, url: str) -> None:
    with desk.place.vault.write() as tx:
        settings.put(tx, "district_url", url)


def talk(desk: Desk) -> StepReport:
    """One step of the engine, now."""
    return asyncio.run(desk.sync(impatient=True))


def talk_until_sent(desk: Desk, *, most: int = 200) -> int:
    """Step until nothing waits; returns how many steps it took."""
    for count in range(1, most + 1):
        report = talk(desk)
        assert report.problem is None or report.problem in LINE_FAULTS, report
        if not desk.sync_status().waiting:
            return count
    message = f"still waiting after {most} steps"
    raise AssertionError(message)
