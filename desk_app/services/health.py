"""Check every part of the desk, and say how to mend what is not well."""

from desk_app.services import catalogue, syncing
from desk_app.services.hands import Workplace
from desk_app.services.shown import Check
from desk_app.store import audit, journal, settings
from schemas.problems import Code
from sync.protocol.chain import chain_next, chain_start
from sync.seal import suite1

_PAGE = 500


def verify(place: Workplace) -> tuple[Check, ...]:
    """Recompute what must hold: the file's pages, the journal's chain, the audit's."""
    damage = place.vault.damage()
    with place.vault.read() as tx:
        audit_broken = audit.broken_at(tx)
    broken = _journal_broken_at(place)
    return (
        _check("vault_pages", not damage, "; ".join(damage[:3]), Code.VAULT_DAMAGED),
        _check("journal_chain", broken is None, _at(broken), Code.CHAIN_BROKEN),
        _check(
            "audit_chain", audit_broken is None, _at(audit_broken), Code.CHAIN_BROKEN
        ),
    )


def _at(position: int | None) -> str:
    return "" if position is None else f"#{position}"


def _check(what: str, ok: bool, detail: str, code: Code) -> Check:  # noqa: FBT001
    return Check(what, ok, detail, "" if ok else str(int(code)))


def _journal_broken_at(place: Workplace) -> int | None:
    with place.vault.read() as tx:
        device = settings.get(tx, "device") or ""
        epoch = int(settings.get(tx, "epoch") or 1)
    chain = chain_start(suite1.digest, device, epoch)
    sequence = 0
    while True:
        with place.vault.read() as tx:
            page = journal.after(tx, epoch=epoch, sequence=sequence, limit=_PAGE)
        if not page:
            return None
        for kept in page:
            chain = chain_next(suite1.digest, chain, kept.entry)
            if chain != kept.chain or kept.sequence != sequence + 1:
                return kept.sequence
            sequence = kept.sequence


def doctor(place: Workplace) -> tuple[Check, ...]:
    """Check every part: the file, the catalogue, the calendar, enrolment, the line."""
    from_vault = verify(place)
    with place.vault.read() as tx:
        enrolled = settings.get(tx, "terminal") is not None
    today = place.hands.now().date()
    calendar = catalogue.current_calendar(place).holidays
    known = today <= calendar.complete_through
    through = calendar.complete_through.isoformat()
    state = syncing.status(place)
    reached = state.last_problem is None
    line = "" if state.last_problem is None else str(int(state.last_problem))
    return (
        *from_vault,
        Check("enrolment", enrolled, "", "" if enrolled else "159"),
        Check("calendar", known, through, "" if known else "calendar"),
        Check("line", reached, line, line),
        Check("refused_batches", not state.refused, str(len(state.refused)), ""),
    )
