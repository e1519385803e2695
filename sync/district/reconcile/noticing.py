"""What is found while an entry is filed: a finding that names it, for people."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from schemas.journal import JournalEntry
from schemas.statement import CHINA_TIME
from sync.district.ledger.findings import Finding, keep_findings
from sync.district.reconcile.comparing import Said


def found_in(
    entry: JournalEntry, kind: str, moment: datetime, /, *, number: str = "",
    **detail: str | None,
) -> Finding:  # fmt: skip
    """Return a finding of the day (China's) that a moment lies in; of no closing."""
    return Finding(
        device=entry.device,
        day=moment.astimezone(CHINA_TIME).date().isoformat(),
        closing="",
        kind=kind,
        epoch=entry.epoch,
        sequence=entry.sequence,
        number=number,
        detail=json.dumps(detail),
    )


def noticed(said: Said, found: Sequence[Finding], *, now: datetime) -> Said:
    """Return what follows from an entry, with what was found kept beside it."""

    def keep(connection: Connection) -> None:
        keep_findings(connection, found, now=now)
        if said.also is not None:
            said.also(connection)

    return Said(keep, said.feedback)
