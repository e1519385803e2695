"""Scans at the district: named by cases, proved by opening, else asked for again."""

import hashlib

import pytest

from schemas.encoding import base64_bytes
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.scans import PIECE, NamingKey, ScanPage, ScansListed, ScansWanted
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.chunks import ChunkKept
from sync.district.ledger.record import EntryFiled, Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.scanning import (
    check_scans,
    consider_scans,
    open_scan,
    standing_of,
)
from sync.seal.chunks import chunk_names, close_chunk
from sync.seal.keys import SealingKey
from tests.support.ledgers import (
    NOW,
    Writer,
    a_case,
    a_number,
    file_line,
    granted,
    the_keys,
)

SCAN = b"\xff\xd8 a page \xff\xd9" + bytes(range(256)) * 512
SMALL = PIECE // 16
DIGEST = hashlib.sha256(SCAN).hexdigest()
NUMBER = a_number(1)


def _list(
    record: Record, desk: Writer, sequence: int = 2, *, piece: int = SMALL,
    size: int = len(SCAN),
) -> NamingKey | None:  # fmt: skip
    page = ScanPage(
        material="m1", position=1, digest=DIGEST, size=size, media_type="image/jpeg"
    )
    body = ScansListed(number=NUMBER, at=NOW, piece=piece, scans=(page,))
    raw = desk.line(sequence, **body.model_dump(mode="json"))
    said = consider_scans(JournalEntry.model_validate_json(raw), record)
    assert said is not None
    record.file(
        EntryFiled(desk.device, 1, sequence, raw, NUMBER, None, ""), "0" * 64,
        case=None, feedback=said.feedback, also=said.also, now=NOW,
    )  # fmt: skip
    return NamingKey.model_validate_json(said.feedback) if said.feedback else None


def _send(
    sealed: SealedLedger, record: Record, desk: Writer, *, scan: bytes = SCAN,
    to: SealingKey | None = None, parts: slice = slice(None),
) -> None:  # fmt: skip
    key = record.scans.naming_key()
    assert key is not None
    names = chunk_names(key, DIGEST, size=len(SCAN), piece=SMALL)
    for index, name in list(enumerate(names))[parts]:
        chunk = close_chunk(
            scan[index * SMALL : (index + 1) * SMALL], name, device=desk.device,
            recipient=(to or the_keys().opening).public, signing=desk.signing, now=NOW,
        )  # fmt: skip
        kept = ChunkKept(name, chunk.digest, desk.device, len(chunk.raw), "{}")
        sealed.chunks.keep(kept, chunk.raw, now=NOW)


@pytest.fixture
def desk(sealed: SealedLedger, record: Record) -> Writer:
    writer = granted(sealed)
    file_line(record, writer, 1, case=a_case(1, writer.device))
    return writer


def test_a_desk_is_told_the_naming_key_once_and_all_the_same_one(
    sealed: SealedLedger, record: Record, desk: Writer
) -> None:
    told = _list(record, desk)
    assert told is not None
    assert base64_bytes(told.key) == record.scans.naming_key()
    assert _list(record, desk, 3) is None
    other = _list(record, granted(sealed, "02"), 1)
    assert other == told


def test_a_scan_is_held_once_all_of_it_was_opened_and_is_what_was_scanned(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, desk: Writer
) -> None:
    _list(record, desk)
    _send(sealed, record, desk, parts=slice(1, None))
    assert check_scans(sealed, record, keys, now=NOW) == 0
    (standing,) = standing_of(sealed, record, NUMBER)
    assert (standing.held, standing.pieces, standing.of) == (False, 2, 3)

    _send(sealed, record, desk, parts=slice(1))

    assert check_scans(sealed, record, keys, now=NOW) == 1
    (standing,) = standing_of(sealed, record, NUMBER)
    assert (standing.held, standing.pieces, standing.of) == (True, 3, 3)
    opened = open_scan(sealed, record, keys, number=NUMBER, digest=DIGEST)
    assert opened == ("image/jpeg", SCAN)


def test_pieces_that_are_something_else_are_dropped_and_asked_for_again(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, desk: Writer
) -> None:
    _list(record, desk)
    _send(sealed, record, desk, scan=bytes(len(SCAN)))

    assert check_scans(sealed, record, keys, now=NOW) == 0

    asked = ScansWanted.model_validate_json(record.unsent()[-1].body)
    assert asked.digests == (DIGEST,)
    (standing,) = standing_of(sealed, record, NUMBER)
    assert (standing.held, standing.pieces) == (False, 0)
    _send(sealed, record, desk)
    assert check_scans(sealed, record, keys, now=NOW) == 1


def test_what_is_sealed_to_a_key_that_is_not_here_waits_for_it(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, desk: Writer
) -> None:
    """It is not the desk's fault: nothing is dropped, nothing asked for."""
    _list(record, desk)
    before = len(record.unsent())
    _send(sealed, record, desk, to=SealingKey.generate())
    assert check_scans(sealed, record, keys, now=NOW) == 0
    (standing,) = standing_of(sealed, record, NUMBER)
    assert (standing.held, standing.pieces) == (False, 3)
    assert len(record.unsent()) == before


@pytest.mark.parametrize("said", [{"piece": 1}, {"size": 2**40}])
def test_a_list_that_would_make_endless_names_is_not_followed(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, desk: Writer,
    said: dict[str, int],
) -> None:  # fmt: skip
    _list(record, desk, **said)  # type: ignore[arg-type]
    assert check_scans(sealed, record, keys, now=NOW) == 0
    (standing,) = standing_of(sealed, record, NUMBER)
    assert (standing.held, standing.pieces, standing.of) == (False, 0, 1)
    with pytest.raises(Problem) as refused:
        open_scan(sealed, record, keys, number=NUMBER, digest=DIGEST)
    assert refused.value.code is Code.SCAN_NOT_HERE


def test_a_scan_that_no_case_of_that_number_names_is_not_opened(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, desk: Writer
) -> None:
    _list(record, desk)
    _send(sealed, record, desk)
    for number, digest in ((a_number(2), DIGEST), (NUMBER, "0" * 64)):
        with pytest.raises(Problem) as refused:
            open_scan(sealed, record, keys, number=number, digest=digest)
        assert refused.value.code is Code.SCAN_NOT_HERE


def test_an_entry_about_something_else_says_nothing(
    record: Record, desk: Writer
) -> None:
    entry = JournalEntry.model_validate_json(desk.line(5))
    assert consider_scans(entry, record) is None
