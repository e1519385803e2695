"""Intake: verifies who sends, keeps the sealed bytes once, signs a receipt. Blind.

It cannot import opening or reconcile; it sees headers, public keys and sealed bytes.
Every refusal is a JSON body with a problem number (sync.protocol.outcomes).
"""

from datetime import datetime
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from schemas.enrolment import EnrolmentRequest, EnrolmentStatus
from schemas.feed import FeedPage
from schemas.problems import Code, Problem
from sync.district.intake.contacts import read_contact
from sync.district.intake.fresh_keys import accept_keys_request
from sync.district.intake.greeting import answer_greeting
from sync.district.intake.keeping import (
    IntakeParts,
    held_chunks,
    how_it_stands,
    keep_batch,
    require_granted,
)
from sync.district.intake.uploads import LARGEST, add_uploads
from sync.district.ledger.sealed import Device, SealedLedger
from sync.protocol import paths
from sync.protocol.outcomes import STATUS_OF, refusal
from sync.seal.enrolment import request_is_genuine
from sync.seal.requests import Target, claimed_key
from sync.seal.requests import request_is_genuine as signed_by

_FEED_PAGE: Final = 50
# As reverse proxies write it down; it is sent to nobody.
_HUNG_UP: Final = 499


def make_intake(parts: IntakeParts) -> FastAPI:
    """Return the application; no documentation pages, no hints of versions."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.exception_handler(Problem)
    def refuse(_: Request, problem: Problem) -> Response:
        known = problem.code if problem.code in STATUS_OF else Code.DISTRICT_FAILED
        return JSONResponse(refusal(known), STATUS_OF[known])

    @app.exception_handler(ClientDisconnect)
    def hung_up(_: Request, __: ClientDisconnect) -> Response:
        # Nobody hears it; and a line that breaks is no fault to write into the log.
        return Response(status_code=_HUNG_UP)

    @app.get(paths.HEALTH)
    def health() -> Response:
        return JSONResponse({"ok": True})

    @app.get(paths.CHARTER)
    def charter() -> Response:
        return _json(parts.charter.model_dump_json())

    @app.post(paths.ENROLMENTS)
    async def enrol(request: Request) -> Response:
        raw = await _body(request)
        return _json(_ask(parts, raw).model_dump_json())

    @app.post(paths.KEYS_REQUESTS)
    async def fresh_keys(request: Request) -> Response:
        asked = accept_keys_request(
            parts.ledger, await _body(request), answers=parts.ring.answers_publics(),
            now=parts.now(),
        )  # fmt: skip
        return _json(asked.model_dump_json())

    @app.get(paths.ENROLMENTS + "/{device}")
    def enrolment(request: Request, device: str) -> Response:
        asking = _who(parts, request, b"")
        if asking.device != device:
            raise Problem(Code.DEVICE_UNKNOWN)
        return _json(how_it_stands(parts.ledger, asking).model_dump_json())

    _serve_desks(app, parts)
    return app


def _serve_desks(app: FastAPI, parts: IntakeParts) -> None:
    @app.post(paths.BATCHES)
    async def batches(request: Request) -> Response:
        receipt = keep_batch(parts, await _body(request))
        return _json(f'{{"receipt": {receipt}}}')

    add_uploads(app, parts)

    @app.post(paths.CHUNKS)
    async def chunks(request: Request) -> Response:
        raw = await _body(request)
        require_granted(_who(parts, request, raw))
        return _json(held_chunks(parts, raw))

    @app.post(paths.CONTACT)
    async def contact(request: Request) -> Response:
        raw = await _body(request)
        device = require_granted(_who(parts, request, raw))
        said = read_contact(raw, device)
        answer = answer_greeting(parts, said, device, page=_FEED_PAGE)
        return _json(answer.model_dump_json())

    @app.get(paths.FEED)
    def feed(request: Request, after: int, most: int = _FEED_PAGE) -> Response:
        device = require_granted(_who(parts, request, b""))
        parts.ledger.contacted(device.device, now=parts.now())
        limit = min(max(most, 1), _FEED_PAGE)
        messages, head = parts.ledger.feed_after(device.device, after, limit=limit)
        return _json(FeedPage(messages=messages, head=head).model_dump_json())


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise Problem(Code.MESSAGE_MALFORMED, detail="size")
    return bytes(body)


def _who(parts: IntakeParts, request: Request, body: bytes) -> Device:
    fields = {name.lower(): value for name, value in request.headers.items()}
    claimed = claimed_key(fields)
    device = parts.ledger.device_of_key(claimed) if claimed else None
    if device is None:
        raise Problem(Code.DEVICE_UNKNOWN)
    target = Target(request.method, request.url.path, request.url.query)
    if not signed_by(target, body, fields, device.signing_public):
        raise Problem(Code.SIGNATURE_INVALID)
    return device


def _ask(parts: IntakeParts, raw: bytes) -> EnrolmentStatus:
    try:
        request = EnrolmentRequest.model_validate_json(raw)
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="request") from error
    known = parts.ledger.device(request.device)
    now = parts.now()
    if known is None:
        accept_request(parts.ledger, request, now=now)
        return EnrolmentStatus(state="pending")
    return how_it_stands(parts.ledger, known)


def accept_request(
    ledger: SealedLedger, request: EnrolmentRequest, *, now: datetime
) -> None:
    """Keep a request that proves its invitation; by line or by file."""
    secret = ledger.secret_of(request.invitation, device=request.device, now=now)
    if not request_is_genuine(request, secret):
        raise Problem(Code.ENROL_CODE_REFUSED)
    ledger.ask(request, now=now)
