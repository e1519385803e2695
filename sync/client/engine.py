"""The one loop step: greet, take the answers, send what waits, let go by proof.

Rule 1: each part is a module of its own; this one only says in which order they come
        and what a failure does to the desk's patience.
Rule 2: the port's verbs are each one transaction; the engine holds no state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.contact import Verdict
from schemas.problems import Code, Problem
from sync.client.carriers import Carrier
from sync.client.contacting import ContactPort, greet
from sync.client.keys import Keys
from sync.client.uploading import Broken, OutboxPort, send_batches
from sync.protocol.outbox import Patience


class JournalPort(ContactPort, OutboxPort, Protocol):
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

    `impatient` is the clerk's "send now": it does not wait for the next try.
    """
    patience = port.patience()
    if not impatient and not patience.allows(now()):
        return StepReport(waited=True)
    answers = 0
    verdict = Verdict.AGREED
    try:
        greeting = await greet(port, carrier, keys, now=now)
        answers, verdict = greeting.applied, greeting.verdict
        sent = await send_batches(port, carrier, keys, now=now)
    except Broken as broken:
        code = broken.problem.code
        port.keep_patience(patience.failed(code, now=now(), dice=dice()))
        return StepReport(broken.released, answers, code, verdict=verdict)
    except Problem as problem:
        port.keep_patience(patience.failed(problem.code, now=now(), dice=dice()))
        return StepReport(0, answers, problem.code, verdict=verdict)
    if sent.wait_s is not None:
        port.keep_patience(patience.told_to_wait(sent.wait_s, now=now()))
        return StepReport(sent.released, answers, Code.DISTRICT_BUSY, verdict=verdict)
    port.keep_patience(Patience())
    return StepReport(sent.released, answers, verdict=verdict)
