"""The one loop step: greet, send what waits, let go by proof, take the answers.

Rule 1: each part is a module of its own; this one only says in which order they come
        and what a failure does to the desk's patience.
Rule 2: the port's verbs are each one transaction; the engine holds no state.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from schemas.contact import Verdict
from schemas.problems import Code, Problem
from sync.client.carriers import Carrier
from sync.client.contacting import (
    ContactPort,
    Greeting,
    greet,
    more_waits,
    take_feed,
)
from sync.client.keys import Keys
from sync.client.scans import ScanPort, send_scans
from sync.client.uploading import Broken, OutboxPort, seal_ahead, send_batches
from sync.protocol.outbox import Patience

# A line that is cut every few KB may be cut within a greeting, too.
_MORE_GREETINGS: Final = 2


class JournalPort(ContactPort, OutboxPort, ScanPort, Protocol):
    """What the engine asks of the desk; each verb is one transaction."""

    def patience(self) -> Patience:
        """Return how the last tries went."""

    def keep_patience(self, patience: Patience) -> None:
        """Keep how the tries go, over restarts."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step did."""

    released: int = 0
    answers: int = 0
    problem: Code | None = None
    waited: bool = False
    verdict: Verdict = Verdict.AGREED
    pieces: int = 0


async def step(
    port: JournalPort,
    carrier: Carrier,
    keys: Keys,
    *,
    now: Callable[[], datetime],
    dice: Callable[[], float],
    impatient: bool = False,
) -> StepReport:
    """Take all answers and send all that waits, or stop at the first failure.

    `impatient` is the clerk's "send now": it does not wait for the next try, unless it
    was the district that asked for patience.
    """
    patience = port.patience()
    if not patience.allows(now()) and (not impatient or patience.was_told):
        return StepReport(waited=True)
    answers = released = pieces = 0
    verdict = Verdict.AGREED
    sealing = asyncio.ensure_future(seal_ahead(port, keys, now=now()))
    try:
        greeting = await _greeting(port, carrier, keys, now=now)
        answers, verdict = greeting.applied, greeting.verdict
        keys = port.keys().sending_as(keys)
        wait_s = greeting.welcome.allowance.wait_s if greeting.welcome else 0
        if not wait_s:
            ahead = await sealing
            sent = await send_batches(port, carrier, keys, now=now, ahead=ahead)
            released, wait_s = sent.released, sent.wait_s or 0
        if not wait_s and more_waits(port, greeting):
            answers += await take_feed(port, carrier, keys, now=now)
            if greeting.welcome is not None and more_waits(port, greeting):
                # It announced answers and gives none.
                raise Problem(Code.FEED_GAP)
        while not wait_s:
            scans = await send_scans(port, carrier, keys, now=now)
            pieces, wait_s = pieces + scans.pieces, scans.wait_s or 0
            if not scans.gave_way:
                break
            sent = await send_batches(port, carrier, keys, now=now)
            released, wait_s = released + sent.released, sent.wait_s or 0
        if wait_s:
            port.keep_patience(patience.told_to_wait(wait_s, now=now()))
            busy = Code.DISTRICT_BUSY
            return StepReport(released, answers, busy, verdict=verdict, pieces=pieces)
    except Problem as problem:
        port.keep_patience(patience.failed(problem.code, now=now(), dice=dice()))
        code = problem.code
        return StepReport(released, answers, code, verdict=verdict, pieces=pieces)
    except Broken as broken:
        code = broken.problem.code
        released += broken.released
        port.keep_patience(patience.failed(code, now=now(), dice=dice()))
        return StepReport(released, answers, code, verdict=verdict, pieces=pieces)
    finally:
        sealing.cancel()
    port.keep_patience(Patience())
    return StepReport(released, answers, verdict=verdict, pieces=pieces)


async def _greeting(
    port: JournalPort, carrier: Carrier, keys: Keys, *, now: Callable[[], datetime]
) -> Greeting:
    """Greet; where the line breaks under it, again at once, a few times."""
    for _ in range(_MORE_GREETINGS):
        try:
            return await greet(port, carrier, keys, now=now)
        except Problem as problem:
            if problem.code is not Code.LINE_DOWN:
                raise
    return await greet(port, carrier, keys, now=now)
