"""Pieces of scans: one name, one receipt, for the whole district."""

from pathlib import Path

from sync.district.ledger.chunks import ChunkKept
from sync.district.ledger.sealed import SealedLedger
from tests.support.ledgers import NOW, granted

NAME = "c" * 64


def _piece(device: str, *, digest: str = "d" * 64, receipt: str = "r1") -> ChunkKept:
    return ChunkKept(NAME, digest, device, 6, receipt)


def test_a_piece_is_kept_with_its_bytes_and_its_receipt(sealed: SealedLedger) -> None:
    kept = _piece(granted(sealed).device)
    chunks = sealed.chunks

    assert chunks.keep(kept, b"sealed", now=NOW) == "r1"

    assert chunks.raw(NAME) == b"sealed"
    assert chunks.receipts((NAME, "e" * 64)) == ("r1",)
    assert chunks.held((NAME, "e" * 64)) == {NAME}
    assert chunks.receipt_of(kept.digest) == "r1"


def test_p04_the_same_piece_from_another_desk_gets_the_first_receipt(
    sealed: SealedLedger,
) -> None:
    """One page copied at two windows travels and lies there once."""
    chunks = sealed.chunks
    one, other = granted(sealed, "01").device, granted(sealed, "02").device
    chunks.keep(_piece(one), b"sealed", now=NOW)

    again = chunks.keep(
        _piece(other, digest="f" * 64, receipt="r2"), b"sealed again", now=NOW
    )

    assert again == "r1"
    assert chunks.raw(NAME) == b"sealed"
    assert chunks.receipt_of("f" * 64) is None


def test_a_piece_that_was_something_else_frees_its_name(sealed: SealedLedger) -> None:
    chunks, device = sealed.chunks, granted(sealed).device
    chunks.keep(_piece(device), b"wrong", now=NOW)

    chunks.drop((NAME, "e" * 64))

    assert (chunks.raw(NAME), chunks.held((NAME,))) == (None, frozenset())
    right = _piece(device, digest="f" * 64, receipt="r2")
    assert chunks.keep(right, b"right", now=NOW) == "r2"
    assert chunks.raw(NAME) == b"right"


def test_a_row_whose_object_is_lost_says_that_nothing_is_there(
    sealed: SealedLedger, tmp_path: Path
) -> None:
    kept = _piece(granted(sealed).device)
    sealed.chunks.keep(kept, b"sealed", now=NOW)
    next(tmp_path.glob(f"intake/scans/*/{kept.digest}")).unlink()

    assert sealed.chunks.raw(NAME) is None
