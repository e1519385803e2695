"""Who may send: invitations, requests to be taken in, and what became of them.

Rule 1: an invitation lets in one desk; a terminal is one desk's for ever, for its
        numbers are on paper.
"""

from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, func, insert, select, text, update

from schemas.base import utc_text
from schemas.encoding import base64_bytes
from schemas.enrolment import EnrolmentRequest, GrantPackage
from schemas.problems import Code, Problem
from schemas.renewal import KeysRequest, Standing
from sync.district.ledger.device_keys import is_known
from sync.district.ledger.devices import (
    ALL_DEVICES,
    ONE_DEVICE,
    Device,
    device_of_row,
)
from sync.district.ledger.tables import devices, invitations, packages
from sync.seal import suite1


class _Asked(BaseModel):
    """What of a kept request is read again: an enrolment's, or a forgotten desk's."""

    program: str = ""
    standing: Standing | None = None


class Enrolments:
    """The devices in the sealed part of the ledger, and how they came in."""

    _engine: Engine

    def invite(
        self, digest: str, *, secret: str, town: str, expires_at: datetime
    ) -> None:
        """Keep a one-time invitation."""
        with self._engine.begin() as connection:
            connection.execute(
                insert(invitations).values(
                    digest=digest,
                    secret=secret,
                    town=town,
                    expires_at=utc_text(expires_at),
                )
            )

    def secret_of(self, digest: str, *, device: str, now: datetime) -> bytes:
        """Return an invitation's secret for a device; used by one device only."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(invitations).where(invitations.c.digest == digest)
            ).first()
        if row is None or row.used_by not in {None, device}:
            raise Problem(Code.ENROL_CODE_REFUSED)
        if row.used_by is None and row.expires_at < utc_text(now):
            raise Problem(Code.ENROL_CODE_EXPIRED)
        return base64_bytes(row.secret)

    def ask(self, request: EnrolmentRequest, *, now: datetime) -> None:
        """Keep a verified request; the same device again changes nothing."""
        with self._engine.begin() as connection:
            if _row(connection, request.device) is not None:
                return
            _keep(connection, request, request, now=now)
            connection.execute(
                update(invitations)
                .where(invitations.c.digest == request.invitation)
                .values(used_by=request.device)
            )

    def ask_again(
        self, request: KeysRequest, standing: Standing, *, now: datetime
    ) -> None:
        """Keep what a forgotten desk shows, as a request to be taken in.

        `Problem(SIGNATURE_INVALID)` for a key that is another desk's.
        """
        signing = base64_bytes(request.signing_key)
        with self._engine.begin() as connection:
            if is_known(connection, suite1.key_id(signing)):
                raise Problem(Code.SIGNATURE_INVALID)
            _keep(connection, request, standing, now=now)

    def device(self, device: str) -> Device | None:
        """Return one device."""
        with self._engine.connect() as connection:
            return _row(connection, device)

    def devices(self) -> tuple[Device, ...]:
        """Return every device, the latest first."""
        query = ALL_DEVICES.order_by(devices.c.asked_at.desc())
        with self._engine.connect() as connection:
            return tuple(device_of_row(row) for row in connection.execute(query))

    def grant(
        self, device: str, terminal: str, package_for: Callable[[int], GrantPackage]
    ) -> GrantPackage:
        """Give a device its number and terminal, and keep the package.

        `Problem(TERMINAL_TAKEN)` when another desk of the town has the terminal.
        """
        with self._engine.connect() as connection:
            connection.execute(text("BEGIN IMMEDIATE"))
            asked = _row(connection, device)
            if asked is None or asked.state != "pending":
                raise Problem(Code.DEVICE_NOT_FOUND, device=device)
            # A revoked desk's numbers exist on paper: its terminal is never reused.
            taken = connection.execute(
                select(devices.c.device).where(
                    devices.c.town == asked.town, devices.c.terminal == terminal
                )
            ).first()
            if taken is not None:
                raise Problem(Code.TERMINAL_TAKEN, terminal=terminal)
            newest = connection.execute(select(func.max(devices.c.number))).scalar()
            number = (newest or 0) + 1
            package = package_for(number)
            connection.execute(
                update(devices)
                .where(devices.c.device == device)
                .values(number=number, terminal=terminal, state="granted")
            )
            connection.execute(
                insert(packages).values(
                    device=device, package=package.model_dump_json()
                )
            )
            connection.commit()
            return package

    def program_of(self, device: str) -> str:
        """Return the program that a desk asked to be taken in with; "" for none."""
        asked = self._asked(device)
        return asked.standing.program if asked.standing else asked.program

    def had_terminal(self, device: str) -> str | None:
        """Return the terminal that a desk proved it had; None for a new one."""
        standing = self._asked(device).standing
        return standing.terminal if standing else None

    def _asked(self, device: str) -> "_Asked":
        query = select(devices.c.request).where(devices.c.device == device)
        with self._engine.connect() as connection:
            kept = connection.execute(query).scalar()
        return _Asked.model_validate_json(kept) if kept else _Asked()

    def package(self, device: str) -> GrantPackage | None:
        """Return the grant of a device, if it has one."""
        query = select(packages.c.package).where(packages.c.device == device)
        with self._engine.connect() as connection:
            kept = connection.execute(query).scalar()
        return GrantPackage.model_validate_json(kept) if kept else None

    def set_state(self, device: str, state: str, *, reason: str) -> None:
        """Refuse or revoke a device, with the reason."""
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(devices)
                .where(devices.c.device == device)
                .values(state=state, reason=reason)
            )
        if not changed.rowcount:
            raise Problem(Code.DEVICE_NOT_FOUND, device=device)


def _row(connection: Connection, device: str) -> Device | None:
    row = connection.execute(ONE_DEVICE, {"device": device}).first()
    return device_of_row(row) if row is not None else None


def _keep(
    connection: Connection, request: EnrolmentRequest | KeysRequest,
    desk: EnrolmentRequest | Standing, *, now: datetime,
) -> None:  # fmt: skip
    signing = base64_bytes(request.signing_key)
    connection.execute(
        insert(devices).values(
            device=request.device,
            state="pending",
            town=desk.town,
            signing_key=request.signing_key,
            signing_key_id=suite1.key_id(signing),
            sealing_key=request.sealing_key,
            desk_name=desk.desk_name,
            request=request.model_dump_json(),
            asked_at=utc_text(now),
        )
    )
