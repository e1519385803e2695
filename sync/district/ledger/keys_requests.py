"""Requests of desks whose own keys are retired, until people have decided.

Rule 1: to ask changes nothing of a desk: its keys in force stay what they are.
Rule 2: a grant puts the asked keys into force, ends the ones before at what is held,
        and drops the feed after the asking vault's cursor, in one transaction: it was
        sealed to keys that are lost, and is sealed anew to the fresh ones.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, delete, insert, select, text, update

from schemas.base import utc_text
from schemas.encoding import base64_bytes
from schemas.enrolment import GrantPackage
from schemas.problems import Code, Problem
from schemas.renewal import KeysRequest
from sync.district.ledger.device_keys import Place, is_known, put_into_force
from sync.district.ledger.devices import ONE_DEVICE
from sync.district.ledger.tables import feed, keys_requests
from sync.seal import suite1

# A thief of a retired key may ask without end; nobody reads more than the newest.
_KEPT: Final = 8
_NEWEST: Final = keys_requests.c.asked_at.desc()


@dataclass(frozen=True, slots=True)
class AskedKeys:
    """One request: how it stands, and the package once it was granted."""

    key_id: str
    device: str
    state: str
    request: KeysRequest
    package: GrantPackage | None
    reason: str
    asked_at: str


class KeysRequests:
    """The part of the sealed database that knows who asks for fresh keys."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, request: KeysRequest, *, now: datetime) -> AskedKeys:
        """Keep a verified request; the same keys again are the same request."""
        key_id = suite1.key_id(base64_bytes(request.signing_key))
        with self._engine.connect() as connection:
            # The write lock first: the same request may come twice at once.
            connection.execute(text("BEGIN IMMEDIATE"))
            known = _row(connection, key_id)
            if known is not None:
                return _read(known)
            if is_known(connection, key_id):
                # Not a fresh one, whoever holds it.
                raise Problem(Code.SIGNATURE_INVALID)
            _forget_the_oldest(connection, request.device)
            kept = AskedKeys(
                key_id, request.device, "pending", request, None, "", utc_text(now)
            )
            connection.execute(
                insert(keys_requests).values(
                    key_id=key_id,
                    device=kept.device,
                    state=kept.state,
                    request=request.model_dump_json(),
                    asked_at=kept.asked_at,
                )
            )
            connection.commit()
            return kept

    def find(self, signing_public: bytes) -> AskedKeys | None:
        """Return what was asked for a signing key, if anything was."""
        with self._engine.connect() as connection:
            row = _row(connection, suite1.key_id(signing_public))
        return _read(row) if row is not None else None

    def pending(self) -> tuple[AskedKeys, ...]:
        """Return what waits for people, the latest first."""
        query = (
            select(keys_requests)
            .where(keys_requests.c.state == "pending")
            .order_by(_NEWEST)
        )
        with self._engine.connect() as connection:
            return tuple(map(_read, connection.execute(query)))

    def refuse(self, key_id: str, *, reason: str) -> None:
        """Say no; the desk is told why.

        `Problem(FRESH_KEYS_NOT_ASKED)` for what does not wait.
        """
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(keys_requests)
                .where(
                    keys_requests.c.key_id == key_id,
                    keys_requests.c.state == "pending",
                )
                .values(state="refused", reason=reason)
            )
        if not changed.rowcount:
            raise Problem(Code.FRESH_KEYS_NOT_ASKED)

    def grant(
        self, asked: AskedKeys, package: GrantPackage, *, up_to: Place, now: datetime
    ) -> None:
        """Put the asked keys into force; the ones before are believed up to a place.

        `Problem(FRESH_KEYS_NOT_ASKED)` for what waits no more, `DEVICE_REVOKED`.
        """
        with self._engine.connect() as connection:
            connection.execute(text("BEGIN IMMEDIATE"))
            row = _row(connection, asked.key_id)
            if row is None or row.state != "pending":
                raise Problem(Code.FRESH_KEYS_NOT_ASKED)
            old = connection.execute(ONE_DEVICE, {"device": asked.device}).one()
            if old.state != "granted":
                raise Problem(Code.DEVICE_REVOKED)
            # What was still offered as the next was of the lost history.
            put_into_force(
                connection, old, signing_key=asked.request.signing_key,
                sealing_key=asked.request.sealing_key, up_to=up_to, now=now,
            )  # fmt: skip
            connection.execute(
                delete(feed).where(
                    feed.c.device == asked.device,
                    feed.c.position > asked.request.feed_cursor,
                )
            )
            connection.execute(
                update(keys_requests)
                .where(keys_requests.c.key_id == asked.key_id)
                .values(state="granted", package=package.model_dump_json())
            )
            # What else asked for this desk was of another vault, or a thief's.
            connection.execute(
                delete(keys_requests).where(
                    keys_requests.c.device == asked.device,
                    keys_requests.c.state == "pending",
                )
            )
            connection.commit()


def _forget_the_oldest(connection: Connection, device: str) -> None:
    older = (
        connection.execute(
            select(keys_requests.c.key_id)
            .where(keys_requests.c.device == device, keys_requests.c.state == "pending")
            .order_by(_NEWEST)
        )
        .scalars()
        .all()[_KEPT - 1 :]
    )
    connection.execute(delete(keys_requests).where(keys_requests.c.key_id.in_(older)))


def _row(connection: Connection, key_id: str) -> Row[Any] | None:
    query = select(keys_requests).where(keys_requests.c.key_id == key_id)
    return connection.execute(query).first()


def _read(row: Row[Any]) -> AskedKeys:
    package = row.package
    return AskedKeys(
        key_id=row.key_id,
        device=row.device,
        state=row.state,
        request=KeysRequest.model_validate_json(row.request),
        package=GrantPackage.model_validate_json(package) if package else None,
        reason=row.reason,
        asked_at=row.asked_at,
    )
