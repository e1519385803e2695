"""How safe a desk is from the loss of its machine, and what befell it."""

from dataclasses import dataclass
from datetime import datetime

from desk_app.config.places import Places
from desk_app.services import backing, freezing, healing
from desk_app.services.hands import Workplace
from desk_app.store import audit, backups, incidents, returned, settings
from desk_app.store.incidents import IncidentRecord
from desk_app.store.returned import Renumbered

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Continuity:
    """Backups and drills, what happened and who must act; ready to show."""

    folder: str
    prepared: bool
    last_backup_at: datetime | None
    last_drill_at: datetime | None
    last_drill_s: float
    frozen: str | None
    """Why no number is given: restored, healing, cloned; None where they are."""
    frozen_until: str | None
    cloned: bool
    unseen: tuple[IncidentRecord, ...]
    shared_numbers: tuple[Renumbered, ...]


def continuity(place: Workplace, places: Places) -> Continuity:
    """Return how it stands now."""
    now = place.hands.now()
    folder = str(backing.folder_of(place, places))
    made = backing.list_backups(place, limit=1)
    with place.vault.read() as tx:
        drill = backups.last_drill(tx, good=True)
        frozen = freezing.frozen_in(tx, now=now)
        return Continuity(
            folder=folder,
            prepared=settings.get(tx, "recovery_public") is not None,
            last_backup_at=made[0].made_at if made else None,
            last_drill_at=datetime.fromisoformat(drill.at) if drill else None,
            last_drill_s=drill.took_ms / 1000 if drill else 0.0,
            frozen=frozen.why if frozen else None,
            frozen_until=frozen.until_after if frozen else None,
            cloned=bool(settings.get(tx, "cloned_at")),
            unseen=incidents.listed(tx, unseen_only=True, limit=_SHOWN),
            shared_numbers=returned.renumberings(tx, open_only=True),
        )


def healing_under_way(place: Workplace) -> bool:
    """Say whether entries are still to come back from the district."""
    with place.vault.read() as tx:
        return healing.state_in(tx) is not None


def incident_seen(place: Workplace, incident: int) -> None:
    """Note that somebody has read what happened."""
    now = place.hands.now()
    with place.vault.write() as tx:
        if incidents.seen(tx, incident, by=place.operator, now=now):
            who = place.operator
            audit.note(tx, "incident_seen", str(incident), operator=who, now=now)
