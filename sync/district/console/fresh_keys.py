"""The console's part for desks that ask for fresh keys: a person decides."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Form, Response
from fastapi.responses import RedirectResponse

from sync.district.console.pages import ConsoleParts
from sync.district.console.sessions import ConsoleSession, check_csrf
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.approving import device_fingerprint
from sync.district.reconcile.filing import send_outgoing
from sync.district.reconcile.fresh_keys import (
    approve_keys,
    asked_fingerprint,
)


def fresh_rows(sealed: SealedLedger) -> list[dict[str, str | bool]]:
    """Return what waits: the desk, its present fingerprint and the asked one."""
    rows: list[dict[str, str | bool]] = []
    for each in sealed.keys_requests.pending():
        known = sealed.device(each.device)
        if known is not None:
            rows.append(
                {
                    "key": each.key_id,
                    "desk": f"{known.desk_name} {known.terminal or ''}",
                    "present": device_fingerprint(known),
                    "asked": asked_fingerprint(each),
                    "at": each.asked_at,
                    "known": each.request.standing is not None,
                }
            )
    return rows


def add_fresh_keys_acts(
    app: FastAPI,
    parts: ConsoleParts,
    signed_in: Callable[..., ConsoleSession],
    require_administrator: Callable[[ConsoleSession], None],
) -> None:
    """Put the two decisions into the console: yes, after fingerprints, and no."""
    who = Annotated[ConsoleSession, Depends(signed_in)]

    @app.post("/keys-requests/{key}/approve")
    def approve(session: who, key: str, csrf: Annotated[str, Form()]) -> Response:
        check_csrf(session, csrf)
        require_administrator(session)
        now = parts.now()
        approve_keys(
            parts.sealed, parts.record, parts.charter, parts.keys, key_id=key, now=now
        )
        parts.record.note(session.login, "fresh_keys_approved", key, now=now)
        send_outgoing(parts.sealed, parts.record, parts.keys, now=now)
        return RedirectResponse("/devices", status_code=303)

    @app.post("/keys-requests/{key}/refuse")
    def refuse(
        session: who,
        key: str,
        reason: Annotated[str, Form(min_length=1)],
        csrf: Annotated[str, Form()],
    ) -> Response:
        check_csrf(session, csrf)
        require_administrator(session)
        parts.sealed.keys_requests.refuse(key, reason=reason)
        parts.record.note(session.login, "fresh_keys_refused", key, now=parts.now())
        return RedirectResponse("/devices", status_code=303)
