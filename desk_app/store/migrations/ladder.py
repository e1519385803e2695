"""The ladder: every rung of the vault in order, by name, with its SQL."""

from typing import Final

from desk_app.store.migrations import (
    m0001_first,
    m0002_registers,
    m0003_first_letters,
    m0004_quarantine,
    m0005_scans,
    m0006_days,
    m0007_continuity,
    m0008_publications,
    m0009_refusals,
    m0010_found_later,
    m0011_fewer_pages,
    m0012_packed,
)

RUNGS: Final[dict[str, str]] = {
    "m0001": m0001_first.statements(),
    "m0002": m0002_registers.STATEMENTS,
    "m0003": m0003_first_letters.STATEMENTS,
    "m0004": m0004_quarantine.STATEMENTS,
    "m0005": m0005_scans.statements(),
    "m0006": m0006_days.statements(),
    "m0007": m0007_continuity.statements(),
    "m0008": m0008_publications.statements(),
    "m0009": m0009_refusals.STATEMENTS,
    "m0010": m0010_found_later.STATEMENTS,
    "m0011": m0011_fewer_pages.STATEMENTS,
    "m0012": m0012_packed.STATEMENTS,
}
