"""Scans on their way: which goes next, pieces kept until their receipts come."""

from desk_app.store import pages, scans
from desk_app.store.pages import PageRecord
from desk_app.store.scans import CaseScans, PieceKept, ScanWaiting
from desk_app.store.vault import Transaction
from tests.support.rows import AT, a_case, a_number

ONE, TWO, THREE = "1" * 64, "2" * 64, "3" * 64


def _paged(tx: Transaction, number: str, *digests: str, listed: str = AT) -> None:
    for digest in digests:
        pages.keep(tx, digest, "image/jpeg", b"jpeg of " + digest[:1].encode())
        pages.add(tx, PageRecord(number, "id", 0, digest, "n", 0, AT, "lin"))
        scans.want(tx, digest, size=9, at=listed)


def _waiting(tx: Transaction) -> list[str]:
    return [each.digest for each in scans.waiting(tx, limit=9)]


def _refused(tx: Transaction, digest: str, times: int) -> None:
    piece = PieceKept(f"piece of {digest[0]}", "{}", b"sealed")
    scans.keep(tx, piece, digest=digest, place=0)
    for _ in range(times):
        scans.refused(tx, piece.chunk, 305)


def test_the_case_with_the_oldest_legal_day_goes_first(tx: Transaction) -> None:
    for serial, due in ((1, None), (2, "2026-12-02"), (3, "2026-12-01")):
        a_case(tx, a_number(serial), due_day=due)
        _paged(tx, a_number(serial), str(serial) * 64)
    assert scans.waiting(tx, limit=2) == (ScanWaiting(THREE, 9), ScanWaiting(TWO, 9))
    assert _waiting(tx) == [THREE, TWO, ONE]


def test_a_scan_of_two_cases_goes_when_the_more_pressing_one_does(
    tx: Transaction,
) -> None:
    for serial, due in ((1, "2026-12-01"), (2, "2026-12-02"), (3, "2026-12-09")):
        a_case(tx, a_number(serial), due_day=due)
    _paged(tx, a_number(2), ONE)
    _paged(tx, a_number(3), TWO)
    _paged(tx, a_number(1), TWO)
    assert _waiting(tx) == [TWO, ONE]


def test_pages_of_a_case_go_in_their_order(tx: Transaction) -> None:
    a_case(tx, a_number(1))
    _paged(tx, a_number(1), THREE, ONE, TWO)
    assert _waiting(tx) == [THREE, ONE, TWO]


def test_a_draft_sends_nothing_and_a_shared_page_goes_once(tx: Transaction) -> None:
    _paged(tx, "a draft", THREE)
    for serial in (1, 2):
        a_case(tx, a_number(serial))
        _paged(tx, a_number(serial), ONE)
    assert _waiting(tx) == [ONE]


def test_what_was_listed_by_no_entry_waits_until_it_is(tx: Transaction) -> None:
    """A vault of before scans travelled: its cases are listed at the next contact."""
    a_case(tx, a_number(1))
    _paged(tx, a_number(1), ONE, listed="")
    assert (_waiting(tx), scans.unlisted_cases(tx)) == ([], (a_number(1),))
    scans.want(tx, ONE, size=9, at=AT)
    assert (_waiting(tx), scans.unlisted_cases(tx)) == ([ONE], ())


def test_a_sealed_piece_stays_the_same_until_its_receipt_lets_it_go(
    tx: Transaction,
) -> None:
    assert scans.kept(tx, "p") is None
    piece = PieceKept("p", "{}", b"sealed")
    scans.keep(tx, piece, digest=ONE, place=0)
    assert scans.kept(tx, "p") == piece
    assert scans.receipted(tx, ONE) == frozenset()
    scans.let_go(tx, "p", digest=ONE, place=0, receipt="signed")
    scans.let_go(tx, "never sealed here", digest=ONE, place=1, receipt="signed")
    assert scans.kept(tx, "p") is None
    assert scans.receipted(tx, ONE) == {"p", "never sealed here"}
    scans.keep(tx, piece, digest=ONE, place=0)
    assert scans.kept(tx, "p") is None, "what was signed for is not sent again"


def test_p03_a_scan_refused_twice_is_for_people_and_holds_up_no_other(
    tx: Transaction,
) -> None:
    a_case(tx, a_number(1))
    _paged(tx, a_number(1), ONE, TWO, THREE)
    _refused(tx, ONE, 1)
    assert _waiting(tx) == [ONE, TWO, THREE], "it is sealed anew once"
    assert scans.kept(tx, "piece of 1") is None
    _refused(tx, ONE, 1)
    assert _waiting(tx) == [TWO, THREE]
    scans.arrived(tx, TWO, at=AT)
    assert scans.of_case(tx, a_number(1)) == CaseScans(3, at_district=1, refused=1)
    assert scans.there(tx, a_number(1)) == {TWO}
    assert scans.of_case(tx, a_number(2)) == CaseScans()


def test_the_backlog_is_what_the_district_does_not_have(tx: Transaction) -> None:
    a_case(tx, a_number(1))
    _paged(tx, a_number(1), ONE, TWO, THREE)
    scans.arrived(tx, ONE, at=AT)
    assert scans.backlog(tx) == (2, 18)


def test_a_district_that_lost_scans_gets_those_or_all_again(tx: Transaction) -> None:
    a_case(tx, a_number(1))
    _paged(tx, a_number(1), ONE, TWO)
    for digest in (ONE, TWO):
        scans.let_go(tx, digest[:2], digest=digest, place=0, receipt="signed")
        scans.arrived(tx, digest, at=AT)
    scans.again(tx, (TWO,))
    assert _waiting(tx) == [TWO]
    assert scans.receipted(tx, ONE)
    assert not scans.receipted(tx, TWO)
    scans.again(tx)
    assert _waiting(tx) == [ONE, TWO]
    assert not scans.receipted(tx, ONE)


def test_what_is_on_its_way_is_sealed_anew_and_what_arrived_stays(
    tx: Transaction,
) -> None:
    a_case(tx, a_number(1))
    _paged(tx, a_number(1), ONE, TWO)
    for digest, chunk in ((ONE, "one"), (TWO, "two")):
        scans.keep(tx, PieceKept(chunk, "{}", b"sealed"), digest=digest, place=0)
    scans.let_go(tx, "two", digest=TWO, place=0, receipt="{}")
    scans.seal_anew(tx)
    assert scans.kept(tx, "one") is None
    assert scans.receipted(tx, TWO) == {"two"}
    assert _waiting(tx) == [ONE, TWO]
