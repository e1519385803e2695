"""A desk as the district knows it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from schemas.encoding import base64_bytes


@dataclass(frozen=True, slots=True)
class Device:
    """A desk as the district knows it."""

    device: str
    number: int | None
    state: str
    town: str
    terminal: str | None
    signing_public: bytes
    sealing_public: bytes
    desk_name: str
    reason: str
    asked_at: str
    last_contact_at: str | None


def device_of_row(row: Row[Any]) -> Device:
    """Return the device of a row of the table."""
    return Device(
        device=row.device,
        number=row.number,
        state=row.state,
        town=row.town,
        terminal=row.terminal,
        signing_public=base64_bytes(row.signing_key),
        sealing_public=base64_bytes(row.sealing_key),
        desk_name=row.desk_name,
        reason=row.reason,
        asked_at=row.asked_at,
        last_contact_at=row.last_contact_at,
    )
