"""The HTTPS carrier: the only importer of httpx.

Rule 1: trusts the district's own CA and nothing else; no redirects, no proxy settings.
Rule 2: every request is signed by the device key.
Rule 3: never raises httpx's errors; a broken line is `Problem(LINE_DOWN)` or `NotOurs`.
"""

import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from schemas.contact import Contact, ContactAnswer
from schemas.encoding import JsonObject, canonical
from schemas.enrolment import Charter, EnrolmentRequest, EnrolmentStatus
from schemas.feed import FeedPage
from schemas.problems import Code, Problem
from schemas.renewal import KeysRequest
from schemas.scans import ChunksAsked, ChunksHeld
from sync.client.tus import Answer, Carried, Parcel, Upload
from sync.protocol import paths
from sync.protocol.outcomes import (
    NotOurs,
    Outcome,
    parse_object,
    parse_outcome,
    parse_refusal,
)
from sync.protocol.pacing import Pace
from sync.seal.keys import SigningKey
from sync.seal.requests import Announcement, Target, sign_announcement, sign_request

# Seconds. A satellite link may take long to answer, but a half-open connection must
# not hold the loop for ever.
_TIMEOUT = httpx.Timeout(60.0, connect=15.0)
# Bytes that may lie in buffers when the last of a body was handed over, and how fast
# a line must drain them at least: a small parcel on a dead line is noticed soon.
_BUFFERED = 256 * 1024
_SLOWEST_BYTES_PER_S = 1024
_ANSWER_WITHIN_S = 30.0
# The kernel must not swallow what the line has not carried: a bandwidth of 2 Mbit/s
# over a satellite needs this much on its way, and more only hides a dead line.
_SEND_BUFFER = 128 * 1024
_KEEP_ALIVE_S = 30.0
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python's ssl module does not name.
_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)
# OpenSSL's SSL_OP_TLSEXT_PADDING, which Python turns on: it fills up to 512 bytes.
_PADDED = ssl.Options(0x10)
_NOT_FOUND = 404
# A clock that was set meanwhile must not make a line seem to be on the moon.
_LONGEST_ROUND_TRIP_S = 5.0
Transport: TypeAlias = httpx.AsyncBaseTransport
"""What carries requests; a simulator lends its own line."""
_LARGEST_ANSWER = 32 * 2**20


@dataclass(frozen=True)
class Caller:
    """Who signs a request, and where its clock and dice come from."""

    key: SigningKey
    now: Callable[[], datetime]
    nonce: Callable[[], str]


def trusting_only(ca_pem: str) -> ssl.SSLContext:
    """Return a TLS context that accepts certificates of this CA alone."""
    context = ResumingContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=ca_pem)
    # A desk whose clock is years off must still reach its district (P9): the CA is
    # pinned and its keys are changed by the feed, not by an expiry date.
    context.verify_flags |= _NO_CHECK_TIME
    # A greeting of TLS is paid for after each cut: no padding, no ciphers of old.
    context.options &= ~_PADDED
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    return context


class ResumingContext(ssl.SSLContext):
    """A TLS context that resumes its last session: a cut costs half a handshake.

    The certificate was verified when the session began; it is kept in memory only.
    """

    _last: ssl.SSLObject | None = None

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,  # noqa: FBT001, FBT002 - the standard library's
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """Begin a connection, with the ticket of the last one where there is one."""
        if session is None and self._last is not None:
            session = _ticket_of(self._last)
        made = super().wrap_bio(
            incoming, outgoing, server_side, server_hostname, session
        )
        self._last = made
        return made


def _ticket_of(connection: ssl.SSLObject) -> ssl.SSLSession | None:
    try:
        session = connection.session
    except ValueError:
        # The line broke within the handshake: there is nothing to resume.
        return None
    return session if session is not None and session.has_ticket else None


def _client(
    verify: ssl.SSLContext, transport: Transport | None = None
) -> httpx.AsyncClient:
    client = httpx.AsyncClient(
        timeout=_TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        transport=transport
        or httpx.AsyncHTTPTransport(
            verify=verify,
            trust_env=False,
            limits=httpx.Limits(keepalive_expiry=_KEEP_ALIVE_S),
            socket_options=[(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)],
        ),
    )
    # Every byte of a header is paid for again after each cut.
    for name in ("accept", "accept-encoding", "connection", "user-agent"):
        del client.headers[name]
    return client


def _line_problem(error: httpx.HTTPError) -> Code:
    if isinstance(error, httpx.TimeoutException):
        return Code.LINE_TIMED_OUT
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Code.DISTRICT_NOT_TRUSTED
    return Code.LINE_DOWN


class HttpCarrier:
    """Speaks to intake at one base URL."""

    def __init__(
        self,
        url: str,
        *,
        ca_pem: str,
        caller: Caller,
        transport: Transport | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._caller = caller
        self._client = _client(trusting_only(ca_pem), transport)
        self._round_trip_s: float | None = None

    async def close(self) -> None:
        """Give the connection back."""
        await self._client.aclose()

    async def contact(self, contact: Contact) -> ContactAnswer | None:
        """Greet; None from a district that does not know greetings yet (0.1)."""
        answer = await self._ask(Target("POST", paths.CONTACT), canonical(contact))
        if answer.status == _NOT_FOUND and not parse_refusal(
            parse_object(answer.content)
        ):
            return None
        return _read(ContactAnswer, answer.content)

    async def upload(self, raw: bytes) -> Outcome:
        """Deliver one batch."""
        try:
            answer = await self._ask(Target("POST", paths.BATCHES), raw)
        except Problem as problem:
            return NotOurs(problem.code)
        return parse_outcome(
            answer.content, retry_after=answer.fields.get("retry-after")
        )

    async def push(
        self, parcel: Parcel, pace: Pace, *, resume: bool, place: str | None = None
    ) -> Carried:
        """Try once to deliver sealed bytes, from where an earlier try came to.

        `place` is where the server keeps it; a district's is known without.
        """
        upload = Upload(
            parcel, paths.UPLOADS, ask=self._ask_tus, announce=self._announce,
            round_trip_s=lambda: self._round_trip_s or 0.0,
        )  # fmt: skip
        carried = await upload.carry(pace, resume=resume, place=place)
        if carried.unknown_path:
            return Carried(await self.upload(parcel.raw))
        return carried

    def _announce(self, path: str, length: str, metadata: str) -> Mapping[str, str]:
        caller = self._caller
        what = Announcement(path, length, metadata)
        return sign_announcement(what, key=caller.key, now=caller.now())

    async def _ask_tus(
        self,
        method: str,
        path: str,
        *,
        fields: Mapping[str, str],
        body: AsyncIterator[bytes] | None,
        size: int,
    ) -> Answer:
        draining = min(size, _BUFFERED) / _SLOWEST_BYTES_PER_S
        length = {} if body is None else {"Content-Length": str(size)}
        return await _send(
            self._client,
            method,
            f"{self._url}{path}",
            body=body or b"",
            fields={**fields, **length},
            watch=self._watch() if body is None else None,
            timeout=httpx.Timeout(_ANSWER_WITHIN_S + draining, connect=15.0),
        )

    async def held_pieces(self, names: tuple[str, ...]) -> tuple[JsonObject, ...]:
        """Return the receipts of those pieces of scans that the district has."""
        asked = canonical(ChunksAsked(chunks=names))
        answer = await self._ask(Target("POST", paths.CHUNKS), asked)
        held = _read(ChunksHeld, answer.content)
        return tuple(each.model_dump(mode="json") for each in held.receipts)

    async def feed(self, after: int, most: int | None = None) -> FeedPage:
        """Return the feed messages after a cursor, at most so many."""
        query = f"after={after}" + (f"&most={most}" if most is not None else "")
        answer = await self._ask(Target("GET", paths.FEED, query), b"")
        return _read(FeedPage, answer.content)

    async def request_enrolment(self, request: EnrolmentRequest) -> EnrolmentStatus:
        """Hand in a request; the same one again is harmless."""
        target = Target("POST", paths.ENROLMENTS)
        answer = await self._ask(target, canonical(request))
        return _read(EnrolmentStatus, answer.content)

    async def enrolment(self, device: str) -> EnrolmentStatus:
        """Ask how a request stands."""
        target = Target("GET", f"{paths.ENROLMENTS}/{device}")
        answer = await self._ask(target, b"")
        return _read(EnrolmentStatus, answer.content)

    async def request_keys(self, request: KeysRequest) -> EnrolmentStatus:
        """Hand in a request for fresh keys, and ask by the same how it stands."""
        target = Target("POST", paths.KEYS_REQUESTS)
        answer = await self._ask(target, canonical(request))
        return _read(EnrolmentStatus, answer.content)

    async def _ask(self, target: Target, body: bytes) -> Answer:
        signed = sign_request(
            target,
            body,
            key=self._caller.key,
            nonce=self._caller.nonce(),
            now=self._caller.now(),
        )
        query = f"?{target.query}" if target.query else ""
        return await _send(
            self._client,
            target.method,
            f"{self._url}{target.path}{query}",
            body=body,
            fields=signed,
            watch=self._watch(),
        )

    def _watch(self) -> "_Watch":
        """Learn from a short request how long the line is: the shortest time counts."""
        began: list[datetime] = []

        async def note(event: str, _: Mapping[str, object]) -> None:
            if event.endswith(_ASKED):
                began[:] = [self._caller.now()]
            elif event.endswith(_ANSWERED) and began:
                took = (self._caller.now() - began[0]).total_seconds()
                known = self._round_trip_s or _LONGEST_ROUND_TRIP_S
                if took >= 0:
                    self._round_trip_s = min(known, took)

        return note


_Watch: TypeAlias = Callable[[str, Mapping[str, object]], Awaitable[None]]
"""Is told what happens on the connection, as httpcore names it."""
_ASKED = ("send_request_headers.complete", "send_request_body.complete")
_ANSWERED = "receive_response_headers.complete"


async def _send(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    body: bytes | AsyncIterator[bytes],
    fields: Mapping[str, str],
    watch: _Watch | None = None,
    timeout: httpx.Timeout = _TIMEOUT,  # noqa: ASYNC109 - bounds each wait, not the whole
) -> Answer:
    try:
        async with client.stream(
            method, url, content=body, headers=fields, timeout=timeout,
            extensions={"trace": watch} if watch else {},
        ) as answer:  # fmt: skip
            content = bytearray()
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > _LARGEST_ANSWER:
                    raise Problem(Code.ANSWER_NOT_OURS)
            said = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status_code, said, bytes(content))
    except httpx.HTTPError as error:
        raise Problem(_line_problem(error)) from error
    except (httpx.InvalidURL, ssl.SSLError) as error:
        raise Problem(Code.LINE_DOWN) from error


_Model = TypeVar("_Model", bound=BaseModel)


def _read(model: type[_Model], content: bytes) -> _Model:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        code = parse_refusal(parse_object(content))
        raise Problem(code or Code.ANSWER_NOT_OURS) from error


async def fetch_charter(url: str) -> Charter:
    """Fetch a charter over a line not yet trusted; the caller compares its digest."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    # Nothing is known of the district yet; the enrolment code pins what comes back.
    context.verify_mode = ssl.CERT_NONE
    async with _client(context) as client:
        answer = await _send(
            client, "GET", url.rstrip("/") + paths.CHARTER, body=b"", fields={}
        )
    return _read(Charter, answer.content)
