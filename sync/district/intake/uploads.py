"""Resumable upload at intake: tus 1.0.0, so that public clients work unchanged.

Rule 1: what has arrived stays, also of a request that was cut; only a part whose
        checksum was announced is kept whole or not at all (it cannot be checked else).
Rule 2: an upload proves itself in the end, by digest and signature. Who announces it
        matters for quotas alone: a signed announcement counts for its desk, all others
        share the strangers' small room, and go as soon as their first bytes do not
        name a desk of this district.
Rule 3: an upload signed by its desk is named by its digest, so that a desk which never
        heard the answer to its first request finds it again.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from schemas.problems import Code, Problem
from sync.district.intake.keeping import IntakeParts, granted_device, keep, sender
from sync.district.intake.parts import Parts
from sync.district.ledger.uploads import DESK_KEEPS, STRANGER_KEEPS, Upload
from sync.protocol import paths, tus
from sync.protocol.outcomes import STATUS_OF, refusal
from sync.seal.requests import (
    Announcement,
    announcement_is_genuine,
    announcing_key,
)

LARGEST: Final = 20 * 2**20
_METHODS: Final = ["OPTIONS", "POST", "HEAD", "PATCH", "DELETE", "GET"]
_FIRST_BYTES: Final = 17 * 2**10
_RETRY_AFTER_S: Final = 600
_DIGEST_LENGTH: Final = 64
_HEX: Final = frozenset("0123456789abcdef")
# No fault of what was sent: it stays, whole, until it can be kept.
_PASSING: Final = frozenset({Code.DISTRICT_BUSY, Code.DISTRICT_FAILED})


class _Refused(Exception):  # noqa: N818 - an answer, not an error
    """A refusal whose status the standard prescribes."""

    def __init__(self, status: int, code: Code = Code.MESSAGE_MALFORMED) -> None:
        super().__init__(status)
        self.status = status
        self.code = code


class Uploads:
    """The verbs of the standard over the ledger and the folder of parts."""

    def __init__(self, parts: IntakeParts) -> None:
        self._parts = parts
        self._ledger = parts.ledger.uploads
        self._files = Parts(parts.uploads)
        self._files.drop_all_but(self._ledger.names())
        self._finishing = asyncio.Lock()

    async def answer(self, request: Request, upload: str | None) -> Response:
        """Answer one request, whatever it asks."""
        method = request.headers.get("x-http-method-override", request.method)
        try:
            if method == "OPTIONS":
                return _discovery()
            if method == "GET" and upload:
                return self._result(self._known(upload))
            _require(
                request.headers.get("tus-resumable") == tus.VERSION,
                HTTPStatus.PRECONDITION_FAILED,
            )
            if method == "POST" and upload is None:
                return await self._create(request)
            _require(upload is not None, HTTPStatus.METHOD_NOT_ALLOWED)
            verb = self._verbs().get(method)
            _require(verb is not None, HTTPStatus.METHOD_NOT_ALLOWED)
            assert verb, upload  # noqa: S101 - what the lines above require
            return await verb(request, self._known(str(upload)))
        except _Refused as refused:
            return _refusal(refused.code, refused.status)
        except Problem as problem:
            known = problem.code in STATUS_OF
            code = problem.code if known else Code.DISTRICT_FAILED
            return _refusal(code, STATUS_OF[code])

    def _verbs(self) -> dict[str, Callable[[Request, Upload], Awaitable[Response]]]:
        return {"HEAD": self._head, "PATCH": self._patch, "DELETE": self._delete}

    def _known(self, upload: str) -> Upload:
        found = self._ledger.get(upload)
        if found is None:
            raise Problem(Code.UPLOAD_GONE)
        if found.state == "open" and found.expires_at < self._parts.now():
            raise _Refused(HTTPStatus.GONE, Code.UPLOAD_GONE)
        return found

    async def _create(self, request: Request) -> Response:
        asked = self._asked(request)
        now = self._parts.now()
        for gone in self._ledger.sweep(now=now):
            self._files.drop(gone)
        before = self._ledger.get(asked.upload)
        upload = self._ledger.announce(asked, now=now)
        if before and before.state == "refused":
            self._files.drop(upload.upload)
        carries = request.headers.get("content-type") == tus.CONTENT
        if upload.state == "open" and carries and not self._files.size(upload.upload):
            upload = await self._receive(request, upload)
        return self._told(upload, HTTPStatus.CREATED, with_result=True)

    def _asked(self, request: Request) -> Upload:
        length = tus.count(request.headers.get("upload-length"))
        if not length:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        _require(length <= LARGEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        said = tus.metadata(request.headers.get("upload-metadata", ""))
        if said is None:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        device = self._announced_by(request)
        digest = said.get("digest", "")
        named = len(digest) == _DIGEST_LENGTH and set(digest) <= _HEX
        now = self._parts.now()
        if device is None:
            # Refused before a byte is stored, where it says who it means to be.
            if said.get("device"):
                granted_device(self._parts, said["device"])
            name = self._parts.nonce()
            return Upload(name, None, "", length, now + STRANGER_KEEPS, "open", "")
        name = digest if named else self._parts.nonce()
        kept = self._parts.ledger.receipt_of(digest) if named else None
        until = now + DESK_KEEPS
        if kept is not None:
            return Upload(name, device, digest, length, until, "kept", kept)
        return Upload(name, device, digest, length, until, "open", "")

    def _announced_by(self, request: Request) -> str | None:
        fields = {name.lower(): value for name, value in request.headers.items()}
        claimed = announcing_key(fields)
        if claimed is None:
            return None
        device = self._parts.ledger.device_of_key(claimed)
        if device is None:
            raise Problem(Code.DEVICE_UNKNOWN)
        what = Announcement(
            request.url.path,
            fields.get("upload-length", ""),
            fields.get("upload-metadata", ""),
        )
        if not announcement_is_genuine(what, fields, device.signing_public):
            raise Problem(Code.SIGNATURE_INVALID)
        return granted_device(self._parts, device.device).device

    async def _head(self, _: Request, upload: Upload) -> Response:
        if upload.state == "refused":
            raise _Refused(HTTPStatus.GONE, Code.UPLOAD_GONE)
        # Whoever asks how far it is goes on from there: an older request stops.
        self._files.take_turn(upload.upload)
        answer = self._told(upload, HTTPStatus.OK)
        answer.headers["upload-length"] = str(upload.length)
        answer.headers["cache-control"] = "no-store"
        return answer

    async def _patch(self, request: Request, upload: Upload) -> Response:
        _require(
            request.headers.get("content-type") == tus.CONTENT,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
        offset = tus.count(request.headers.get("upload-offset"))
        if offset is None:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        if offset != self._offset(upload):
            answer = _refusal(Code.UPLOAD_ELSEWHERE, HTTPStatus.CONFLICT)
            answer.headers["upload-offset"] = str(self._offset(upload))
            return answer
        if upload.state == "open":
            upload = await self._receive(request, upload)
        if upload.state == "refused":
            raise Problem(Code(int(upload.answer)))
        wanted = request.headers.get("prefer") == "return=representation"
        if upload.state == "kept" and wanted:
            return self._told(upload, HTTPStatus.OK, with_result=True)
        return self._told(upload, HTTPStatus.NO_CONTENT)

    async def _delete(self, _: Request, upload: Upload) -> Response:
        self._ledger.forget(upload.upload)
        self._files.drop(upload.upload)
        headers = {"tus-resumable": tus.VERSION}
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)

    async def _receive(self, request: Request, upload: Upload) -> Upload:
        """Take in a body; returns the upload as it stands after it."""
        name = upload.upload
        turn = self._files.take_turn(name)
        claimed = request.headers.get("upload-checksum")
        sum_ = tus.checksum(claimed) if claimed is not None else None
        _require(claimed is None or sum_ is not None, HTTPStatus.BAD_REQUEST)
        room = upload.length - self._files.size(name)
        whole = bytearray()
        with self._files.writing(name, turn) as writer:
            try:
                async for piece in request.stream():
                    room -= len(piece)
                    _require(room >= 0, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                    if sum_ is None:
                        writer.append(piece)
                    else:
                        whole += piece
                    self._refuse_strangers(upload)
            except ClientDisconnect:
                # Nobody listens any more; what has arrived stays for the next try.
                whole.clear()
                sum_ = None
            if sum_ is not None:
                if not sum_.holds_for(bytes(whole)):
                    raise Problem(Code.UPLOAD_GARBLED)
                writer.append(bytes(whole))
                self._refuse_strangers(upload)
        if self._files.size(name) == upload.length:
            # One at a time: the second must find the first one's receipt.
            async with self._finishing:
                return await run_in_threadpool(self._finish, name)
        return upload

    def _refuse_strangers(self, upload: Upload) -> None:
        if upload.device is not None:
            return
        try:
            device = sender(self._files.read(upload.upload, _FIRST_BYTES))
            if device is not None:
                granted_device(self._parts, device)
        except Problem:
            self._ledger.forget(upload.upload)
            self._files.drop(upload.upload)
            raise

    def _finish(self, name: str) -> Upload:
        upload = self._known(name)
        if upload.state != "open":
            return upload
        try:
            receipt = keep(self._parts, self._files.read(name))
        except Problem as problem:
            if problem.code in STATUS_OF and problem.code not in _PASSING:
                self._ledger.ended(name, "refused", str(int(problem.code)))
                self._files.drop(name)
            raise
        self._ledger.ended(name, "kept", receipt)
        self._files.drop(name)
        return self._known(name)

    def _offset(self, upload: Upload) -> int:
        return (
            upload.length if upload.state == "kept" else self._files.size(upload.upload)
        )

    def _told(
        self, upload: Upload, status: int, *, with_result: bool = False
    ) -> Response:
        headers = {
            "tus-resumable": tus.VERSION,
            "upload-offset": str(self._offset(upload)),
        }
        if upload.state == "open":
            headers["upload-expires"] = tus.expires(upload.expires_at)
        if status == HTTPStatus.CREATED:
            headers["location"] = f"{paths.UPLOADS}/{upload.upload}"
        if with_result and upload.state == "kept":
            return Response(
                f'{{"receipt": {upload.answer}}}',
                status,
                headers,
                media_type="application/json",
            )
        return Response(status_code=status, headers=headers)

    def _result(self, upload: Upload) -> Response:
        if upload.state == "refused":
            raise Problem(Code(int(upload.answer)))
        if upload.state == "kept":
            return self._told(upload, HTTPStatus.OK, with_result=True)
        standing = {"offset": self._offset(upload), "length": upload.length}
        return Response(json.dumps(standing), media_type="application/json")


def _discovery() -> Response:
    headers = {
        "tus-resumable": tus.VERSION,
        "tus-version": tus.VERSION,
        "tus-extension": tus.EXTENSIONS,
        "tus-max-size": str(LARGEST),
        "tus-checksum-algorithm": tus.CHECKSUMS,
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


def _require(claim: bool, status: int) -> None:  # noqa: FBT001 - a claim is the point
    if not claim:
        raise _Refused(status)


def _refusal(code: Code, status: int) -> Response:
    headers = {"tus-resumable": tus.VERSION}
    if status == HTTPStatus.PRECONDITION_FAILED:
        headers["tus-version"] = tus.VERSION
    if code is Code.UPLOAD_QUOTA:
        headers["retry-after"] = str(_RETRY_AFTER_S)
    body = json.dumps(refusal(code))
    return Response(body, status, headers, media_type="application/json")


def add_uploads(app: FastAPI, parts: IntakeParts) -> None:
    """Let an application take uploads."""
    uploads = Uploads(parts)

    @app.api_route(paths.UPLOADS, methods=_METHODS)
    @app.api_route(paths.UPLOADS + "/", methods=_METHODS)
    async def collection(request: Request) -> Response:
        return await uploads.answer(request, None)

    @app.api_route(paths.UPLOADS + "/{upload}", methods=_METHODS)
    async def one(request: Request, upload: str) -> Response:
        return await uploads.answer(request, upload)
