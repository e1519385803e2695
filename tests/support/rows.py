"""Rows for the tests of the vault's modules: only what a test is about is said."""

from collections.abc import Iterator
from contextlib import contextmanager

from desk_app.store import cases, journal
from desk_app.store.cases import CaseRecord
from desk_app.store.journal import KeptEntry, Label
from desk_app.store.vault import Transaction, Vault

DAY = "2026-11-23"
AT = "2026-11-23T04:00:00.000Z"


class _Undone(Exception):  # noqa: N818 - not an error: it rolls a test's rows back
    """The test is over."""


@contextmanager
def undone(vault: Vault) -> Iterator[Transaction]:
    """Write in a vault; at the end nothing was written."""
    try:
        with vault.write() as under_way:
            yield under_way
            raise _Undone
    except _Undone:
        pass


def a_number(serial: int, *, terminal: str = "01") -> str:
    """Return something that is written like a case number, without its check."""
    return f"350305107-{terminal}-20261123-{serial:04d}-0"


def entries(
    tx: Transaction, count: int, *, epoch: int = 1, number: str | None = None,
    kind: str = "case_received",
) -> None:  # fmt: skip
    """Append entries to an epoch's journal: the bytes of the n-th are `epoch/n`."""
    last = journal.head(tx, epoch)
    first = last.sequence + 1 if last else 1
    for sequence in range(first, first + count):
        raw, chain = f"{epoch}/{sequence}".encode(), f"chain {epoch}/{sequence}"
        kept = KeptEntry(epoch, sequence, raw, chain)
        journal.append(tx, kept, Label(AT, kind, number))


def a_case(
    tx: Transaction, number: str, *, words: str | None = "林海 海生 生",
    **said: str | int | None,
) -> CaseRecord:  # fmt: skip
    """Add a case with the words of its applicant's name; returns its record."""
    plain: dict[str, str | int | None] = {
        "number": number, "item_code": "HY01-02", "applicant_name": "林海生",
        "identity": "35030519700101001X", "phone": "13905941234", "received_at": AT,
        "received_day": DAY, "state": "received", "revision": 0, "last_epoch": 1,
        "last_sequence": 1,
    }  # fmt: skip
    record = CaseRecord(**{**plain, **said})  # type: ignore[arg-type]
    cases.add(tx, record, words=words)
    return record
