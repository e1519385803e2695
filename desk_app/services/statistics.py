"""Day and month figures; each ties to a case list with the same filter."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from desk_app.services.catalogue import current_edition
from desk_app.services.hands import Workplace
from desk_app.store import cases
from schemas.case import CaseState


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cases of a span of local days, by day, item and state."""

    since: date
    until: date
    by_day: tuple[tuple[date, int], ...]
    by_item: tuple[tuple[str, str, int], ...]
    """Code, name, how many; the most frequent first."""
    by_state: tuple[tuple[CaseState, int], ...]

    @property
    def total(self) -> int:
        """How many in all: what the case list of the same days counts."""
        return sum(count for _, count in self.by_day)


def figures(place: Workplace, *, since: date, until: date) -> Figures:
    """Return the figures of a span of days, both included."""
    edition = current_edition(place)
    with place.vault.read() as tx:
        rows = cases.counts(tx, since=since.isoformat(), until=until.isoformat())
    days, items, states = Counter[str](), Counter[str](), Counter[str]()
    for day, item, state, count in rows:
        days[day] += count
        items[item] += count
        states[state] += count
    span = (until - since).days + 1
    every_day = [since + timedelta(days=n) for n in range(span)]
    names = {item.code: item.name for item in edition.items}
    return Figures(
        since,
        until,
        tuple((day, days[day.isoformat()]) for day in every_day),
        tuple((code, names.get(code, code), n) for code, n in items.most_common()),
        tuple((state, states[state]) for state in CaseState if states[state]),
    )
