"""Send the pieces of scans after all entries, and let go of each by proof.

Rule 1: a piece is written down sealed before it is sent; the same bytes go again until
        its receipt comes.
Rule 2: the district is asked first which pieces it has: another desk, or an earlier
        case, may have brought the same scan. A receipt is a receipt whoever sent it.
Rule 3: a piece that is refused is sealed anew once (keys may have changed); after that
        it stays for people and holds up no other scan.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.encoding import JsonObject
from schemas.problems import Code, Problem
from sync.client.carriers import Carrier
from sync.client.keys import Keys
from sync.client.tus import Parcel
from sync.client.uploading import ABOUT_THE_DESK, PacePort, deliver
from sync.protocol.outcomes import Busy, NotOurs, Refused
from sync.seal.chunks import SealedChunk, chunk_receipt_for, close_chunk


@dataclass(frozen=True, slots=True)
class PlainPiece:
    """A piece that was not sealed yet: its name, its scan, its place in it."""

    chunk: str
    digest: str
    place: int
    plain: bytes


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """A piece as it was sealed; `message` is the digest of these very bytes."""

    chunk: str
    message: str
    raw: bytes


class ScanPort(PacePort, Protocol):
    """What sending scans asks of the desk; each verb is one transaction."""

    def awaited_pieces(self) -> tuple[str, ...]:
        """Return the names of the pieces to send, the most urgent first."""

    def next_piece(self) -> PlainPiece | StoredPiece | None:
        """Return the piece to send next."""

    def save_piece(self, piece: PlainPiece, sealed: SealedChunk) -> StoredPiece:
        """Write a sealed piece down before it is sent."""

    def piece_receipted(self, chunk: str, receipt: JsonObject) -> None:
        """Let go of a piece, keeping its receipt."""

    def may_send_scans(self) -> bool:
        """Say whether the hour's budget allows one more piece."""

    def entries_wait(self) -> bool:
        """Say whether a journal entry waits, which always goes first."""

    def piece_refused(self, chunk: str, code: Code) -> None:
        """Note that a piece was refused."""

    def contacted(self, at: datetime) -> None:
        """Note that the district's own words were verified."""


@dataclass(frozen=True, slots=True)
class ScansSent:
    """How many pieces the district has signed for, and how long it asked to wait.

    `gave_way`: it stopped because an entry waits, which goes first.
    """

    pieces: int
    wait_s: int | None = None
    gave_way: bool = False


async def send_scans(
    port: ScanPort, carrier: Carrier, keys: Keys, *, now: Callable[[], datetime]
) -> ScansSent:
    """Send the scans that wait; `Problem` where the line fails."""
    names = port.awaited_pieces()
    done = await _held_already(port, carrier, keys, names) if names else 0
    while port.may_send_scans() and (piece := port.next_piece()):
        if port.entries_wait():
            return ScansSent(done, gave_way=True)
        fresh = isinstance(piece, PlainPiece)
        stored = (
            await _sealed(port, piece, keys, now=now())
            if isinstance(piece, PlainPiece)
            else piece
        )
        parcel = Parcel(stored.message, stored.raw)
        outcome = await deliver(port, carrier, parcel, fresh=fresh)
        if isinstance(outcome, Busy):
            return ScansSent(done, outcome.retry_after_s)
        if isinstance(outcome, NotOurs):
            raise Problem(outcome.code)
        if isinstance(outcome, Refused):
            if outcome.code in ABOUT_THE_DESK:
                raise Problem(outcome.code)
            port.piece_refused(stored.chunk, outcome.code)
            continue
        _let_go(port, stored.chunk, outcome.receipt, keys)
        port.contacted(now())
        done += 1
    return ScansSent(done)


async def _held_already(
    port: ScanPort, carrier: Carrier, keys: Keys, names: tuple[str, ...]
) -> int:
    held = await carrier.held_pieces(names)
    asked = set(names)
    for receipt in held:
        chunk = str(receipt.get("chunk"))
        if chunk in asked:
            _let_go(port, chunk, receipt, keys)
    return len(held)


async def _sealed(
    port: ScanPort, piece: PlainPiece, keys: Keys, *, now: datetime
) -> StoredPiece:
    sealed = await asyncio.to_thread(
        close_chunk, piece.plain, piece.chunk, device=keys.device,
        recipient=keys.district_sealing, signing=keys.signing, now=now,
    )  # fmt: skip
    return port.save_piece(piece, sealed)


def _let_go(port: ScanPort, chunk: str, receipt: JsonObject, keys: Keys) -> None:
    public = keys.receipts_public(str(receipt.get("receipt_key")))
    if chunk_receipt_for(receipt, chunk, receipt_public=public) is None:
        raise Problem(Code.ANSWER_NOT_OURS)
    port.piece_receipted(chunk, receipt)
