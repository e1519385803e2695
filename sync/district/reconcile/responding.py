"""What desks say to what was given out: a notice seen, a command done.

Rule: an answer is kept once for each person at each desk, whatever is sent again.
"""

from sqlalchemy import Connection

from schemas.base import utc_text
from schemas.journal import JournalEntry
from schemas.publications import CommandDone, NoticeSeen
from sync.district.ledger.publications import Response, keep_response
from sync.district.reconcile.comparing import Said


def consider_response(entry: JournalEntry) -> Said | None:
    """Return what follows from an answer to a publication; None for any other entry."""
    body = entry.body
    if isinstance(body, NoticeSeen):
        outcome, problem = "seen", None
    elif isinstance(body, CommandDone):
        outcome, problem = body.outcome, body.problem
    else:
        return None
    said = Response(
        entry.device, body.position, entry.operator, outcome, problem,
        utc_text(entry.clocks.wall),
    )  # fmt: skip

    def also(connection: Connection) -> None:
        keep_response(connection, said)

    return Said(also)
