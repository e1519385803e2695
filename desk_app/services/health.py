"""Check every part of the desk, and say how to mend what is not well."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from desk_app.services import catalogue, syncing
from desk_app.services.hands import Workplace
from desk_app.services.shown import Check
from desk_app.store import audit, journal, settings
from desk_app.text.words import CHINA, local_time
from schemas.problems import Code, Problem
from schemas.progress import Progress, nobody_watches, tell
from sync.protocol.chain import chain_next, chain_start
from sync.seal import suite1

_PAGE = 500
_CALENDAR_SOON: Final = timedelta(days=30)


def verify(
    place: Workplace, *, progress: Progress = nobody_watches
) -> tuple[Check, ...]:
    """Recompute what must hold: the file's pages, the journal's chain, the audit's.

    A part that cannot be read is a line that is not well; the others are looked at.
    `progress` is told how many entries of the journal were looked at;
    `Problem(STOPPED)` where it returns False.
    """

    def damage() -> str:
        return _first(place.vault.damage(progress=lambda _: progress(0)))

    def audit_broken_at() -> int | None:
        with place.vault.read() as tx:
            return audit.broken_at(tx)

    return (
        _looked("vault_pages", damage, Code.VAULT_DAMAGED),
        _looked("journal_chain", lambda: _at(_journal_broken_at(place, progress)),
                Code.CHAIN_BROKEN),
        _looked("audit_chain", lambda: _at(audit_broken_at()), Code.CHAIN_BROKEN),
    )  # fmt: skip


def _first(damage: list[str]) -> str:
    """Return the first line of the first three: a broken file says thousands."""
    return "; ".join(each.splitlines()[0] for each in damage[:3] if each)


def _at(position: object) -> str:
    return "" if position is None else f"#{position}"


def _looked(what: str, faults: Callable[[], str], code: Code) -> Check:
    try:
        found = faults()
    except Problem as problem:
        if problem.code is Code.STOPPED:
            raise
        found, code = f"[{int(problem.code)}]", problem.code
    return Check(what, not found, found, str(int(code)) if found else "")


def _journal_broken_at(place: Workplace, progress: Progress) -> str | None:
    """Return the first place (epoch.sequence) that does not follow, of any epoch."""
    with place.vault.read() as tx:
        device = settings.get(tx, "device") or ""
        present = int(settings.get(tx, "epoch") or 1)
    looked_at = 0
    for epoch in range(1, present + 1):
        chain, sequence = chain_start(suite1.digest, device, epoch), 0
        while page := _page_after(place, epoch, sequence):
            tell(progress, looked_at)
            for kept in page:
                chain = chain_next(suite1.digest, chain, kept.entry)
                if chain != kept.chain or kept.sequence != sequence + 1:
                    return f"{epoch}.{kept.sequence}"
                sequence = kept.sequence
            looked_at += len(page)
    return None


def _page_after(
    place: Workplace, epoch: int, sequence: int
) -> tuple[journal.KeptEntry, ...]:
    with place.vault.read() as tx:
        return journal.after(tx, epoch=epoch, sequence=sequence, limit=_PAGE)


def doctor(
    place: Workplace, *, progress: Progress = nobody_watches
) -> tuple[Check, ...]:
    """Check every part: the file, catalogue, calendar, enrolment, the line."""
    return (
        *verify(place, progress=progress),
        _looked_at("catalogue", lambda: _catalogue(place)),
        _looked_at("calendar", lambda: _calendar(place)),
        _looked_at("enrolment", lambda: _enrolment(place)),
        _looked_at("line", lambda: _line(place)),
        _looked_at("refused_batches", lambda: _refused(place)),
    )


def _looked_at(what: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Problem as problem:
        code = str(int(problem.code))
        return Check(what, ok=False, detail=f"[{code}]", mend=code)


def _catalogue(place: Workplace) -> Check:
    edition = catalogue.current_edition(place)
    detail = f"{edition.edition} ({len(edition.items)})"
    return Check("catalogue", ok=bool(edition.items), detail=detail)


def _calendar(place: Workplace) -> Check:
    today = place.hands.now().astimezone(CHINA).date()
    through = catalogue.current_calendar(place).holidays.complete_through
    # Worth knowing before it happens: the next year's calendar appears in November.
    soon = today + _CALENDAR_SOON > through
    mend = "calendar" if soon else ""
    return Check("calendar", today <= through, through.isoformat(), mend)


def _enrolment(place: Workplace) -> Check:
    with place.vault.read() as tx:
        terminal = settings.get(tx, "terminal")
    code = "" if terminal else str(int(Code.NOT_ENROLLED))
    return Check("enrolment", terminal is not None, terminal or "", code)


def _line(place: Workplace) -> Check:
    state = syncing.status(place)
    last = state.last_contact_at
    if state.last_problem is not None:
        code = str(int(state.last_problem))
        return Check("line", ok=False, detail=f"[{code}]", mend=code)
    return Check("line", ok=True, detail=local_time(last) if last else "-")


def _refused(place: Workplace) -> Check:
    state = syncing.status(place)
    count = len(state.refused) + state.quarantined
    mend = "refused_batches" if count else ""
    return Check("refused_batches", not count, str(count), mend)
