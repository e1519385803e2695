"""Send what waits, batch by batch, and let go by proof.

Rule 1: a batch is written down before it is sent; the same bytes go again until a
        verified receipt (or a refusal) ends it. Never send inside a transaction.
Rule 2: the port's verbs are each one transaction; nothing here holds state.
"""

import asyncio
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
from sync.client.tus import Parcel
from sync.protocol.outbox import releases
from sync.protocol.outcomes import Busy, Kept, NotOurs, Outcome, Refused
from sync.protocol.pacing import Pace, Tries
from sync.seal.batches import Run, SealedBatch, close_batch
from sync.seal.receipts import receipt_is_genuine

# Trying again at once cannot help: another authority answers, or a path is unknown.
_NO_LINE_FAULT: Final = frozenset({Code.DISTRICT_NOT_TRUSTED})
# These are no fault of the batch: it keeps waiting while people act.
ABOUT_THE_DESK: Final = frozenset(
    {
        Code.DEVICE_UNKNOWN,
        Code.DEVICE_REVOKED,
        Code.DEVICE_KEY_RETIRED,
        Code.DEVICE_CLONED,
        Code.SUITE_UNKNOWN,
    }
)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch that was written down and not yet released."""

    raw: bytes
    header: BatchHeader
    digest: str


class PacePort(Protocol):
    """Where the line's pace is kept; each verb is one transaction."""

    def pace(self) -> Pace:
        """Return what the line is trusted with, over restarts."""

    def keep_pace(self, pace: Pace, *, moved: int) -> None:
        """Keep what the line has taught, and count what it has carried."""


class OutboxPort(PacePort, Protocol):
    """What sending asks of the desk; each verb is one transaction."""

    def open_batch(self) -> StoredBatch | None:
        """Return the oldest batch that waits for its receipt."""

    def pending_run(self) -> Run | None:
        """Return the next run of entries that are in no batch."""

    def save_batch(self, batch: SealedBatch) -> StoredBatch:
        """Write a batch down before it is sent."""

    def release(self, batch_digest: str, receipt: JsonObject) -> None:
        """Let go of a batch, keeping the receipt."""

    def refused(self, batch_digest: str, code: Code) -> bool:
        """Cut a refused batch apart or set it aside; returns whether to go on."""

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


@dataclass(frozen=True, slots=True)
class Ahead:
    """A batch that was sealed while the greeting was under way; not kept yet."""

    run: Run
    keys: Keys
    made: SealedBatch


async def seal_ahead(port: OutboxPort, keys: Keys, *, now: datetime) -> Ahead | None:
    """Seal the next batch before it is known whether it may be sent.

    A large run takes seconds of zstd, a greeting seconds of line: together they take
    the longer of the two. Nothing is written: what the greeting changes is made anew.
    """
    try:
        run = None if port.open_batch() is not None else port.pending_run()
        if run is None:
            return None
        return Ahead(run, keys, await _sealed(run, keys, now=now))
    except Problem:
        # Whatever it is, it is met again where it can be told.
        return None


async def _sealed(run: Run, keys: Keys, *, now: datetime) -> SealedBatch:
    # In a thread: the window must not stand still meanwhile.
    return await asyncio.to_thread(
        close_batch, run, recipient=keys.district_sealing, signing=keys.signing, now=now
    )


async def send_batches(
    port: OutboxPort,
    carrier: Carrier,
    keys: Keys,
    *,
    now: Callable[[], datetime],
    ahead: Ahead | None = None,
) -> Sent:
    """Send all that waits, or raise `Broken` at the first failure."""
    released = 0
    try:
        while found := await _next_batch(port, keys, ahead, now=now()):
            batch, fresh = found
            parcel = Parcel(batch.digest, batch.raw)
            outcome = await deliver(port, carrier, parcel, fresh=fresh)
            if isinstance(outcome, Busy):
                return Sent(released, outcome.retry_after_s)
            if isinstance(outcome, NotOurs):
                raise Problem(outcome.code)
            if isinstance(outcome, Refused):
                if outcome.code in ABOUT_THE_DESK:
                    raise Problem(outcome.code)
                if not port.refused(batch.digest, outcome.code):
                    raise Problem(outcome.code)
                continue
            let_go(port, batch, outcome, keys)
            port.contacted(now())
            released += 1
    except Problem as problem:
        raise Broken(released, problem) from problem
    return Sent(released)


async def _next_batch(
    port: OutboxPort, keys: Keys, ahead: Ahead | None, *, now: datetime
) -> tuple[StoredBatch, bool] | None:
    """Return the batch to send, and whether nothing of it can have been sent yet."""
    batch = port.open_batch()
    if batch is not None:
        return batch, False
    run = port.pending_run()
    if run is None:
        return None
    if ahead is not None and (ahead.run, ahead.keys) == (run, keys):
        made = ahead.made
    else:
        made = await _sealed(run, keys, now=now)
    kept = port.save_batch(made)
    return kept, kept.digest == made.digest


async def deliver(
    port: PacePort, carrier: Carrier, parcel: Parcel, *, fresh: bool
) -> Outcome:
    """Carry sealed bytes, over as many cuts as it takes while each try gains (P5).

    Every way it can end is an `Outcome`; `NotOurs` when the line should be left alone.
    """
    tries = Tries(port.pace(), 0 if fresh else None)
    while True:
        carried = await carrier.push(parcel, tries.asking, resume=not fresh)
        fresh = False
        broke = isinstance(carried.outcome, NotOurs)
        before = tries.last or 0
        tries = tries.after(carried.told, carried.found, broke=broke)
        port.keep_pace(tries.pace, moved=max(0, (tries.last or 0) - before))
        if not isinstance(carried.outcome, NotOurs) or tries.hopeless:
            return carried.outcome
        if carried.outcome.code in _NO_LINE_FAULT:
            return carried.outcome


def let_go(port: OutboxPort, batch: StoredBatch, kept: Kept, keys: Keys) -> None:
    """Release a batch by a receipt that is genuine and for these very bytes."""
    try:
        receipt = Receipt.model_validate(kept.receipt)
    except ValidationError as error:
        raise Problem(Code.ANSWER_NOT_OURS) from error
    public = keys.receipts_public(receipt.receipt_key)
    if not receipt_is_genuine(kept.receipt, public):
        raise Problem(Code.SIGNATURE_INVALID)
    if not releases(receipt, header=batch.header, batch_digest=batch.digest):
        raise Problem(Code.ANSWER_NOT_OURS)
    port.release(batch.digest, kept.receipt)
