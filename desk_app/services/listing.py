"""Tell the district which scans a case has: one journal entry with all of them.

The list goes into the same transaction as the change. A later list replaces it; which
scans were there before stays in the journal.
"""

from desk_app.services import journalling
from desk_app.services.hands import Workplace
from desk_app.store import cases, pages, scans, settings
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.scans import ScanPage, ScansListed


def list_scans(tx: Transaction, place: Workplace, number: str) -> None:
    """Write down the scans of a case; of a draft nobody knows yet."""
    if cases.get(tx, number) is None or settings.get(tx, "device") is None:
        return
    found = []
    now = place.hands.now()
    for page in pages.of_subject(tx, number):
        media_type, size = pages.measure(tx, page.digest)
        scans.want(tx, page.digest, size=size, at=utc_text(now))
        found.append(
            ScanPage(
                material=page.material,
                position=page.position,
                digest=page.digest,
                size=size,
                media_type=media_type,
                turned=page.turned,
            )
        )
    if found:
        body = ScansListed(number=number, at=now, scans=tuple(found))
        journalling.append(tx, place, body, number=number)


def list_what_was_there(place: Workplace) -> int:
    """List the scans of cases taken before scans travelled; returns how many cases."""
    with place.vault.read() as tx:
        numbers = scans.unlisted_cases(tx)
    for number in numbers:
        with place.vault.write() as tx:
            list_scans(tx, place, number)
    return len(numbers)
