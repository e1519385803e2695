"""Scans on their way to the district: what waits, the pieces, their receipts."""

from dataclasses import dataclass

from desk_app.store.vault import Transaction


@dataclass(frozen=True, slots=True)
class ScanWaiting:
    """One content that the district does not have whole yet."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class PieceKept:
    """A piece that was sealed and is kept until its receipt comes."""

    chunk: str
    message: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class CaseScans:
    """How many scans a case has, how many are at the district, how many refused."""

    every: int = 0
    at_district: int = 0
    refused: int = 0


def want(tx: Transaction, digest: str, *, size: int, at: str) -> None:
    """Let a content be one that the district is to have."""
    tx.run(
        "INSERT INTO scans (digest, size, listed_at) VALUES (?, ?, ?)"
        " ON CONFLICT (digest) DO UPDATE SET listed_at = excluded.listed_at"
        " WHERE listed_at = ''",
        digest,
        size,
        at,
    )


def unlisted_cases(tx: Transaction) -> tuple[str, ...]:
    """Return cases of before scans travelled, whose scans no entry names."""
    rows = tx.rows(
        "SELECT DISTINCT subject FROM scans JOIN pages USING (digest)"
        " JOIN cases ON number = subject WHERE listed_at = '' ORDER BY subject"
    )
    return tuple(str(row[0]) for row in rows)


def waiting(tx: Transaction, *, limit: int) -> tuple[ScanWaiting, ...]:
    """Return what waits: the case with the oldest legal deadline first."""
    rows = tx.rows(
        "SELECT s.digest, s.size FROM scans AS s"
        " JOIN pages AS p ON p.digest = s.digest"
        " JOIN cases AS c ON c.number = p.subject"
        " WHERE s.at_district IS NULL AND s.listed_at != ''"
        " AND NOT EXISTS (SELECT 1 FROM scan_pieces AS x WHERE x.digest = s.digest"
        " AND x.refusals > 1)"
        " GROUP BY s.digest ORDER BY min(coalesce(c.due_day, '9')), min(c.received_at),"
        " min(p.position), s.digest LIMIT ?",
        limit,
    )
    return tuple(ScanWaiting(str(row[0]), int(str(row[1]))) for row in rows)


def receipted(tx: Transaction, digest: str) -> frozenset[str]:
    """Return the names of a content's pieces that the district has signed for."""
    rows = tx.rows(
        "SELECT chunk FROM scan_pieces WHERE digest = ? AND receipt IS NOT NULL", digest
    )
    return frozenset(str(row[0]) for row in rows)


def kept(tx: Transaction, chunk: str) -> PieceKept | None:
    """Return the sealed bytes of a piece that is on its way, if it was sealed."""
    row = tx.row(
        "SELECT message, raw FROM scan_pieces WHERE chunk = ? AND raw IS NOT NULL",
        chunk,
    )
    if row is None or not isinstance(row[1], bytes):
        return None
    return PieceKept(chunk, str(row[0]), row[1])


def waiting_for(tx: Transaction, chunk: str) -> ScanWaiting | None:
    """Return the content that a kept piece is of, if it waits."""
    row = tx.row(
        "SELECT s.digest, s.size FROM scan_pieces AS x JOIN scans AS s USING (digest)"
        " WHERE x.chunk = ? AND s.at_district IS NULL",
        chunk,
    )
    return ScanWaiting(str(row[0]), int(str(row[1]))) if row else None


def keep(tx: Transaction, piece: PieceKept, *, digest: str, place: int) -> None:
    """Write a sealed piece down before it is sent."""
    tx.run(
        "INSERT INTO scan_pieces (chunk, digest, place, message, raw)"
        " VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (chunk) DO UPDATE SET message = excluded.message,"
        " raw = excluded.raw WHERE receipt IS NULL",
        piece.chunk,
        digest,
        place,
        piece.message,
        piece.raw,
    )


def let_go(
    tx: Transaction, chunk: str, *, digest: str, place: int, receipt: str
) -> None:
    """Keep a piece's receipt; its sealed bytes are not needed any more."""
    tx.run(
        "INSERT INTO scan_pieces (chunk, digest, place, receipt) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (chunk) DO UPDATE SET receipt = excluded.receipt, raw = NULL,"
        " problem = NULL",
        chunk,
        digest,
        place,
        receipt,
    )


def refused(tx: Transaction, chunk: str, problem: int) -> None:
    """Note a refusal; the piece is sealed anew once, then it stays for people."""
    tx.run(
        "UPDATE scan_pieces SET refusals = refusals + 1, problem = ?, raw = NULL"
        " WHERE chunk = ?",
        problem,
        chunk,
    )


def seal_anew(tx: Transaction) -> None:
    """Forget the sealed form of what is on its way: it was signed by a former key."""
    tx.run("UPDATE scan_pieces SET raw = NULL WHERE receipt IS NULL")


def arrived(tx: Transaction, digest: str, *, at: str) -> None:
    """Note that the district has signed for all pieces of a content."""
    tx.run("UPDATE scans SET at_district = ? WHERE digest = ?", at, digest)


def again(tx: Transaction, digests: tuple[str, ...] | None = None) -> None:
    """Let contents wait again (all of them: None): what was signed for is not there."""
    if digests is None:
        tx.run("DELETE FROM scan_pieces")
        tx.run("UPDATE scans SET at_district = NULL")
        return
    for digest in digests:
        tx.run("DELETE FROM scan_pieces WHERE digest = ?", digest)
        tx.run("UPDATE scans SET at_district = NULL WHERE digest = ?", digest)


def of_case(tx: Transaction, number: str) -> CaseScans:
    """Return how many scans a case has, are at the district, and were refused."""
    row = tx.row(
        "SELECT count(*), sum(s.at_district IS NOT NULL), sum(EXISTS (SELECT 1 FROM"
        " scan_pieces AS x WHERE x.digest = s.digest AND x.refusals > 1"
        " AND x.receipt IS NULL))"
        " FROM pages AS p JOIN scans AS s USING (digest) WHERE p.subject = ?",
        number,
    )
    every, there, refused_ = (int(str(each or 0)) for each in row or (0, 0, 0))
    return CaseScans(every, there, refused_)


def there(tx: Transaction, number: str) -> frozenset[str]:
    """Return the digests of a case's scans that are at the district."""
    rows = tx.rows(
        "SELECT digest FROM pages JOIN scans USING (digest)"
        " WHERE subject = ? AND at_district IS NOT NULL",
        number,
    )
    return frozenset(str(row[0]) for row in rows)


def backlog(tx: Transaction) -> tuple[int, int]:
    """Return how many scans wait, and their bytes."""
    row = tx.row(
        "SELECT count(*), coalesce(sum(size), 0) FROM scans WHERE at_district IS NULL"
    )
    return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)
