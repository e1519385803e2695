"""Which desks are silent, with how much, and what is at stake.

A desk says at each contact what waits and by when it will call again; who has not
called by then is silent. Open cases of the record that no contact moves on, too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.contact import Contact
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger

# Without a word of its own, a desk is expected once in a working day and its night.
USUAL: Final = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class DeskHeard:
    """A desk as it was last heard; times are texts as kept, None where unknown.

    `at_stake` is the earliest legal day that the desk named; `open_cases` counts what
    the record holds of it undecided.
    """

    device: str
    desk: str
    terminal: str
    state: str
    last_contact_at: str | None
    expected_by: str | None
    silent: bool
    overdue_h: int
    waiting: int
    attachment_bytes: int
    oldest_at: str | None
    at_stake: str | None
    open_cases: int
    verdict: str
    program: str


def silent_desks(
    sealed: SealedLedger, record: Record, *, now: datetime
) -> tuple[DeskHeard, ...]:
    """Return every granted desk, the longest silent first."""
    spoken = {each.contact.device: each for each in sealed.contacts.all()}
    open_cases = record.open_cases()
    heard = []
    for device in sealed.devices():
        if device.state != "granted":
            continue
        last = spoken.get(device.device)
        contact = last.contact if last else None
        at = last.at if last else device.last_contact_at
        expected = expected_by(contact, at)
        late = now - expected if expected else None
        backlog = contact.backlog if contact else None
        heard.append(
            DeskHeard(
                device=device.device,
                desk=device.desk_name,
                terminal=device.terminal or "",
                state=device.state,
                last_contact_at=at,
                expected_by=expected.isoformat() if expected else None,
                silent=late is None or late > timedelta(),
                overdue_h=max(0, int(late / timedelta(hours=1))) if late else 0,
                waiting=backlog.entries if backlog else 0,
                attachment_bytes=backlog.attachment_bytes if backlog else 0,
                oldest_at=backlog.oldest_at.isoformat()
                if backlog and backlog.oldest_at
                else None,
                at_stake=backlog.earliest_due if backlog else None,
                open_cases=open_cases.get(device.device, 0),
                verdict=last.verdict if last else "",
                program=contact.program if contact else "",
            )
        )
    return tuple(sorted(heard, key=lambda each: (-each.overdue_h, not each.silent)))


def expected_by(contact: Contact | None, last_at: str | None) -> datetime | None:
    """Return when a desk is to be heard again; None where it never was heard.

    The desk's own word counts from when it was heard: its clock may be wrong, so that
    the promised interval is added to the district's time.
    """
    if last_at is None:
        return None
    at = datetime.fromisoformat(last_at)
    if contact is None or contact.next_contact_by is None:
        return at + USUAL
    promised = contact.next_contact_by - contact.clocks.wall
    return at + max(timedelta(), promised)
