"""Batches: written down before they are sent, let go by receipt, never dropped."""

from dataclasses import dataclass

from desk_app.store.vault import Row, Transaction


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A batch as kept; `raw` is empty once it was receipted."""

    batch_digest: str
    epoch: int
    first: int
    last: int
    header: str
    raw: bytes


def add(tx: Transaction, batch: BatchRecord) -> None:
    """Write a new batch down; a range that is in a batch already is refused."""
    tx.run(
        "INSERT INTO outbox (batch_digest, epoch, first, last, header, raw, state)"
        " VALUES (?, ?, ?, ?, ?, ?, 'waiting')",
        batch.batch_digest,
        batch.epoch,
        batch.first,
        batch.last,
        batch.header,
        batch.raw,
    )


def oldest_waiting(tx: Transaction) -> BatchRecord | None:
    """Return the batch to send next."""
    row = tx.row(
        "SELECT batch_digest, epoch, first, last, header, raw FROM outbox"
        " WHERE state = 'waiting' ORDER BY epoch, first LIMIT 1"
    )
    return _record(row) if row else None


def all_waiting(tx: Transaction) -> tuple[BatchRecord, ...]:
    """Return every batch that waits for its receipt, in order."""
    rows = tx.rows(
        "SELECT batch_digest, epoch, first, last, header, raw FROM outbox"
        " WHERE state = 'waiting' ORDER BY epoch, first"
    )
    return tuple(map(_record, rows))


def get(tx: Transaction, digest: str) -> BatchRecord | None:
    """Return one batch."""
    row = tx.row(
        "SELECT batch_digest, epoch, first, last, header, raw FROM outbox"
        " WHERE batch_digest = ?",
        digest,
    )
    return _record(row) if row else None


def take_back(tx: Transaction, digest: str) -> None:
    """Forget a batch that was refused, so that its entries are sent another way."""
    tx.run("DELETE FROM outbox WHERE batch_digest = ? AND state = 'waiting'", digest)


def refused_again(tx: Transaction, digest: str) -> int:
    """Count one more refusal of a batch as it is; returns how many there were."""
    tx.run("UPDATE outbox SET refusals = refusals + 1 WHERE batch_digest = ?", digest)
    row = tx.row("SELECT refusals FROM outbox WHERE batch_digest = ?", digest)
    return int(str(row[0])) if row else 0


def next_gap(tx: Transaction, epoch: int) -> tuple[int, int | None]:
    """Return the first sequence in no batch, and the last one before the next batch.

    The latter is None where no batch comes after.
    """
    row = tx.row(
        "SELECT min(sequence) FROM (SELECT 1 AS sequence WHERE NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE epoch = ?1 AND first = 1)"
        " UNION ALL SELECT o.last + 1 FROM outbox AS o WHERE o.epoch = ?1"
        " AND NOT EXISTS (SELECT 1 FROM outbox AS n WHERE n.epoch = o.epoch"
        " AND n.first = o.last + 1))",
        epoch,
    )
    first = int(str(row[0])) if row and row[0] is not None else 1
    after = tx.row(
        "SELECT min(first) FROM outbox WHERE epoch = ? AND first > ?", epoch, first
    )
    following = after[0] if after else None
    return first, int(str(following)) - 1 if following is not None else None


def last_batched(tx: Transaction, epoch: int) -> int:
    """Return the last sequence that is in any batch; 0 where there is none."""
    row = tx.row("SELECT coalesce(max(last), 0) FROM outbox WHERE epoch = ?", epoch)
    return int(str(row[0])) if row else 0


def is_released(tx: Transaction, digest: str) -> bool:
    """Say whether a batch has its receipt."""
    row = tx.row(
        "SELECT 1 FROM outbox WHERE batch_digest = ? AND state = 'receipted'", digest
    )
    return row is not None


def _record(row: Row) -> BatchRecord:
    digest, epoch, first, last, header, raw = row
    return BatchRecord(
        str(digest),
        int(str(epoch)),
        int(str(first)),
        int(str(last)),
        str(header),
        raw if isinstance(raw, bytes) else b"",
    )


def overlaps(tx: Transaction, epoch: int, first: int, last: int) -> bool:
    """Say whether any of a range is in a batch already."""
    row = tx.row(
        "SELECT 1 FROM outbox WHERE epoch = ? AND first <= ? AND last >= ?",
        epoch,
        last,
        first,
    )
    return row is not None


def receipted(tx: Transaction, digest: str, receipt: str) -> None:
    """Let go: keep the receipt, forget the sealed bytes (the entries stay)."""
    tx.run(
        "UPDATE outbox SET state = 'receipted', receipt = ?, raw = NULL"
        " WHERE batch_digest = ?",
        receipt,
        digest,
    )


def refused(tx: Transaction, digest: str, problem: int) -> None:
    """Set aside with the reason."""
    tx.run(
        "UPDATE outbox SET state = 'refused', problem = ? WHERE batch_digest = ?",
        problem,
        digest,
    )


def refusals(tx: Transaction) -> tuple[tuple[str, int, int, int], ...]:
    """Return (digest, first, last, problem) of what was set aside."""
    return tuple(
        (str(row[0]), int(str(row[1])), int(str(row[2])), int(str(row[3])))
        for row in tx.rows(
            "SELECT batch_digest, first, last, problem FROM outbox"
            " WHERE state = 'refused' ORDER BY epoch, first"
        )
    )


def has_refusal(tx: Transaction, epoch: int, problem: int) -> bool:
    """Say whether a batch of an epoch was set aside for this reason."""
    row = tx.row(
        "SELECT 1 FROM outbox WHERE state = 'refused' AND epoch = ? AND problem = ?",
        epoch,
        problem,
    )
    return row is not None


def is_receipted(tx: Transaction, *, epoch: int, sequence: int) -> bool:
    """Say whether the district has it: by a receipt, not a stub's, or sent back.

    Epoch 0 is another device's: this one succeeded it, and all of that came back.
    """
    return (
        epoch == 0
        or signed_for(tx, epoch=epoch, sequence=sequence)
        or _came_back(tx, epoch, sequence)
    )


def signed_for(tx: Transaction, *, epoch: int, sequence: int) -> bool:
    """Say whether the district has the journal's own bytes of an entry, by receipt.

    What came back at a place of a left epoch may be other bytes than the journal's.
    """
    row = tx.row(
        "SELECT 1 FROM outbox WHERE state = 'receipted' AND epoch = ?1"
        " AND first <= ?2 AND last >= ?2 AND NOT EXISTS (SELECT 1 FROM quarantine AS q"
        " WHERE q.epoch = ?1 AND q.sequence = ?2 AND q.found_by != 'rules'"
        " AND NOT EXISTS (SELECT 1 FROM outbox AS again WHERE again.state = 'receipted'"
        " AND again.epoch = q.offered_epoch AND again.first <= q.offered_sequence"
        " AND again.last >= q.offered_sequence))",
        epoch,
        sequence,
    )
    return row is not None


def receipted_at(tx: Transaction, *, epoch: int, sequence: int) -> str | None:
    """Return when the district received the entry, by its own signed time."""
    row = tx.row(
        "SELECT json_extract(receipt, '$.received_at') FROM outbox"
        " WHERE state = 'receipted' AND epoch = ? AND first <= ? AND last >= ?",
        epoch,
        sequence,
        sequence,
    )
    return str(row[0]) if row and row[0] is not None else None


def _came_back(tx: Transaction, epoch: int, sequence: int) -> bool:
    row = tx.row(
        "SELECT 1 FROM returned WHERE own = 1 AND epoch = ? AND sequence = ?",
        epoch,
        sequence,
    )
    return row is not None


def give_up(tx: Transaction, epoch: int) -> int:
    """Take back what was not let go of an epoch that is left; how many batches.

    Its entries are settled one by one, or offered again; no entry is forgotten.
    """
    return tx.run("DELETE FROM outbox WHERE epoch = ? AND state != 'receipted'", epoch)


def lose(tx: Transaction, *, epoch: int, after: int, at: str) -> None:
    """Offer again what the district signed for and lost.

    Its receipts stay as what they are: proof that it had them.
    """
    lost = (
        "SELECT batch_digest, epoch, first, last, receipt, ? FROM outbox"
        " WHERE epoch = ? AND last > ? AND state = 'receipted'"
    )
    tx.run(
        "INSERT OR IGNORE INTO lost_receipts"
        f" (batch_digest, epoch, first, last, receipt, lost_at) {lost}",
        at,
        epoch,
        after,
    )
    tx.run("DELETE FROM outbox WHERE epoch = ? AND last > ?", epoch, after)


def lost_borders(
    tx: Transaction, epoch: int, *, first: int, last: int
) -> tuple[int, ...]:
    """Return where batches began that were lost last, within a range; its own first.

    What a district that lost a part still has of them, it has in these pieces.
    """
    touched = "FROM lost_receipts WHERE epoch = ? AND first <= ? AND last >= ?"
    rows = tx.rows(
        f"SELECT first, last {touched} AND lost_at ="
        f" (SELECT max(lost_at) {touched})",
        epoch, last, first, epoch, last, first,
    )  # fmt: skip
    begins = {first}
    for row in rows:
        begins |= {int(str(row[0])), int(str(row[1])) + 1}
    return tuple(sorted(each for each in begins if first <= each <= last))


def receipted_through(tx: Transaction, epoch: int) -> int:
    """Return the end of the gapless receipted part of an epoch; 0 where none is."""
    row = tx.row(
        "SELECT min(o.last) FROM outbox AS o WHERE o.epoch = ?"
        " AND o.state = 'receipted' AND NOT EXISTS (SELECT 1 FROM outbox AS n"
        " WHERE n.epoch = o.epoch AND n.state = 'receipted' AND n.first = o.last + 1)"
        " AND EXISTS (SELECT 1 FROM outbox AS f WHERE f.epoch = o.epoch"
        " AND f.state = 'receipted' AND f.first = 1)",
        epoch,
    )
    return int(str(row[0])) if row and row[0] is not None else 0


def after(tx: Transaction, *, epoch: int, sequence: int) -> tuple[int, int]:
    """Return how many entries come after a place, and how many of them are held."""
    later = (
        "SELECT count(*) FROM journal AS j WHERE (epoch > ? OR epoch = ?"
        " AND sequence > ?)"
    )
    held = (
        " AND EXISTS (SELECT 1 FROM outbox AS o WHERE o.state = 'receipted'"
        " AND o.epoch = j.epoch AND o.first <= j.sequence AND o.last >= j.sequence)"
    )
    there = (epoch, epoch, sequence)
    return _int(tx.row(later, *there)), _int(tx.row(later + held, *there))


def receipted_back_to(tx: Transaction, *, epoch: int, sequence: int, limit: int) -> int:
    """Return where the receipted entries that end at a sequence begin.

    At most `limit` of them are looked at; one more than `sequence` if there are none.
    """
    begin = sequence + 1
    while begin > 1 and sequence - begin + 1 < limit:
        row = tx.row(
            "SELECT first FROM outbox WHERE state = 'receipted' AND epoch = ?"
            " AND first < ? AND last >= ?",
            epoch,
            begin,
            begin - 1,
        )
        if row is None:
            break
        begin = int(str(row[0]))
    return max(begin, sequence - limit + 1)


def flying(tx: Transaction, epoch: int) -> int:
    """Return how many entries of an epoch are in a batch that waits."""
    row = tx.row(
        "SELECT coalesce(sum(last - first + 1), 0) FROM outbox"
        " WHERE epoch = ? AND state = 'waiting'",
        epoch,
    )
    return _int(row)


def waiting(tx: Transaction, epoch: int) -> tuple[int, int, str | None]:
    """Return entries not yet receipted, those of them in flight, the oldest's time."""
    done = "SELECT coalesce(sum(last - first + 1), 0) FROM outbox WHERE epoch = ?"
    flying = tx.row(f"{done} AND state = 'waiting'", epoch)
    settled = tx.row(f"{done} AND state = 'receipted'", epoch)
    # A journal is gapless, so its last sequence counts it without reading it all.
    total = tx.row("SELECT max(sequence) FROM journal WHERE epoch = ?", epoch)
    oldest = tx.row(
        "SELECT at FROM journal WHERE epoch = ? AND sequence > ?"
        " ORDER BY sequence LIMIT 1",
        epoch,
        receipted_through(tx, epoch),
    )
    return (
        max(0, _int(total) - _int(settled)),
        _int(flying),
        str(oldest[0]) if oldest else None,
    )


def _int(row: Row | None) -> int:
    return int(str(row[0])) if row and row[0] is not None else 0
