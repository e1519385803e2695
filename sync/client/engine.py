"""The one loop step: seal what waits, send it, let go by proof, take the answers.

Rule 1: a batch is written down before it is sent; the same bytes go again until a
        verified receipt (or a refusal) ends it. Never send inside a transaction.
Rule 2: the port's verbs are each one transaction; the engine holds no state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from pydantic import ValidationError

from schemas.batch import BatchHeader
from schemas.encoding import JsonObject
from schemas.feed import FeedBody, FeedMessage
from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.client.carriers import Carrier
from sync.protocol.feed import fresh_messages
from sync.protocol.outbox import Patience, releases
from sync.protocol.outcomes import Busy, Kept, NotOurs, Refused
from sync.seal.batches import Run, SealedBatch, close_batch
from sync.seal.feed import open_feed
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.receipts import receipt_is_genuine

# These are no fault of the batch: it keeps waiting while people act.
_ABOUT_THE_DESK: Final = frozenset(
    {Code.DEVICE_UNKNOWN, Code.DEVICE_REVOKED, Code.SUITE_UNKNOWN}
)


@dataclass(frozen=True)
class Keys:
    """What a desk needs to speak with its district."""

    device: str
    signing: SigningKey
    sealing: SealingKey
    district_sealing: bytes
    district_receipts: bytes
    district_answers: bytes


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch that was written down and not yet released."""

    raw: bytes
    header: BatchHeader
    digest: str


class JournalPort(Protocol):
    """What the engine asks of the desk; each verb is one transaction."""

    def open_batch(self) -> StoredBatch | None:
        """Return the oldest batch that waits for its receipt."""

    def pending_run(self) -> Run | None:
        """Return the next run of entries that are in no batch."""

    def save_batch(self, batch: SealedBatch) -> StoredBatch:
        """Write a batch down before it is sent."""

    def release(self, batch_digest: str, receipt: JsonObject) -> None:
        """Let go of a batch, keeping the receipt."""

    def refused(self, batch_digest: str, code: Code) -> None:
        """Set a batch aside, visibly, with the reason."""

    def feed_cursor(self) -> int:
        """Return the position of the last applied feed message."""

    def apply_feed(self, message: FeedMessage, body: FeedBody) -> None:
        """Apply one message together with the cursor."""

    def patience(self) -> Patience:
        """Return how the last tries went."""

    def keep_patience(self, patience: Patience) -> None:
        """Keep how the tries go, over restarts."""

    def contacted(self, at: datetime) -> None:
        """Note that the district's own words were verified."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step did."""

    released: int = 0
    answers: int = 0
    problem: Code | None = None
    waited: bool = False


async def step(
    port: JournalPort,
    carrier: Carrier,
    keys: Keys,
    *,
    now: Callable[[], datetime],
    dice: Callable[[], float],
    impatient: bool = False,
) -> StepReport:
    """Send all that waits and take all answers, or stop at the first failure.

    `impatient` is the clerk's "send now": it does not wait for the next try.
    """
    patience = port.patience()
    if not impatient and not patience.allows(now()):
        return StepReport(waited=True)
    released = 0
    answers = 0
    try:
        while batch := _next_batch(port, keys, now=now()):
            outcome = await carrier.upload(batch.raw)
            if isinstance(outcome, Busy):
                port.keep_patience(
                    patience.told_to_wait(outcome.retry_after_s, now=now())
                )
                return StepReport(released, answers, Code.DISTRICT_BUSY)
            if isinstance(outcome, NotOurs):
                raise Problem(outcome.code)
            if isinstance(outcome, Refused):
                if outcome.code in _ABOUT_THE_DESK:
                    raise Problem(outcome.code)
                port.refused(batch.digest, outcome.code)
                continue
            _let_go(port, batch, outcome, keys)
            port.contacted(now())
            released += 1
        answers = await _take_answers(port, carrier, keys, now=now)
    except Problem as problem:
        port.keep_patience(patience.failed(problem.code, now=now(), dice=dice()))
        return StepReport(released, answers, problem.code)
    port.keep_patience(Patience())
    return StepReport(released, answers)


def _next_batch(port: JournalPort, keys: Keys, *, now: datetime) -> StoredBatch | None:
    batch = port.open_batch()
    if batch is not None:
        return batch
    run = port.pending_run()
    if run is None:
        return None
    return port.save_batch(
        close_batch(run, recipient=keys.district_sealing, signing=keys.signing, now=now)
    )


def _let_go(port: JournalPort, batch: StoredBatch, kept: Kept, keys: Keys) -> None:
    try:
        receipt = Receipt.model_validate(kept.receipt)
    except ValidationError as error:
        raise Problem(Code.ANSWER_NOT_OURS) from error
    if not receipt_is_genuine(kept.receipt, keys.district_receipts):
        raise Problem(Code.SIGNATURE_INVALID)
    if not releases(receipt, header=batch.header, batch_digest=batch.digest):
        raise Problem(Code.ANSWER_NOT_OURS)
    port.release(batch.digest, kept.receipt)


async def _take_answers(
    port: JournalPort, carrier: Carrier, keys: Keys, *, now: Callable[[], datetime]
) -> int:
    taken = 0
    while True:
        cursor = port.feed_cursor()
        page = await carrier.feed(cursor)
        fresh = fresh_messages(page.messages, cursor=cursor, device=keys.device)
        for message in fresh:
            body = open_feed(
                message, answers_public=keys.district_answers, key=keys.sealing
            )
            port.apply_feed(message, body)
            port.contacted(now())
            taken += 1
        if not fresh:
            return taken
