"""Send what waits, batch by batch, and let go by proof.

Rule 1: a batch is written down before it is sent; the same bytes go again until a
        verified receipt (or a refusal) ends it. Never send inside a transaction.
Rule 2: the port's verbs are each one transaction; nothing here holds state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from pydantic import ValidationError

from schemas.batch import BatchHeader
from schemas.encoding import JsonObject
from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.client.carriers import Carrier
from sync.client.keys import Keys
from sync.protocol.outbox import releases
from sync.protocol.outcomes import Busy, Kept, NotOurs, Refused
from sync.seal.batches import Run, SealedBatch, close_batch
from sync.seal.receipts import receipt_is_genuine

# These are no fault of the batch: it keeps waiting while people act.
_ABOUT_THE_DESK: Final = frozenset(
    {Code.DEVICE_UNKNOWN, Code.DEVICE_REVOKED, Code.SUITE_UNKNOWN}
)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch that was written down and not yet released."""

    raw: bytes
    header: BatchHeader
    digest: str


class OutboxPort(Protocol):
    """What sending asks of the desk; each verb is one transaction."""

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

    def contacted(self, at: datetime) -> None:
        """Note that the district's own words were verified."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many batches were released, and for how long the district asked to wait."""

    released: int
    wait_s: int | None = None


class Broken(Exception):  # noqa: N818 - the line's state, not an error of ours
    """Sending stopped at a failure; what was released before it counts."""

    def __init__(self, released: int, problem: Problem) -> None:
        """Keep how far it got, and why it stopped."""
        super().__init__(str(problem))
        self.released = released
        self.problem = problem


async def send_batches(
    port: OutboxPort, carrier: Carrier, keys: Keys, *, now: Callable[[], datetime]
) -> Sent:
    """Send all that waits, or raise `Broken` at the first failure."""
    released = 0
    try:
        while batch := _next_batch(port, keys, now=now()):
            outcome = await carrier.upload(batch.raw)
            if isinstance(outcome, Busy):
                return Sent(released, outcome.retry_after_s)
            if isinstance(outcome, NotOurs):
                raise Problem(outcome.code)
            if isinstance(outcome, Refused):
                if outcome.code in _ABOUT_THE_DESK:
                    raise Problem(outcome.code)
                port.refused(batch.digest, outcome.code)
                continue
            let_go(port, batch, outcome, keys)
            port.contacted(now())
            released += 1
    except Problem as problem:
        raise Broken(released, problem) from problem
    return Sent(released)


def _next_batch(port: OutboxPort, keys: Keys, *, now: datetime) -> StoredBatch | None:
    batch = port.open_batch()
    if batch is not None:
        return batch
    run = port.pending_run()
    if run is None:
        return None
    return port.save_batch(
        close_batch(run, recipient=keys.district_sealing, signing=keys.signing, now=now)
    )


def let_go(port: OutboxPort, batch: StoredBatch, kept: Kept, keys: Keys) -> None:
    """Release a batch by a receipt that is genuine and for these very bytes."""
    try:
        receipt = Receipt.model_validate(kept.receipt)
    except ValidationError as error:
        raise Problem(Code.ANSWER_NOT_OURS) from error
    if not receipt_is_genuine(kept.receipt, keys.district_receipts):
        raise Problem(Code.SIGNATURE_INVALID)
    if not releases(receipt, header=batch.header, batch_digest=batch.digest):
        raise Problem(Code.ANSWER_NOT_OURS)
    port.release(batch.digest, kept.receipt)
