"""Scanned pages: content kept once by digest, placed in order at a material."""

from dataclasses import dataclass, replace

from desk_app.store.vault import Transaction


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page at a material of a draft or case (`subject`)."""

    subject: str
    material: str
    position: int
    digest: str
    name: str
    turned: int
    added_at: str
    operator: str


def keep(tx: Transaction, digest: str, media_type: str, content: bytes) -> None:
    """Keep content once, whatever it is used for."""
    tx.run(
        "INSERT INTO attachments (digest, media_type, content) VALUES (?, ?, ?)"
        " ON CONFLICT (digest) DO NOTHING",
        digest,
        media_type,
        content,
    )


def content(tx: Transaction, digest: str) -> tuple[str, bytes] | None:
    """Return the media type and bytes of a digest."""
    row = tx.row("SELECT media_type, content FROM attachments WHERE digest = ?", digest)
    if row is None or not isinstance(row[1], bytes):
        return None
    return str(row[0]), row[1]


def measure(tx: Transaction, digest: str) -> tuple[str, int]:
    """Return the media type and the size in bytes of a kept content."""
    row = tx.row(
        "SELECT media_type, length(content) FROM attachments WHERE digest = ?", digest
    )
    return (str(row[0]), int(str(row[1]))) if row else ("", 0)


def add(tx: Transaction, page: PageRecord) -> None:
    """Put a page after those that are there."""
    tx.run(
        "INSERT INTO pages SELECT ?, ?, 1 + coalesce(max(position), 0), ?, ?, ?, ?, ?"
        " FROM pages WHERE subject = ? AND material = ?",
        page.subject,
        page.material,
        page.digest,
        page.name,
        page.turned,
        page.added_at,
        page.operator,
        page.subject,
        page.material,
    )


def of_subject(tx: Transaction, subject: str) -> tuple[PageRecord, ...]:
    """Return a subject's pages, by material, in order."""
    rows = tx.rows(
        "SELECT subject, material, position, digest, name, turned, added_at, operator"
        " FROM pages WHERE subject = ? ORDER BY material, position",
        subject,
    )
    return tuple(
        PageRecord(
            str(r[0]), str(r[1]), int(str(r[2])), str(r[3]), str(r[4]),
            int(str(r[5])), str(r[6]), str(r[7]),
        )
        for r in rows
    )  # fmt: skip


def rearrange(tx: Transaction, subject: str, pages: tuple[PageRecord, ...]) -> None:
    """Replace a subject's pages by these, in this order."""
    tx.run("DELETE FROM pages WHERE subject = ?", subject)
    for page in pages:
        add(tx, page)


def move(tx: Transaction, draft_id: str, number: str) -> bool:
    """Let a draft's pages be the case's, after its own; says whether there were any."""
    pages = of_subject(tx, draft_id)
    for page in pages:
        add(tx, replace(page, subject=number))
    if pages:
        tx.run("DELETE FROM pages WHERE subject = ?", draft_id)
    return bool(pages)


def drop_unused(tx: Transaction) -> int:
    """Delete content that no page names any more; returns how much."""
    return tx.run(
        "DELETE FROM attachments WHERE digest NOT IN (SELECT digest FROM pages)"
    )
