"""A desk as the district knows it, and how its row is read: at every request."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select

from schemas.encoding import base64_bytes
from sync.district.ledger.tables import devices, heard


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


ALL_DEVICES: Final[Select[Any]] = select(
    devices.c.device, devices.c.number, devices.c.state, devices.c.town,
    devices.c.terminal, devices.c.signing_key, devices.c.signing_key_id,
    devices.c.sealing_key, devices.c.desk_name, devices.c.reason, devices.c.asked_at,
    heard.c.at.label("last_contact_at"),
).outerjoin_from(devices, heard)  # fmt: skip
ONE_DEVICE: Final[Select[Any]] = ALL_DEVICES.where(
    devices.c.device == bindparam("device")
)
DEVICE_OF_KEY: Final[Select[Any]] = ALL_DEVICES.where(
    devices.c.signing_key_id == bindparam("key_id")
)


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
