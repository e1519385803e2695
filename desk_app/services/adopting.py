"""Take over what a refused copy has and the district does not (P8).

The copy's vault is only read. A machine that was refused is set up and enrolled anew;
then each act of the copy that nobody has signed for is written down here, under the new
device: cases get numbers of this desk and say which number is on the paper.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.config.places import Places
from desk_app.services import journalling, listing, pending, renumbering
from desk_app.services.access import require_supervisor
from desk_app.services.hands import Workplace
from desk_app.services.refiling import rebuild
from desk_app.store import audit, incidents, journal, pages, settings
from desk_app.store.keyslots import Keyslots
from desk_app.store.vault import Transaction, Vault
from schemas.base import utc_text
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem

if TYPE_CHECKING:
    from schemas.encoding import JsonObject


# Its own bookkeeping: numbers of another terminal, and scans, which are listed anew.
_ITS_OWN = frozenset({"number_voided", "scans_listed", "answer_reported"})


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was taken over: new numbers by those on paper, and what was not for us.

    `left` counts steps in cases that the other machine has: they are offered all the
    same, and the district sets them aside for people.
    """

    numbers: dict[str, str]
    left: int


@dataclass(frozen=True)
class _Copy:
    entries: tuple[JournalEntry, ...]
    scans: tuple[tuple[pages.PageRecord, str, bytes], ...]


def adopt(place: Workplace, home: Path, *, login: str, passphrase: str) -> Adopted:
    """Take over from the copy in a folder, opened by its own operator; once each act.

    `Problem(NOT_ENROLLED)` before this desk has its terminal; `PASSPHRASE_WRONG`.
    """
    require_supervisor(place)
    copy = _read(place, Places(home), login, passphrase)
    now = place.hands.now()
    numbers: dict[str, str] = {}
    left = 0
    with place.vault.write() as tx:
        journalling.require_setting(tx, "terminal")
        for entry in copy.entries:
            act = f"adopted_{journalling.original_id(entry)}"
            if settings.get(tx, act):
                continue
            settings.put(tx, act, utc_text(now))
            left += _take(place, tx, entry, numbers)
        for page, media_type, content in copy.scans:
            if page.subject in numbers:
                pages.keep(tx, page.digest, media_type, content)
                pages.add(tx, replace(page, subject=numbers[page.subject]))
        for number in numbers.values():
            rebuild(place, tx, number)
            listing.list_scans(tx, place, number)
        if numbers or left:
            detail = {"cases": str(len(numbers)), "left": str(left)}
            incidents.add(tx, "adopted", detail, now=now)
        who = place.operator
        audit.note(tx, "adopted", str(len(numbers)), operator=who, now=now)
    return Adopted(numbers, left)


def _read(place: Workplace, places: Places, login: str, passphrase: str) -> _Copy:
    if not places.vault.is_file():
        raise Problem(Code.FILE_NOT_READABLE, file=str(places.home))
    slots = Keyslots(places.keyslots, dice=place.hands.random_bytes)
    vault = Vault(places.vault, slots.unlock(login, passphrase).key)
    try:
        with vault.read() as tx:
            present = int(journalling.require_setting(tx, "epoch"))
            found: list[JournalEntry] = []
            for epoch in range(1, present + 1):
                held = pending.held_through(tx, epoch)
                kept = journal.between(tx, epoch=epoch, sequence=held, before=epoch + 1)
                found += [JournalEntry.model_validate_json(e.entry) for e in kept]
            numbers = {_number(entry) for entry in found} - {""}
            scans = [
                (page, *content)
                for number in sorted(numbers)
                for page in pages.of_subject(tx, number)
                if (content := pages.content(tx, page.digest)) is not None
            ]
    finally:
        vault.close()
    return _Copy(tuple(found), tuple(scans))


def _number(entry: JournalEntry) -> str:
    number = getattr(entry.body, "number", "")
    return number if isinstance(number, str) else ""


def _take(
    place: Workplace, tx: Transaction, entry: JournalEntry, numbers: dict[str, str]
) -> int:
    body: JsonObject = entry.body.model_dump(mode="json")
    old = _number(entry)
    if not old or entry.body.kind in _ITS_OWN:
        return 0
    if entry.body.kind == "case_received":
        numbers[old] = renumbering.renumber(place, tx, old)
        body["paper_number"] = old
    new = numbers.get(old, old)
    body["number"] = new
    journalling.append_again(tx, place, body, number=new, was=entry)
    return int(old not in numbers)
