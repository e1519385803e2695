"""A number on two papers: the district's case keeps it, the other gets a new one.

Rule 1: the number stays valid on both papers; a task says so until the applicant whose
        case has the new one was told.
"""

from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.store import audit, incidents, numbers, pages, returned
from desk_app.store.vault import Transaction
from desk_app.text.words import CHINA
from schemas.base import utc_text
from schemas.problems import Code, Problem


def renumber(place: Workplace, tx: Transaction, old: str) -> str:
    """Give a case whose paper bears a number another one; a task says so."""
    now = place.hands.now()
    town, terminal = require_setting(tx, "town"), require_setting(tx, "terminal")
    day = now.astimezone(CHINA).date()
    new = numbers.take(tx, town=town, terminal=terminal, day=day)
    renumbered(place, tx, old, new)
    return new


def renumbered(place: Workplace, tx: Transaction, old: str, new: str) -> None:
    """Note that a case bears another number than its paper, and move its scans."""
    pages.move(tx, old, new)
    recalled(place, tx, old, new)


def recalled(place: Workplace, tx: Transaction, old: str, new: str) -> None:
    """Note, unless it is known, that the paper of a case says another number."""
    now = place.hands.now()
    if not returned.renumber(tx, old=old, new=new, at=utc_text(now)):
        return
    incidents.add(tx, "number_on_two_papers", {"old": old, "new": new}, now=now)
    audit.note(tx, "renumbered", f"{old} {new}", operator=None, now=now)


def told(place: Workplace, new_number: str) -> None:
    """Note that an applicant knows the new number; `Problem(CASE_UNKNOWN)`."""
    now = place.hands.now()
    with place.vault.write() as tx:
        done = returned.told(tx, new_number, by=place.operator, at=utc_text(now))
        if not done:
            raise Problem(Code.CASE_UNKNOWN, number=new_number)
        who = place.operator
        audit.note(tx, "renumbering_told", new_number, operator=who, now=now)
