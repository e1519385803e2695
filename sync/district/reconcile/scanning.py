"""Scans at the district: what cases name, whether it is there, and opening it.

Rule 1: a content is held only once all its pieces were opened and make up its digest.
Rule 2: pieces that do not are dropped, so that their names are free, and every desk
        whose cases name the content is asked for them again.
Rule 3: nothing opened is written down: a scan is opened when somebody looks at it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from schemas.encoding import base64_text
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.scans import LARGEST_SCAN, PIECE, NamingKey, ScansListed, ScansWanted
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.record import Record
from sync.district.ledger.scans import Content, ScanFiled, keep_list, keep_naming
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.comparing import Said
from sync.seal.chunks import chunk_names, new_naming_key, read_chunk
from sync.seal.opening import open_chunk

# Less than this would make more names of a scan than pieces are worth.
_SMALLEST_PIECE = PIECE // 16


@dataclass(frozen=True, slots=True)
class ScanStanding:
    """One page of a case: how many of its pieces are there, and whether all is proved.

    `pieces` of `of`; `held` says that they were opened and are what was scanned.
    """

    page: ScanFiled
    pieces: int
    of: int

    @property
    def held(self) -> bool:
        """Say whether the scan is there, proved."""
        return self.page.content.held_at is not None and self.pieces == self.of


def consider_scans(entry: JournalEntry, record: Record) -> Said | None:
    """Return what follows from a list of scans; None for any other entry."""
    said = entry.body
    if not isinstance(said, ScansListed):
        return None
    told = record.scans.was_told(entry.device)
    key = record.scans.naming_key() or new_naming_key()
    feedback = None if told else NamingKey(key=base64_text(key)).model_dump_json()

    def also(connection: Connection) -> None:
        keep_list(connection, said)
        if not told:
            keep_naming(connection, key, entry.device)

    return Said(also, feedback)


def standing_of(
    sealed: SealedLedger, record: Record, number: str
) -> tuple[ScanStanding, ...]:
    """Return what of a case's scans is at the district."""
    found = []
    for page in record.scans.of_case(number):
        names = _names(record, page.content)
        there = len(sealed.chunks.held(names))
        found.append(ScanStanding(page, there, max(1, len(names))))
    return tuple(found)


def _names(record: Record, content: Content) -> tuple[str, ...]:
    key = record.scans.naming_key()
    sound = content.size <= LARGEST_SCAN and content.piece >= _SMALLEST_PIECE
    if key is None or not sound:
        return ()
    return chunk_names(key, content.digest, size=content.size, piece=content.piece)


def check_scans(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, *, now: datetime
) -> int:
    """Prove what has come in since; returns how many contents are there now."""
    proved = 0
    for content in record.scans.awaited():
        names = _names(record, content)
        if not names or sealed.chunks.held(names) != frozenset(names):
            record.scans.looked_at(content)
            continue
        try:
            opened = _opened(sealed, names, keys)
        except Problem as problem:
            if problem.code is Code.KEY_MISSING:
                # Sealed to a key that is not here: nothing is proved either way.
                record.scans.looked_at(content)
                continue
            opened = b""
        if _is(content, opened):
            record.scans.hold(content, now=now)
            proved += 1
            continue
        sealed.chunks.drop(names)
        wanted = ScansWanted(digests=(content.digest,)).model_dump_json()
        for device in record.scans.owners(content):
            record.keep(lambda _: None, device=device, feedback=wanted)
        record.note("system", "scan_not_proved", content.digest, now=now)
    return proved


def _opened(sealed: SealedLedger, names: tuple[str, ...], keys: ReconcileKeys) -> bytes:
    plain = bytearray()
    for name in names:
        raw = sealed.chunks.raw(name)
        if raw is None:
            raise Problem(Code.SCAN_NOT_HERE)
        chunk = read_chunk(raw)
        plain += open_chunk(chunk, keys.opening_of(chunk.header.sealing_key))
        if len(plain) > LARGEST_SCAN:
            raise Problem(Code.SEAL_BROKEN)
    return bytes(plain)


def _is(content: Content, opened: bytes) -> bool:
    digest = hashlib.sha256(opened).hexdigest()
    return len(opened) == content.size and digest == content.digest


def open_scan(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, *, number: str,
    digest: str,
) -> tuple[str, bytes]:  # fmt: skip
    """Return the media type and bytes of a scan that a case names.

    `Problem(SCAN_NOT_HERE)` where it is not there, or is not what it should be.
    """
    for page in record.scans.of_case(number):
        if page.content.digest == digest:
            names = _names(record, page.content)
            opened = _opened(sealed, names, keys)
            if not _is(page.content, opened):
                raise Problem(Code.SCAN_NOT_HERE)
            return page.content.media_type, opened
    raise Problem(Code.SCAN_NOT_HERE)
