"""Check every part of a district; each finding's words say how to mend it."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from schemas.problems import Code, Problem
from sync.district.boot.district import District, open_district
from sync.district.config.keyring import ReceiptRing, read_charter
from sync.district.config.places import DistrictPlaces
from sync.district.config.tls import certificate_ends, refuse_broken_tls
from sync.seal.enrolment import charter_is_genuine

_SOON: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at (a key of the text table), and what was found."""

    what: str
    ok: bool
    detail: str = ""


def charter_findings(places: DistrictPlaces) -> tuple[Finding, ...]:
    """Return what keeps the charter from being read; `Problem(DISTRICT_NOT_SET_UP)`."""
    try:
        read_charter(places)
    except Problem as problem:
        if problem.code is Code.DISTRICT_NOT_SET_UP:
            raise
        return (
            Finding("charter", ok=False, detail=f"[{int(problem.code)}]"),
            *missing_files(places),
        )
    return ()


def missing_files(places: DistrictPlaces) -> tuple[Finding, ...]:
    """Return the files of a district that are not there, one finding each.

    Keys are looked for by the charter, which names the ones in force.
    """
    wanted = (
        places.charter, places.sealed, places.record,
        places.intake / "server.key", places.intake / "server.pem",
        places.reconcile / "ca.key",
    )  # fmt: skip
    return tuple(
        Finding("files", ok=False, detail=str(each.relative_to(places.home)))
        for each in wanted
        if not each.is_file()
    )


def check_up_at(home: Path | None, *, now: datetime) -> tuple[Finding, ...]:
    """Open a district and check it; a database that cannot be opened is a finding."""
    try:
        district = open_district(home)
    except Problem as problem:
        detail = f"[{int(problem.code)}] {problem.params.get('file', '')}"
        return (Finding("databases", ok=False, detail=detail),)
    try:
        return check_up(district, now=now)
    finally:
        district.sealed.close()
        district.record.close()


def check_up(district: District, *, now: datetime) -> tuple[Finding, ...]:
    """Return one finding a part, in the order in which they depend on each other."""
    charter, places, keys = district.charter, district.places, district.keys
    sealed, record = district.sealed, district.record
    open_to_others = [
        str(each.relative_to(places.home))
        for each in places.home.glob("*/*.key")
        if os.name == "posix" and each.stat().st_mode & 0o077
    ]
    return (
        _fact("charter", lambda: charter_is_genuine(charter)),
        _fact("receipt_key", lambda: bool(ReceiptRing(places).current())),
        _fact("opening_key", lambda: bool(keys.opening)),
        _fact("answers_key", lambda: bool(keys.answers)),
        Finding("private", not open_to_others, "; ".join(open_to_others)),
        _certificate(places, now=now),
        _none("databases", lambda: sealed.damage() + record.damage()),
        _none("chains", record.journals.broken),
        _count("unopened", lambda: len(sealed.unopened())),
        _count("pending",
               lambda: sum(each.state == "pending" for each in sealed.devices())),
        _count("quarantined", lambda: len(record.journals.quarantined())),
    )  # fmt: skip


def _looked(what: str, look: Callable[[], tuple[bool, str]]) -> Finding:
    """Turn a part that cannot even be looked at into a finding of its own."""
    try:
        ok, detail = look()
    except Problem as problem:
        return Finding(what, ok=False, detail=f"[{int(problem.code)}]")
    except (OSError, ValueError, SQLAlchemyError) as error:
        return Finding(what, ok=False, detail=type(error).__name__)
    return Finding(what, ok, detail)


def _fact(what: str, true: Callable[[], bool]) -> Finding:
    return _looked(what, lambda: (true(), ""))


def _none(what: str, found: Callable[[], Sequence[object]]) -> Finding:
    def look() -> tuple[bool, str]:
        broken = found()
        return not broken, "; ".join(map(str, broken[:3]))

    return _looked(what, look)


def _count(what: str, waiting: Callable[[], int]) -> Finding:
    def look() -> tuple[bool, str]:
        count = waiting()
        return count == 0, str(count)

    return _looked(what, look)


def _certificate(places: DistrictPlaces, *, now: datetime) -> Finding:
    def look() -> tuple[bool, str]:
        refuse_broken_tls(places)
        ends = certificate_ends((places.intake / "server.pem").read_text("ascii"))
        return ends - now > _SOON, ends.date().isoformat()

    return _looked("certificate", look)
