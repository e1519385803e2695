"""Vessels and certificates as last seen in cases: whose they are, when they end."""

from dataclasses import dataclass

from desk_app.store.vault import Row, Transaction


@dataclass(frozen=True, slots=True)
class VesselRecord:
    """A vessel, and the case whose form says the latest about it."""

    name: str
    owner: str
    number: str
    used_at: str


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate of a vessel or an owner, and the case that it was last in."""

    vessel: str
    owner: str
    kind: str
    certificate: str
    valid_until: str | None
    number: str
    licence: str = ""


def remember(tx: Transaction, vessel: VesselRecord) -> None:
    """Keep a vessel's latest particulars."""
    tx.run(
        "INSERT INTO vessels (name, owner, number, used_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner,"
        " number = excluded.number, used_at = excluded.used_at",
        vessel.name,
        vessel.owner,
        vessel.number,
        vessel.used_at,
    )


def certify(tx: Transaction, certificate: CertificateRecord) -> None:
    """Keep a certificate's latest end."""
    tx.run(
        "INSERT INTO certificates"
        " (vessel, owner, kind, certificate, valid_until, number, licence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (vessel, owner, kind) DO UPDATE SET"
        " certificate = excluded.certificate, valid_until = excluded.valid_until,"
        " number = excluded.number, licence = excluded.licence",
        certificate.vessel,
        certificate.owner,
        certificate.kind,
        certificate.certificate,
        certificate.valid_until,
        certificate.number,
        certificate.licence,
    )


def find(tx: Transaction, text: str, *, limit: int) -> tuple[VesselRecord, ...]:
    """Return vessels whose name holds the text, or whose owner it is."""
    rows = tx.rows(
        "SELECT name, owner, number, used_at FROM vessels"
        " WHERE instr(name, ?) OR owner = ? ORDER BY used_at DESC LIMIT ?",
        text,
        text.upper(),
        limit,
    )
    return tuple(VesselRecord(*map(str, row)) for row in rows)


def of_owner(tx: Transaction, owner: str) -> tuple[VesselRecord, ...]:
    """Return an owner's vessels."""
    rows = tx.rows(
        "SELECT name, owner, number, used_at FROM vessels WHERE owner = ?"
        " ORDER BY name",
        owner,
    )
    return tuple(VesselRecord(*map(str, row)) for row in rows)


def ending(
    tx: Transaction, *, by: str, vessel: str | None = None, owner: str | None = None
) -> tuple[CertificateRecord, ...]:
    """Return certificates that end on or before a day, the nearest first."""
    rows = tx.rows(
        "SELECT vessel, owner, kind, certificate, valid_until, number, licence"
        " FROM certificates WHERE valid_until <= ?"
        " AND (? IS NULL OR vessel = ?) AND (? IS NULL OR owner = ?)"
        " ORDER BY valid_until LIMIT 200",
        by,
        vessel,
        vessel,
        owner,
        owner,
    )
    return tuple(map(_certificate, rows))


def _certificate(row: Row) -> CertificateRecord:
    return CertificateRecord(
        vessel=str(row[0]),
        owner=str(row[1]),
        kind=str(row[2]),
        certificate=str(row[3]),
        valid_until=None if row[4] is None else str(row[4]),
        number=str(row[5]),
        licence=str(row[6]),
    )
