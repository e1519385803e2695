"""A desk's keys over time: the ones in force, the next ones, the former ones.

A next key comes into force with the first thing that it signs; the one before it is
believed up to there and no further, so that what was signed early and arrives late (on
a stick) still counts, and a stolen old key signs nothing new.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from schemas.base import utc_text
from schemas.encoding import base64_bytes
from schemas.problems import Code, Problem
from schemas.renewal import DeviceKeysRenewed
from sync.district.ledger.devices import (
    DEVICE_OF_KEY,
    ONE_DEVICE,
    Device,
    device_of_row,
)
from sync.district.ledger.tables import cut_offs, device_keys, devices
from sync.seal import suite1
from sync.seal.renewal import renewal_is_genuine

# Asked at every batch and contact: built once.
_NEXT_KEY: Final = select(device_keys).where(
    device_keys.c.key_id == bindparam("key_id"), device_keys.c.state == "next"
)
_NO_NEXT: Final = delete(device_keys).where(
    device_keys.c.device == bindparam("of"), device_keys.c.state == "next"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a device's journal."""

    epoch: int
    sequence: int


class DeviceKeys:
    """The part of the sealed database that knows by which key a desk signs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def offer(
        self, device: str, *, signing_key: str, sealing_key: str, now: datetime
    ) -> None:
        """Keep a desk's next keys; the same again changes nothing."""
        key_id = suite1.key_id(base64_bytes(signing_key))
        with self._engine.begin() as connection:
            if is_known(connection, key_id):
                return
            # Only the latest offer counts.
            connection.execute(_NO_NEXT, {"of": device})
            connection.execute(
                insert(device_keys).values(
                    key_id=key_id,
                    device=device,
                    state="next",
                    signing_key=signing_key,
                    sealing_key=sealing_key,
                    at=utc_text(now),
                )
            )

    def recall(self, device: str, renewed: DeviceKeysRenewed, *, now: datetime) -> bool:
        """Note a renewal that a desk is through with; returns whether it was one.

        It names the key in force, or a key of the desk vouches for it that is no more
        in force: what it names is a former key then, and was never heard of here.
        """
        former = select(device_keys.c.signing_key).where(
            device_keys.c.device == device, device_keys.c.state == "former"
        )
        with self._engine.begin() as connection:
            old = connection.execute(ONE_DEVICE, {"device": device}).one()
            if old.signing_key == renewed.signing_key:
                return True
            if not any(
                renewal_is_genuine(device, renewed, base64_bytes(each))
                for each in connection.execute(former).scalars()
            ):
                return False
            key_id = suite1.key_id(base64_bytes(renewed.signing_key))
            if not is_known(connection, key_id):
                connection.execute(
                    insert(device_keys).values(
                        key_id=key_id,
                        device=device,
                        state="former",
                        signing_key=renewed.signing_key,
                        sealing_key=renewed.sealing_key,
                        cut_epoch=0,
                        cut_sequence=0,
                        at=utc_text(now),
                    )
                )
        return True

    def signer(self, key_id: str, at: Place | None = None) -> Device | None:
        """Return the device whose signature this key makes, with that very key.

        None for an unknown key; `Problem(DEVICE_KEY_RETIRED)` for a former one, unless
        what it signed ends `at` a place up to which it is believed.
        """
        with self._engine.connect() as connection:
            row = connection.execute(DEVICE_OF_KEY, {"key_id": key_id}).first()
            if row is not None:
                return device_of_row(row)
            key = connection.execute(
                select(device_keys).where(device_keys.c.key_id == key_id)
            ).first()
            if key is None:
                return None
            row = connection.execute(ONE_DEVICE, {"device": key.device}).one()
        if key.state == "former" and not (
            at is not None
            and (at.epoch, at.sequence) <= (key.cut_epoch, key.cut_sequence)
        ):
            raise Problem(Code.DEVICE_KEY_RETIRED)
        return replace(device_of_row(row), signing_public=base64_bytes(key.signing_key))

    def public_of(self, device: str, key_id: str) -> bytes | None:
        """Return a signing key that a device has or had, or None."""
        now = select(devices.c.signing_key).where(
            devices.c.device == device, devices.c.signing_key_id == key_id
        )
        other = select(device_keys.c.signing_key).where(
            device_keys.c.device == device, device_keys.c.key_id == key_id
        )
        with self._engine.connect() as connection:
            found = connection.execute(now).scalar()
            found = found or connection.execute(other).scalar()
        return base64_bytes(found) if found else None

    def in_use(self, key_id: str, *, up_to: Place, now: datetime) -> None:
        """Bring a next key into force: it has signed; the old one ends at a place."""
        with self._engine.begin() as connection:
            key = connection.execute(_NEXT_KEY, {"key_id": key_id}).first()
            if key is None:
                return
            old = connection.execute(ONE_DEVICE, {"device": key.device}).one()
            put_into_force(
                connection, old, signing_key=key.signing_key,
                sealing_key=key.sealing_key, up_to=up_to, now=now,
            )  # fmt: skip

    def revoke(self, device: str, *, reason: str, up_to: Place | None) -> None:
        """Revoke a device; what it signed up to a place is still taken."""
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(devices)
                .where(devices.c.device == device)
                .values(state="revoked", reason=reason)
            )
            if not changed.rowcount:
                raise Problem(Code.DEVICE_NOT_FOUND, device=device)
            connection.execute(delete(cut_offs).where(cut_offs.c.device == device))
            if up_to is not None:
                connection.execute(
                    insert(cut_offs).values(
                        device=device, epoch=up_to.epoch, sequence=up_to.sequence
                    )
                )

    def cut_off(self, device: str) -> Place | None:
        """Return up to where a revoked device is believed, if anywhere."""
        query = select(cut_offs).where(cut_offs.c.device == device)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Place(row.epoch, row.sequence) if row else None


def is_known(connection: Connection, key_id: str) -> bool:
    """Say whether a signing key is, was or is to be some device's."""
    now = select(devices.c.device).where(devices.c.signing_key_id == key_id)
    other = select(device_keys.c.device).where(device_keys.c.key_id == key_id)
    return bool(connection.execute(now).first() or connection.execute(other).first())


def put_into_force(
    connection: Connection, old: Row[Any], *, signing_key: str, sealing_key: str,
    up_to: Place, now: datetime,
) -> None:  # fmt: skip
    """Let a device sign by other keys; those in its row `old` end at a place.

    There is no next key any more: it is in force now, or of a history that was lost.
    """
    connection.execute(_NO_NEXT, {"of": old.device})
    connection.execute(
        insert(device_keys).values(
            key_id=old.signing_key_id,
            device=old.device,
            state="former",
            signing_key=old.signing_key,
            sealing_key=old.sealing_key,
            cut_epoch=up_to.epoch,
            cut_sequence=up_to.sequence,
            at=utc_text(now),
        )
    )
    connection.execute(
        update(devices)
        .where(devices.c.device == old.device)
        .values(
            signing_key=signing_key,
            signing_key_id=suite1.key_id(base64_bytes(signing_key)),
            sealing_key=sealing_key,
        )
    )
