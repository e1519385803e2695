"""Owners, their vessels, certificates and agents, recalled from earlier cases."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import JsonValue

from desk_app.services.finding import looking
from desk_app.services.hands import Workplace
from desk_app.services.standing import local_day
from desk_app.services.steps import latest_application
from desk_app.store import cases, powers, vessels
from desk_app.store.vault import Transaction

SOON: Final = timedelta(days=90)
PARTICULARS: Final = frozenset(
    {
        "vessel_code", "port_of_registry", "vessel_kind", "loa_m", "gross_tonnage",
        "net_tonnage", "main_engine_power_kw", "main_engine_count",
        "main_engine_model_no", "hull_material", "moulded_breadth_m",
        "moulded_depth_m", "build_completed_on", "builder", "mmsi", "beidou_id",
        "call_sign",
    }
)  # fmt: skip
"""Fields that say what a vessel is."""
_NEVER: Final = "9999-12-31"


@dataclass(frozen=True, slots=True)
class VesselShown:
    """A vessel as last seen in a case."""

    name: str
    owner: str
    form: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class CertificateShown:
    """A certificate and the day it ends."""

    vessel: str
    certificate: str
    valid_until: date
    number: str
    ended: bool
    licence: str = ""


@dataclass(frozen=True, slots=True)
class AgentShown:
    """Somebody who may act for an applicant, by a paper that lies in a case."""

    owner: str
    name: str
    agent_id: str
    relation: str
    valid_until: date | None
    number: str
    ended: bool


def _shown(tx: Transaction, record: vessels.VesselRecord) -> VesselShown:
    case = cases.get(tx, record.number)
    form = latest_application(tx, case).form if case else {}
    return VesselShown(record.name, record.owner, dict(form))


def find_vessels(
    place: Workplace, text: str, *, limit: int = 20
) -> tuple[VesselShown, ...]:
    """Return vessels by a part of the name, or all of an owner's."""
    with looking(place) as tx:
        found = vessels.find(tx, text.strip(), limit=limit)
        return tuple(_shown(tx, each) for each in found)


def vessels_of(place: Workplace, owner: str) -> tuple[VesselShown, ...]:
    """Return an owner's vessels."""
    with looking(place) as tx:
        return tuple(_shown(tx, each) for each in vessels.of_owner(tx, owner))


def ending_soon(
    place: Workplace, *, vessel: str | None = None, owner: str | None = None
) -> tuple[CertificateShown, ...]:
    """Return certificates that ended or end within 90 days."""
    by = (local_day(place.hands.now()) + SOON).isoformat()
    return _certificates(place, by=by, vessel=vessel, owner=owner)


def certificates_of(
    place: Workplace, *, vessel: str | None = None, owner: str | None = None
) -> tuple[CertificateShown, ...]:
    """Return every certificate of a vessel or an owner whose end is known."""
    return _certificates(place, by=_NEVER, vessel=vessel, owner=owner)


def _certificates(
    place: Workplace, *, by: str, vessel: str | None, owner: str | None
) -> tuple[CertificateShown, ...]:
    today = local_day(place.hands.now())
    with looking(place) as tx:
        found = vessels.ending(tx, by=by, vessel=vessel, owner=owner)
    return tuple(
        CertificateShown(
            each.vessel, each.certificate, day, each.number, ended=day < today,
            licence=each.licence,
        )
        for each in found
        if (day := date.fromisoformat(each.valid_until or _NEVER))
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def agents_of(place: Workplace, owner: str) -> tuple[AgentShown, ...]:
    """Return who may act for an applicant, the last used first."""
    with looking(place) as tx:
        found = powers.of_owner(tx, owner)
    return tuple(_agent(place, each) for each in found)


def acts_for(place: Workplace, agent_id: str) -> tuple[AgentShown, ...]:
    """Return whom somebody may act for."""
    with looking(place) as tx:
        found = powers.of_agent(tx, agent_id.strip().upper())
    return tuple(_agent(place, each) for each in found)


def _agent(place: Workplace, kept: powers.PowerRecord) -> AgentShown:
    today = local_day(place.hands.now())
    return AgentShown(
        kept.owner, kept.agent_name, kept.agent_id, kept.relation,
        _day(kept.valid_until), kept.number,
        ended=not kept.holds_on(today.isoformat()),
    )  # fmt: skip


def answers_from(vessel: VesselShown, names: frozenset[str]) -> dict[str, JsonValue]:
    """Return what a vessel is by its earlier answers, where another form asks it too.

    Only what stays with the hull: what was said of one voyage, one certificate or one
    occasion is asked each time.
    """
    asked = names & PARTICULARS
    return {name: value for name, value in vessel.form.items() if name in asked}
