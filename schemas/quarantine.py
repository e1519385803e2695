"""Entries that will not go through: a stub in their place, and their second try.

A journal is gapless and chained. An entry that the district refuses even when it comes
alone must not hold up what follows it, and must not vanish (P3): a stub takes its
place, in a batch whose signed header says `withheld` and carries the chain heads around
it, so that the chain goes on. The entry itself stays in the desk's journal with a
reason and a task; offered again, it travels whole inside a new entry.
"""

from typing import Literal

from pydantic import Field

from schemas.base import Base64, Count, Digest, Kept, Ordinal


class EntryWithheld(Kept):
    """What a stub says of the entry whose place it takes: its batch's only line."""

    kind: Literal["entry_withheld"] = "entry_withheld"
    digest: Digest
    size: Count
    problem: int


class EntryOffered(Kept):
    """Journal body: an entry of an earlier place, whole, once more."""

    kind: Literal["entry_offered"] = "entry_offered"
    epoch: Ordinal
    sequence: Ordinal
    entry: Base64


class BatchUnreadable(Kept):
    """Feed body: a kept batch that does not open; its entries are to be offered again.

    The district has gone on after it: the signed header's chain heads bridge the gap,
    and say which history is asked for.
    """

    kind: Literal["batch_unreadable"] = "batch_unreadable"
    epoch: Ordinal
    first: Ordinal
    last: Ordinal
    problem: int
    reason: str = Field(min_length=1, max_length=500)
    chain_before: Digest | None = None
    chain_after: Digest | None = None
