"""The catalogue and calendars in use: the newest loaded, else what was shipped."""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from pydantic import ValidationError

from desk_app.services.hands import Workplace
from desk_app.store import audit, texts
from desk_app.store.vault import Transaction
from desk_app.text.shape_words import shape_place, shape_words
from desk_app.text.words import Words
from schemas.base import utc_text
from schemas.calendars import Holidays, WorkingCalendar
from schemas.catalogue import Edition
from schemas.editions import rule_faults
from schemas.problems import Code, Problem

_SHIPPED = {
    "edition": "edition-1.json",
    "holidays": "holidays.json",
    "closed_seasons": "closed_seasons.json",
}


@dataclass(frozen=True, slots=True)
class EditionFault:
    """One fault of an edition: where, and what is wrong with it, in words."""

    place: str
    what: str


@cache
def shipped(kind: str) -> str:
    """Return the text of a document that came with the program."""
    return files("assets").joinpath("catalogue", _SHIPPED[kind]).read_text("utf-8")


def current_edition(place: Workplace) -> Edition:
    """Return the edition in use."""
    return in_use(place)[0]


def current_calendar(place: Workplace) -> WorkingCalendar:
    """Return the working calendar in use."""
    return in_use(place)[1]


def edition_of(place: Workplace, number: int) -> Edition:
    """Return the edition that a case was taken under: its law stays that of its day.

    The one in use where it is not here (a case of a desk that was joined to this one).
    """
    with place.vault.read() as tx:
        return edition_in(tx, number)


def edition_in(tx: Transaction, number: int) -> Edition:
    """Return an edition, within a transaction that is under way."""
    current = in_use_in(tx)[0]
    if current.edition == number:
        return current
    kept = texts.edition(tx, "edition", number)
    if kept is not None:
        return _edition(kept)
    first = _edition(shipped("edition"))
    return first if first.edition == number else current


def in_use(place: Workplace) -> tuple[Edition, WorkingCalendar]:
    """Return edition and calendar."""
    with place.vault.read() as tx:
        return in_use_in(tx)


def in_use_in(tx: Transaction) -> tuple[Edition, WorkingCalendar]:
    """Return edition and calendar, within a transaction that is under way."""
    stamp = texts.stamp(tx)
    known = _in_use.get(stamp)
    if known is None:
        edition, holidays = texts.newest(tx, "edition"), texts.newest(tx, "holidays")
        known = (
            _edition(edition[1] if edition else shipped("edition")),
            _calendar(holidays[1] if holidays else shipped("holidays")),
        )
        if len(_in_use) >= _KEPT_IN_USE:
            _in_use.clear()
        _in_use[stamp] = known
    return known


# What each open vault uses, so that a save does not read half a megabyte again.
_KEPT_IN_USE = 4
_in_use: dict[tuple[str, ...], tuple[Edition, WorkingCalendar]] = {}


# Reading 62 items takes ten times as long as saving a case: once a text is enough.
@lru_cache(maxsize=4)
def _edition(text: str) -> Edition:
    return Edition.model_validate_json(text)


@lru_cache(maxsize=2)
def _calendar(text: str) -> WorkingCalendar:
    return WorkingCalendar(Holidays.model_validate_json(text))


def faults_of(text: str, *, current: Edition) -> tuple[EditionFault, ...]:
    """Return everything that keeps an edition from replacing the current one."""
    try:
        edition = Edition.model_validate_json(text)
    except ValidationError as error:
        return tuple(
            EditionFault(shape_place(each), shape_words(each))
            for each in error.errors()
        )
    words = Words("desk")
    return tuple(
        EditionFault(each.place, words(f"catalogue.{each.kind}", name=each.name))
        for each in rule_faults(edition, current=current)
    )


def load_edition(place: Workplace, text: str) -> tuple[EditionFault, ...]:
    """Put a newer edition into use, or return its faults and change nothing.

    `Problem(EDITION_NOT_NEWER)` for an edition that is not above the current one.
    """
    current = current_edition(place)
    faults = faults_of(text, current=current)
    if faults:
        return faults
    edition = Edition.model_validate_json(text)
    if edition.edition <= current.edition:
        raise Problem(
            Code.EDITION_NOT_NEWER, edition=edition.edition, current=current.edition
        )
    with place.vault.write() as tx:
        now = place.hands.now()
        texts.keep(tx, "edition", edition.edition, text, at=utc_text(now))
        who, subject = place.operator, str(edition.edition)
        audit.note(tx, "edition_loaded", subject, operator=who, now=now)
    return ()
