"""The line between an island and its district: requests into the real application.

Each request may be cut before, inside or after it, come twice, come again much later,
be answered by a portal, or have a byte changed on its way.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

import httpx
from fastapi import FastAPI
from starlette.requests import ClientDisconnect

from tests.simulation.faults import PowerCut, Tally, Weather

_PORTAL = b"<html>Welcome to Ferry Wi-Fi</html>"
# Seals differ from run to run; this bit makes any text of theirs unreadable at once, so
# that what follows does not. Every single bit is in tests/sync/seal/test_every_byte.py.
_BIT = 0x80
_T = TypeVar("_T")


class _AtOnce(ThreadPoolExecutor):
    """Does what is given to a thread at once: a seed must not depend on threads."""

    def submit(
        self, fn: Callable[..., _T], /, *args: object, **named: object
    ) -> Future[_T]:
        done: Future[_T] = Future()
        try:
            done.set_result(fn(*args, **named))
        except BaseException as error:  # noqa: BLE001 - whoever waits for it raises it
            done.set_exception(error)
        return done


def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_default_executor(_AtOnce(max_workers=1))
    return loop


@dataclass(slots=True)
class Sent:
    """A request as it went out."""

    request: httpx.Request
    body: bytes


@dataclass(slots=True)
class Line(httpx.AsyncBaseTransport):
    """One line for all desks; `app` is asked for at each request (it may restart)."""

    app: Callable[[], FastAPI]
    broke: Callable[[], None]
    dice: Random
    weather: Weather
    tally: Tally
    is_up: bool = True
    earlier: list[Sent] = field(default_factory=list)
    loop: asyncio.Runner = field(
        default_factory=lambda: asyncio.Runner(loop_factory=_loop)
    )

    def speak(self, said: Coroutine[object, object, _T]) -> _T:
        """Let one conversation take place; one loop serves a world's whole life."""
        return self.loop.run(said)

    def change(self) -> None:
        """Let the line come and go."""
        self.is_up = self.dice.random() >= self.weather.line_down

    def _happens(self, chance: float, what: str) -> bool:
        if chance and self.dice.random() < chance:
            self.tally.add(what)
            return True
        return False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        weather = self.weather
        if not self.is_up:
            raise _broken(request)
        if self._happens(weather.cut_before, "cut before"):
            raise _broken(request)
        if self._happens(weather.portal, "portal"):
            return httpx.Response(200, content=_PORTAL, request=request)
        sent = Sent(request, body)
        if self.earlier and self._happens(weather.late_again, "late again"):
            await self._deliver(self.dice.choice(self.earlier))
        self.earlier = [*self.earlier[-20:], sent]
        if body and self._happens(weather.garbled, "garbled request"):
            at = self.dice.randrange(len(body))
            bent = bytearray(body)
            bent[at] ^= _BIT
            await self._deliver(Sent(request, bytes(bent)))
            raise _broken(request)
        if body and self._happens(weather.cut_inside, "cut inside"):
            await self._deliver(sent, cut_at=self.dice.randrange(len(body)))
            raise _broken(request)
        if self._happens(weather.twice, "came twice"):
            await self._deliver(sent)
        response = await self._deliver(sent)
        if response is None or self._happens(weather.cut_after, "cut after"):
            raise _broken(request)
        if self._happens(weather.garbled, "garbled answer") and response.content:
            bent = bytearray(response.content)
            bent[self.dice.randrange(len(bent))] ^= _BIT
            return httpx.Response(
                response.status_code, headers=response.headers, content=bytes(bent)
            )
        return response

    async def _deliver(
        self, sent: Sent, *, cut_at: int | None = None
    ) -> httpx.Response | None:
        """Hand a request to the application; None where its process died."""
        try:
            return await _call(self.app(), sent, cut_at=cut_at)
        except PowerCut:
            self.tally.add("district died in a request")
            self.broke()
            return None


def _broken(request: httpx.Request) -> httpx.HTTPError:
    return httpx.ReadError("", request=request)


async def _call(
    app: FastAPI, sent: Sent, *, cut_at: int | None
) -> httpx.Response | None:
    request, body = sent.request, sent.body
    pieces: list[dict[str, object]] = [
        {"type": "http.request", "body": body, "more_body": False}
    ]
    if cut_at is not None:
        pieces = [
            {"type": "http.request", "body": body[:cut_at], "more_body": True},
            {"type": "http.disconnect"},
        ]
    scope = _scope(request)
    answer: dict[str, object] = {"status": 0, "headers": [], "body": bytearray()}

    async def receive() -> dict[str, object]:
        if pieces:
            return pieces.pop(0)
        await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            answer["status"], answer["headers"] = message["status"], message["headers"]
        elif message["type"] == "http.response.body":
            answer["body"] += message.get("body", b"")  # type: ignore[operator]

    try:
        await app(scope, receive, send)  # type: ignore[arg-type]
    except ClientDisconnect:
        return None
    if not answer["status"]:
        return None
    return httpx.Response(
        int(str(answer["status"])),
        headers=list(answer["headers"]),  # type: ignore[call-overload]
        content=bytes(answer["body"]),  # type: ignore[call-overload]
        request=request,
    )


def _scope(request: httpx.Request) -> dict[str, object]:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.split(b"?")[0],
        "query_string": url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 1),
        "root_path": "",
    }
