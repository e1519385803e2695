"""The HTTPS carrier: the only importer of httpx.

Rule 1: trusts the district's own CA and nothing else; no redirects, no proxy settings.
Rule 2: every request is signed by the device key.
Rule 3: never raises httpx's errors; a broken line is `Problem(LINE_DOWN)` or `NotOurs`.
"""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from schemas.contact import Contact, ContactAnswer
from schemas.encoding import canonical
from schemas.enrolment import Charter, EnrolmentRequest, EnrolmentStatus
from schemas.feed import FeedPage
from schemas.problems import Code, Problem
from sync.protocol import paths
from sync.protocol.outcomes import (
    NotOurs,
    Outcome,
    parse_object,
    parse_outcome,
    parse_refusal,
)
from sync.seal.keys import SigningKey
from sync.seal.requests import Target, sign_request

# Seconds. A satellite link may take long to answer, but a half-open connection must
# not hold the loop for ever.
_TIMEOUT = httpx.Timeout(60.0, connect=15.0)
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python's ssl module does not name.
_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)
_NOT_FOUND = 404
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
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=ca_pem)
    # A desk whose clock is years off must still reach its district (P9): the CA is
    # pinned and its keys are changed by the feed, not by an expiry date.
    context.verify_flags |= _NO_CHECK_TIME
    return context


def _client(
    verify: ssl.SSLContext, transport: Transport | None = None
) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=verify,
        timeout=_TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        transport=transport,
    )


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

    async def close(self) -> None:
        """Give the connection back."""
        await self._client.aclose()

    async def contact(self, contact: Contact) -> ContactAnswer | None:
        """Greet; None from a district that does not know greetings yet (0.1)."""
        answer = await self._ask(Target("POST", paths.CONTACT), canonical(contact))
        if answer.status_code == _NOT_FOUND and not parse_refusal(
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
            answer.content, retry_after=answer.headers.get("retry-after")
        )

    async def feed(self, after: int) -> FeedPage:
        """Return the feed messages after a cursor."""
        answer = await self._ask(Target("GET", paths.FEED, f"after={after}"), b"")
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

    async def _ask(self, target: Target, body: bytes) -> httpx.Response:
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
        )


async def _send(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    body: bytes,
    fields: Mapping[str, str],
) -> httpx.Response:
    try:
        async with client.stream(method, url, content=body, headers=fields) as answer:
            content = bytearray()
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > _LARGEST_ANSWER:
                    raise Problem(Code.ANSWER_NOT_OURS)
            # A copy that holds the whole body; the stream is closed after this block.
            return httpx.Response(
                answer.status_code,
                headers={"retry-after": answer.headers.get("retry-after", "")},
                content=bytes(content),
            )
    except httpx.HTTPError as error:
        raise Problem(_line_problem(error)) from error
    except httpx.InvalidURL as error:
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
