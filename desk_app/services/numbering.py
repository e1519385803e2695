"""Numbers that no case bears, and spoiled blank forms: each with its reason."""

from dataclasses import dataclass
from typing import Final, Literal

from desk_app.services import freezing, journalling
from desk_app.services.hands import Workplace
from desk_app.store import audit, blanks, numbers, settings
from desk_app.text.words import CHINA
from schemas.case import NumberVoided
from schemas.problems import Code, Problem

_SHOWN = 50
Because = Literal["void", "test", "paper"]
BECAUSE: Final[tuple[Because, ...]] = ("void", "test", "paper")


@dataclass(frozen=True, slots=True)
class Voids:
    """(number, reason) of voided numbers and of spoiled blanks; blanks still out."""

    numbers: tuple[tuple[str, str], ...]
    blanks: tuple[tuple[str, str], ...]
    blanks_out: tuple[str, ...]


def void_next_number(place: Workplace, reason: str, because: Because = "void") -> str:
    """Take the day's next number and void it; returns it.

    For a number that went out on paper without a case (a test print, a slip written by
    hand): the day's serials stay gapless, and the day's statement explains the gap. A
    case's own number is never voided: withdraw or close the case.
    `Problem(REASON_MISSING)`, `NOT_ENROLLED`.
    """
    reason = _said(reason)
    now = place.hands.now()
    with place.vault.write() as tx:
        terminal, town = settings.get(tx, "terminal"), settings.get(tx, "town")
        if terminal is None or town is None:
            raise Problem(Code.NOT_ENROLLED)
        freezing.require_numbers(tx, now=now)
        day = now.astimezone(CHINA).date()
        number = numbers.take(tx, town=town, terminal=terminal, day=day, voided=reason)
        body = NumberVoided(
            number=number, reason=reason, voided_at=now, because=because
        )
        journalling.append(tx, place, body, number=number)
        audit.note(tx, "number_voided", number, operator=place.operator, now=now)
    return number


def void_blank(place: Workplace, control: str, reason: str) -> None:
    """Note that a blank form was spoiled; `Problem(BLANK_UNKNOWN)`, REASON_MISSING."""
    reason = _said(reason)
    control = control.strip().upper()
    with place.vault.write() as tx:
        if not blanks.void(tx, control, reason):
            raise Problem(Code.BLANK_UNKNOWN, control=control)
        audit.note(
            tx, "blank_voided", control, operator=place.operator,
            now=place.hands.now(),
        )  # fmt: skip


def voids(place: Workplace) -> Voids:
    """Return what was voided, the newest first, and the blanks that are still out."""
    with place.vault.read() as tx:
        return Voids(
            numbers.voided(tx, limit=_SHOWN),
            blanks.voided(tx, limit=_SHOWN),
            blanks.open_ones(tx),
        )


def _said(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < 2:  # noqa: PLR2004 - a word
        raise Problem(Code.REASON_MISSING)
    return reason
