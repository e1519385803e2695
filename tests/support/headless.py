"""The desk's screens without a window: events in, controls out, in this process.

The one place that knows the toolkit's inside (flet 0.82): a session whose connection
packs every message as the real one does and answers what the client would.
"""

import asyncio
import concurrent.futures
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields
from typing import Any

import flet as ft
import msgpack
import pytest
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    ClientAction,
    ClientMessage,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from desk_app.boot.window import SCREENS, dress
from desk_app.services.desk import Desk
from desk_app.views.case import show_case
from desk_app.views.shell import Shell

_PATIENCE_S = 20.0
# A short form: one person, one vessel.
_SHORT = "HY12-01"
_SIZE = {"width": 1200.0, "height": 820.0}
_FACTS = {
    "route": "/", "platform": "linux", "web": False, "pwa": False, "wasm": False,
    "test": False, "debug": False, "window": _SIZE, **_SIZE,
}  # fmt: skip


class _Client(Connection):
    """The other end: keeps what was sent, and answers calls at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.loop = loop
        self.executor = concurrent.futures.ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=loop, executor=self.executor)
        self.page_url, self.page_name = "test://", ""
        self.session: Session | None = None
        self.asked: list[tuple[int, str]] = []
        """Control and method of each call, in order: who was given the keyboard."""
        self.held: dict[str, list[tuple[int, str]]] = {}
        """Calls by method that wait until the test says what the client answers."""

    def send_message(self, message: ClientMessage) -> None:
        encode = configure_encode_object_for_msgpack(BaseControl)
        msgpack.packb([message.action, message.body], default=encode)
        if message.action == ClientAction.SESSION_CRASHED:
            raise AssertionError(message.body.message)
        if message.action == ClientAction.INVOKE_METHOD and self.session:
            body = message.body
            self.asked.append((body.control_id, body.name))
            if body.name in self.held:
                self.held[body.name].append((body.control_id, body.call_id))
                return
            answer = self.session.handle_invoke_method_results
            self.loop.call_soon(answer, body.control_id, body.call_id, None, None)

    def get_upload_url(self, *_: object) -> str:
        return "test://upload"


class Seen:
    """The shell and its screens, looked at and acted on."""

    def __init__(self, client: _Client, session: Session, shell: Shell) -> None:
        self._client = client
        self._session = session
        self.shell = shell

    def controls(self, root: object = None) -> Iterator[BaseControl]:
        """Walk everything that is shown."""
        seen: set[int] = set()

        def walk(part: object) -> Iterator[BaseControl]:
            if isinstance(part, BaseControl):
                if id(part) in seen or not getattr(part, "visible", True):
                    return
                seen.add(id(part))
                yield part
                for each in fields(part):
                    if not each.name.startswith("_"):
                        yield from walk(getattr(part, each.name, None))
            elif isinstance(part, list | tuple):
                for each in part:
                    yield from walk(each)

        frame = self.shell.frame
        works = self.shell.works.lines
        parts = [frame.header, works, frame.above, frame.body, frame.keys]
        yield from walk(root if root is not None else parts)

    def texts(self) -> str:
        """Return all words that are shown, a line each."""
        found = []
        for each in self.controls():
            for name in ("value", "label", "content", "error", "helper"):
                said = getattr(each, name, None)
                if isinstance(said, str) and said:
                    found.append(said)
        return "\n".join(found)

    def field(self, label: str) -> ft.TextField:
        """Return the one field whose label begins so."""
        found = [
            each
            for each in self.controls()
            if isinstance(each, ft.TextField) and str(each.label).startswith(label)
        ]
        assert len(found) == 1, (label, [str(each.label) for each in found])
        return found[0]

    def button(self, words: str) -> BaseControl:
        """Return the first button that says these words."""
        kinds = (ft.FilledButton, ft.OutlinedButton, ft.TextButton)
        for each in self.controls():
            if not isinstance(each, kinds):
                continue
            said = each.content
            said = said.value if isinstance(said, ft.Text) else said
            if words in str(said):
                return each
        pytest.fail(f"no button says {words}:\n{self.texts()}")

    @property
    def focused(self) -> int | None:
        """Return the id of the control that was given the keyboard last."""
        asked = [control for control, name in self._client.asked if name == "focus"]
        return asked[-1] if asked else None

    async def fire(self, control: BaseControl, event: str, data: Any = None) -> None:
        """Let something happen to a control, as the client says it."""
        assert control._i in self._session.index, f"{control} is not shown"
        await self._session.dispatch_event(control._i, event, data)

    async def press(self, words: str) -> None:
        """Press a button."""
        await self.fire(self.button(words), "click")

    async def type(self, label: str, text: str, *, enter: bool = False) -> None:
        """Type into a field, and press Enter where asked."""
        field = self.field(label)
        await self.fire(field, "focus")
        self._session.apply_patch(field._i, {"value": text})
        await self.fire(field, "change", text)
        if enter:
            await self.fire(field, "submit", text)

    async def leave(self, label: str) -> None:
        """Take the keyboard away from a field."""
        await self.fire(self.field(label), "blur")

    async def key(self, key: str, *, ctrl: bool = False) -> None:
        """Press a key of the whole window."""
        held = {"key": key, "ctrl": ctrl, "shift": False, "alt": False, "meta": False}
        page = self._session.page
        await self._session.dispatch_event(page._i, "keyboard_event", held)

    async def close(self) -> None:
        """Press the cross of the window, where it is asked before it closes."""
        data = {"type": "close"}
        window = self._session.page.window
        await self._session.dispatch_event(window._i, "event", data)

    def asked_of(self, control: BaseControl) -> list[str]:
        """Return the calls that the client got for a control, in order."""
        return [name for number, name in self._client.asked if number == control._i]

    def hold(self, method: str) -> list[tuple[int, str]]:
        """Leave calls of a method unanswered from now on; returns those that wait."""
        return self._client.held.setdefault(method, [])

    def answer(self, method: str, result: Any = None, error: str | None = None) -> None:
        """Answer the call of a method that has waited longest."""
        control, call = self._client.held[method].pop(0)
        self._session.handle_invoke_method_results(control, call, result, error)

    async def open_form(self, code: str = _SHORT) -> None:
        """Begin a case of an item, as a clerk does: find it, press Enter."""
        await self.shell.go("new")
        await self.until_shown("查找事项")
        await self.type("查找事项", code, enter=True)
        await self.until_shown("申请人类型")

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until it is so; threads have their own pace."""
        loop = asyncio.get_running_loop()
        limit = loop.time() + _PATIENCE_S
        while not true():
            assert loop.time() < limit, f"it never came to that:\n{self.texts()}"
            await asyncio.sleep(0.005)

    async def until_shown(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        await self.until(lambda: all(each in self.texts() for each in words))


@contextlib.asynccontextmanager
async def a_headless_window(desk: Desk) -> AsyncIterator[Seen]:
    """Start the shell over a desk without a window."""
    client = _Client(asyncio.get_running_loop())
    session = Session(client)
    client.session = session
    session.apply_page_patch(dict(_FACTS))
    token = _context_page.set(session.page)
    context.reset_auto_update()
    ft.context.disable_auto_update()
    # Packing the first patch is what arms the toolkit's watch for changes.
    body = RegisterClientResponseBody(
        session_id=session.id, page_patch=session.get_page_patch(), error=""
    )
    client.send_message(ClientMessage(ClientAction.REGISTER_CLIENT, body))
    dress(session.page)
    shell = Shell(session.page, desk, SCREENS, show_case)
    try:
        await shell.start()
        yield Seen(client, session, shell)
    finally:
        mine = asyncio.current_task()
        for task in asyncio.all_tasks():
            if task is not mine:
                task.cancel()
        await asyncio.sleep(0)
        with contextlib.suppress(Exception):
            session.close()
        client.executor.shutdown(wait=False)
        _context_page.reset(token)
        context.reset_auto_update()
