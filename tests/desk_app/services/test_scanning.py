"""The scans' part of the port: what goes next, sealed once, let go by its receipt."""

import hashlib

import pytest

from desk_app.services import attaching, renewing, scanning
from desk_app.services.receiving import When, receive_case
from desk_app.services.scanning import ScanPort
from desk_app.store import pages, scans, settings
from desk_app.store.pages import PageRecord
from schemas.base import utc_text
from schemas.encoding import base64_text
from schemas.problems import Code
from schemas.scans import PIECE, NamingKey, ScansWanted
from sync.client.scans import PlainPiece, StoredPiece
from sync.seal.chunks import SealedChunk, chunk_names
from tests.support.counter import MONDAY, Counter
from tests.support.pictures import photograph

KEY = b"k" * 32


@pytest.fixture
def port(counter: Counter) -> ScanPort:
    """A port whose vault has one scan that waits, and the naming key."""
    with counter.place.vault.write() as tx:
        for table in ("scan_pieces", "scans"):
            tx.run(f"DELETE FROM {table}")  # noqa: S608 - two words of ours
        scanning.take(tx, NamingKey(key=base64_text(KEY)))
    return ScanPort(counter.place)


def _scanned(counter: Counter, *, width: int = 40) -> tuple[str, str, bytes]:
    """Take a case with one scan; returns its number, the digest and the bytes."""
    draft = counter.draft()
    raw = photograph((width, 30), kind="PNG")
    page = attaching.attach(counter.place, draft.draft_id, "id", name="p.png", raw=raw)
    number = receive_case(counter.place, draft.draft_id, When())
    return number, page.digest, raw


def _sealed(piece: PlainPiece, mark: str = "1") -> SealedChunk:
    return SealedChunk(f"sealed {mark}".encode(), piece.chunk, mark * 64)


def _next(port: ScanPort) -> PlainPiece:
    """The next piece, which was never sealed."""
    piece = port.next_piece()
    assert isinstance(piece, PlainPiece)
    return piece


def _sent(port: ScanPort) -> PlainPiece:
    """The next piece, sealed and on its way."""
    piece = _next(port)
    port.save_piece(piece, _sealed(piece))
    return piece


def test_a_piece_is_named_by_the_districts_key_and_none_goes_before_it(
    counter: Counter, port: ScanPort
) -> None:
    _, digest, raw = _scanned(counter)
    names = chunk_names(KEY, digest, size=len(raw), piece=PIECE)
    assert port.awaited_pieces() == names
    with counter.place.vault.write() as tx:
        tx.run("DELETE FROM settings WHERE name = 'naming_key'")
    assert port.awaited_pieces() == ()
    assert port.next_piece() is None


def test_p04_a_piece_that_was_sealed_goes_again_as_it_was(
    counter: Counter, port: ScanPort
) -> None:
    _, digest, raw = _scanned(counter)
    piece = _next(port)
    assert (piece.digest, piece.place, piece.plain) == (digest, 0, raw)
    stored = port.save_piece(piece, _sealed(piece))
    assert (
        port.next_piece() == stored == StoredPiece(piece.chunk, "1" * 64, b"sealed 1")
    )


def test_p05_a_piece_that_a_former_key_sealed_is_sealed_by_the_one_in_force(
    own: Counter,
) -> None:
    """The district refuses the former one (320), for ever. Found by world 44."""
    with own.place.vault.write() as tx:
        scanning.take(tx, NamingKey(key=base64_text(KEY)))
    port = ScanPort(own.place)
    _scanned(own)
    piece = _sent(port)
    assert not isinstance(port.next_piece(), PlainPiece)
    place = own.as_("lin")
    renewing.renew(place)
    with place.vault.write() as tx:
        renewing.use_next_in(place, tx, "AA")
    assert _next(ScanPort(place)) == piece


def test_p06_a_scan_is_at_the_district_by_the_receipt_of_its_last_piece(
    counter: Counter, port: ScanPort
) -> None:
    number, digest, _ = _scanned(counter)
    piece = _sent(port)
    port.piece_receipted("0" * 64, {"another": 1})
    assert scanning.at_district(counter.place, number) == frozenset()
    port.piece_receipted(piece.chunk, {"signed": 1})
    assert scanning.at_district(counter.place, number) == {digest}
    assert (port.next_piece(), port.awaited_pieces()) == (None, ())


def test_a_second_refusal_leaves_a_scan_to_people_and_holds_up_no_other(
    counter: Counter, port: ScanPort
) -> None:
    _scanned(counter, width=41)
    piece = _next(port)
    for mark in ("1", "2"):
        port.save_piece(piece, _sealed(piece, mark))
        port.piece_refused(piece.chunk, Code.SIGNATURE_INVALID)
    _, other, _ = _scanned(counter, width=42)
    assert _next(port).digest == other


def test_what_the_district_could_not_prove_is_sent_again(
    counter: Counter, port: ScanPort
) -> None:
    _, digest, _ = _scanned(counter, width=43)
    piece = _sent(port)
    port.piece_receipted(piece.chunk, {"signed": 1})
    with counter.place.vault.write() as tx:
        scanning.take(tx, ScansWanted(digests=(digest,)))
    assert port.awaited_pieces() == (piece.chunk,)


def test_under_other_names_everything_is_asked_for_again(
    counter: Counter, port: ScanPort
) -> None:
    _, digest, raw = _scanned(counter, width=44)
    piece = _sent(port)
    port.piece_receipted(piece.chunk, {"signed": 1})
    with counter.place.vault.write() as tx:
        scanning.take(tx, NamingKey(key=base64_text(KEY)))
        assert scans.waiting(tx, limit=9) == ()
        scanning.take(tx, NamingKey(key=base64_text(b"o" * 32)))
        assert settings.get(tx, "naming_key") == base64_text(b"o" * 32)
    names = chunk_names(b"o" * 32, digest, size=len(raw), piece=PIECE)
    assert port.awaited_pieces() == names
    assert hashlib.sha256(raw).hexdigest() == digest


def test_p06_a_receipt_counts_however_many_scans_wait_before_its_own(
    counter: Counter, port: ScanPort
) -> None:
    """A stick takes thousands of pieces; its receipts come back in any order."""
    number, digest, _ = _scanned(counter, width=45)
    piece = _sent(port)
    with counter.place.vault.write() as tx:
        for n in range(201):
            other = f"{n:064x}"
            scans.want(tx, other, size=9, at=utc_text(MONDAY))
            pages.keep(tx, other, "image/png", b"x")
            pages.add(tx, PageRecord(number, "id", 0, other, "p", 0, "", ""))
        tx.run("UPDATE pages SET position = 999 WHERE digest = ?", digest)
        first = [each.digest for each in scans.waiting(tx, limit=200)]
    assert digest not in first
    port.piece_receipted(piece.chunk, {"signed": 1})
    assert scanning.at_district(counter.place, number) == {digest}
