"""The hour's budget of bytes for scans: the supervisor's, within the district's."""

from datetime import datetime

from desk_app.services import access
from desk_app.services.hands import Workplace
from desk_app.store import audit, settings
from desk_app.store.vault import Transaction
from schemas.contact import Welcome
from schemas.problems import Code, Problem
from sync.protocol.budget import Budget, limit_of

_LIMIT, _SPENT = "scan_bytes_per_hour", "line_budget"
_LARGEST = 2**40


def spend(tx: Transaction, size: int, *, now: datetime) -> None:
    """Count what the line has carried."""
    if size:
        budget = Budget.from_text(settings.get(tx, _SPENT)).after(size, now=now)
        settings.put(tx, _SPENT, budget.to_text())


def allows_scans(tx: Transaction, *, now: datetime) -> bool:
    """Say whether one more piece of a scan may begin in this hour."""
    budget = Budget.from_text(settings.get(tx, _SPENT))
    return budget.allows(_limit(tx), now=now)


def _limit(tx: Transaction) -> int | None:
    said = settings.get(tx, "welcome")
    district = (
        Welcome.model_validate_json(said).allowance.bytes_per_hour if said else None
    )
    return limit_of(int(settings.get(tx, _LIMIT) or 0), district)


def own_limit(place: Workplace) -> int:
    """Return what the supervisor set, in bytes an hour; 0 is no limit."""
    with place.vault.read() as tx:
        return int(settings.get(tx, _LIMIT) or 0)


def limit_in_force(place: Workplace) -> int | None:
    """Return the smaller of the supervisor's and the district's limit, if any."""
    with place.vault.read() as tx:
        return _limit(tx)


def set_limit(place: Workplace, size: int) -> None:
    """Set the bytes an hour for scans; supervisors only, audited."""
    access.require_supervisor(place)
    if not 0 <= size <= _LARGEST:
        raise Problem(Code.LIMIT_OUT_OF_RANGE, name=_LIMIT)
    with place.vault.write() as tx:
        settings.put(tx, _LIMIT, str(size))
        audit.note(
            tx, "preference_set", _LIMIT, operator=place.operator,
            now=place.hands.now(),
        )  # fmt: skip
