"""The scans' part of the engine's port: each verb one transaction."""

from desk_app.services.hands import Workplace
from desk_app.store import pages, scans, settings
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.encoding import JsonObject, base64_bytes, canonical
from schemas.feed import FeedBody
from schemas.problems import Code
from schemas.scans import PIECE, NamingKey, ScansWanted
from sync.client.scans import PlainPiece, StoredPiece
from sync.seal.chunks import SealedChunk, chunk_names

# Enough names for one question, of about 35 KB; the next conversation asks on.
_MOST_ASKED = 200


class ScanPort:
    """What of the scans is where, kept in the vault."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._vault = place.vault

    def awaited_pieces(self) -> tuple[str, ...]:
        """Return the names of the pieces to send, the oldest legal deadline first.

        None before the district has sent its naming key: it does so as soon as a case
        names a scan.
        """
        names: list[str] = []
        with self._vault.read() as tx:
            for scan in scans.waiting(tx, limit=_MOST_ASKED):
                done = scans.receipted(tx, scan.digest)
                every = names_of(tx, scan)
                names += [each for each in every if each not in done]
                if len(names) >= _MOST_ASKED:
                    break
        return tuple(names[:_MOST_ASKED])

    def next_piece(self) -> PlainPiece | StoredPiece | None:
        """Return the piece to send next: as it was sealed, or to be sealed now."""
        with self._vault.read() as tx:
            for scan in scans.waiting(tx, limit=1):
                done = scans.receipted(tx, scan.digest)
                for place, chunk in enumerate(names_of(tx, scan)):
                    if chunk in done:
                        continue
                    kept = scans.kept(tx, chunk)
                    if kept is not None:
                        return StoredPiece(chunk, kept.message, kept.raw)
                    found = pages.content(tx, scan.digest)
                    content = found[1] if found else b""
                    plain = content[place * PIECE : (place + 1) * PIECE]
                    return PlainPiece(chunk, scan.digest, place, plain)
        return None

    def save_piece(self, piece: PlainPiece, sealed: SealedChunk) -> StoredPiece:
        """Write a sealed piece down before it is sent."""
        kept = scans.PieceKept(sealed.chunk, sealed.digest, sealed.raw)
        with self._vault.write() as tx:
            scans.keep(tx, kept, digest=piece.digest, place=piece.place)
        return StoredPiece(sealed.chunk, sealed.digest, sealed.raw)

    def piece_receipted(self, chunk: str, receipt: JsonObject) -> None:
        """Let go of a piece; the scan is at the district when it was the last one."""
        text = canonical(receipt).decode()
        now = utc_text(self._place.hands.now())
        with self._vault.write() as tx:
            # A stick brings receipts in any order, of more scans than one question has.
            mine = scans.waiting_for(tx, chunk)
            others = scans.waiting(tx, limit=_MOST_ASKED) if mine is None else (mine,)
            for scan in others:
                names = names_of(tx, scan)
                if chunk not in names:
                    continue
                scans.let_go(
                    tx, chunk, digest=scan.digest, place=names.index(chunk),
                    receipt=text,
                )  # fmt: skip
                if scans.receipted(tx, scan.digest) >= frozenset(names):
                    scans.arrived(tx, scan.digest, at=now)
                return

    def piece_refused(self, chunk: str, code: Code) -> None:
        """Note a refusal; a second one leaves the scan to people."""
        with self._vault.write() as tx:
            scans.refused(tx, chunk, int(code))


def names_of(tx: Transaction, scan: scans.ScanWaiting) -> tuple[str, ...]:
    """Return the names of a content's pieces; none without the naming key."""
    key = settings.get(tx, "naming_key")
    if key is None:
        return ()
    return chunk_names(base64_bytes(key), scan.digest, size=scan.size, piece=PIECE)


def at_district(place: Workplace, number: str) -> frozenset[str]:
    """Return which contents of a case the district has signed for, whole."""
    with place.vault.read() as tx:
        return scans.there(tx, number)


def take(tx: Transaction, body: FeedBody) -> None:
    """Apply what the district says of scans; nothing of any other body."""
    if isinstance(body, NamingKey):
        known = settings.get(tx, "naming_key")
        settings.put(tx, "naming_key", body.key)
        if known is not None and known != body.key:
            # Other names: what was signed for under the old ones is asked for again.
            scans.again(tx)
    elif isinstance(body, ScansWanted):
        scans.again(tx, body.digests)
