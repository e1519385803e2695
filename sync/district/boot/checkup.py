"""Check every part of a district; each finding's words say how to mend it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.problems import Problem
from sync.district.boot.district import District
from sync.district.config.keyring import ReceiptRing
from sync.district.config.tls import certificate_ends
from sync.seal.enrolment import charter_is_genuine

_SOON: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at (a key of the text table), and what was found."""

    what: str
    ok: bool
    detail: str = ""


def _is_there(key: Callable[[], object]) -> bool:
    try:
        key()
    except Problem:
        return False
    return True


def check_up(district: District, *, now: datetime) -> tuple[Finding, ...]:
    """Return one finding a part, in the order in which they depend on each other."""
    charter, places = district.charter, district.places
    own = {
        "charter": charter_is_genuine(charter),
        "receipt_key": _is_there(ReceiptRing(places).current),
        "opening_key": _is_there(lambda: district.keys.opening),
        "answers_key": _is_there(lambda: district.keys.answers),
    }
    ends = certificate_ends((places.intake / "server.pem").read_text("ascii"))
    damaged = district.sealed.damage() + district.record.damage()
    broken = district.record.broken_chains()
    unopened = len(district.sealed.unopened())
    pending = sum(each.state == "pending" for each in district.sealed.devices())
    aside = len(district.record.quarantined())
    return (
        *(Finding(what, ok) for what, ok in own.items()),
        Finding("certificate", ends - now > _SOON, ends.date().isoformat()),
        Finding("databases", not damaged, "; ".join(damaged[:3])),
        Finding("chains", not broken, "; ".join(map(str, broken[:3]))),
        Finding("unopened", unopened == 0, str(unopened)),
        Finding("pending", pending == 0, str(pending)),
        Finding("quarantined", aside == 0, str(aside)),
    )
