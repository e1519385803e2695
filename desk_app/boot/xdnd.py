"""Files dragged in from the desktop, on X11: the drag-and-drop protocol XDND 5.

The toolkit's client knows nothing of a drag. Its window is given the protocol's proxy
property: whoever drags over it then speaks to a window of this process in its place.

Rule 1: what is read is a list of addresses. What is dragged is copied, never moved.
Rule 2: a drag is taken only while somebody wants it; the pointer says so before.
Rule 3: one thread owns the connection to the display; the listener is called from it.

Source: freedesktop.org, "Drag-and-Drop Protocol for the X Window System", version 5;
ICCCM 2.0, section 2 (selections, INCR).
"""

import contextlib
import os
import select
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.protocol import event as events
from Xlib.protocol.rq import Event
from Xlib.xobject.drawable import Window

VERSION: Final = 5
FILES: Final = "text/uri-list"
# A list of ten thousand long names; a source that goes on after it is not listened to.
MOST_BYTES: Final = 4 * 1024 * 1024
_TYPES_IN_MESSAGE: Final = slice(2, 5)
# A window manager puts one or two windows of its own around a program's.
_DEEPEST: Final = 3


class Listener(Protocol):
    """Who is told of drags; every method is called from the thread that serves."""

    def found(self) -> None:
        """The client's window is there, and can be dragged to."""

    def wanted(self) -> bool:
        """Say whether files that are dropped now would be taken."""

    def over(self, *, is_over: bool) -> None:
        """Files that would be taken come over the window, or leave it."""

    def dropped(self, uri_list: bytes) -> None:
        """Files were dropped: a text/uri-list (RFC 2483), empty where it never came."""


@dataclass(slots=True)
class _Drag:
    """One drag, from its entering to its end."""

    source: Window
    has_files: bool
    target: int = 0
    is_over: bool = False
    is_arriving: bool = False
    in_pieces: bool = False
    content: bytearray = field(default_factory=bytearray)


class DropTarget:
    """Takes what is dragged over the window of one of some processes.

    `OSError` where the display cannot be reached.
    """

    def __init__(
        self, listener: Listener, clients: Collection[int], display: str | None = None
    ) -> None:
        self._listener = listener
        self._clients = frozenset(clients)
        self._drag: _Drag | None = None
        self._is_found = False
        try:
            self._display = Display(display)
        except DisplayError as error:
            raise OSError(str(error)) from error
        # A source may end at any time: what is sent to it then fails, and is no news.
        self._display.set_error_handler(lambda *_: None)
        self._root = self._display.screen().root
        self._root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._proxy = self._root.create_window(
            -1, -1, 1, 1, 0, X.CopyFromParent, X.InputOnly, X.CopyFromParent,
            override_redirect=True, event_mask=X.PropertyChangeMask,
        )  # fmt: skip
        self._invite(self._proxy)
        self._ended, self._end = os.pipe()

    def close(self) -> None:
        """Let `serve` return; from any thread, once."""
        os.close(self._end)

    def serve(self) -> None:
        """Answer drags until it is closed or the display is gone."""
        with contextlib.suppress(ConnectionClosedError), self._display_and_pipe():
            self._look_for_client()
            while not self._is_ended():
                while self._display.pending_events():
                    self._on(self._display.next_event())

    def _is_ended(self) -> bool:
        """Wait for the next event or the end."""
        # Sending may already read what comes: the look at that is after it.
        self._display.flush()
        if self._display.pending_events():
            return False
        waiting = [self._display.fileno(), self._ended]
        ready, _, _ = select.select(waiting, [], [])
        return self._ended in ready

    @contextlib.contextmanager
    def _display_and_pipe(self) -> Iterator[None]:
        try:
            yield
        finally:
            os.close(self._ended)
            with contextlib.suppress(ConnectionClosedError):
                self._display.close()

    def _atom(self, name: str) -> int:
        return self._display.get_atom(name)

    def _invite(self, window: Window) -> None:
        own = [self._proxy.id]
        window.change_property(self._atom("XdndProxy"), Xatom.WINDOW, 32, own)
        window.change_property(self._atom("XdndAware"), Xatom.ATOM, 32, [VERSION])

    def _look_for_client(self) -> None:
        for window in self._windows(self._root, _DEEPEST):
            # Windows come and go while this looks.
            with contextlib.suppress(XError):
                if self._is_clients(window):
                    self._invite(window)
                    self._is_found = True
                    self._root.change_attributes(event_mask=X.NoEventMask)
                    self._listener.found()
                    return

    def _windows(self, parent: Window, deep: int) -> Iterator[Window]:
        children: list[Window] = []
        with contextlib.suppress(XError):
            children = parent.query_tree().children
        for window in children if deep else ():
            yield window
            yield from self._windows(window, deep - 1)

    def _is_clients(self, window: Window) -> bool:
        owner = window.get_full_property(self._atom("_NET_WM_PID"), Xatom.CARDINAL)
        if owner is None or owner.value[0] not in self._clients:
            return False
        shown = window.get_attributes()
        return shown.map_state == X.IsViewable and not shown.override_redirect

    def _on(self, event: Event) -> None:
        if event.type == X.ClientMessage:
            steps = {
                self._atom("XdndEnter"): self._enter,
                self._atom("XdndPosition"): self._position,
                self._atom("XdndLeave"): self._leave,
                self._atom("XdndDrop"): self._drop,
            }
            step = steps.get(event.client_type)
            if step is not None and event.data[0] == 32:  # noqa: PLR2004 - bits
                step(event.window.id, event.data[1])
        elif event.type == X.SelectionNotify:
            self._arrives(event)
        elif event.type == X.PropertyNotify and event.window == self._proxy:
            self._goes_on(event)
        elif not self._is_found:
            self._look_for_client()

    def _enter(self, _: int, data: list[int]) -> None:
        source = self._display.create_resource_object("window", data[0])
        kinds = list(data[_TYPES_IN_MESSAGE])
        if data[1] & 1:
            with contextlib.suppress(XError):
                every = source.get_full_property(self._atom("XdndTypeList"), Xatom.ATOM)
                kinds = list(every.value) if every is not None else []
        if self._drag is not None:
            # Its source ended in the middle of it.
            self._hover(self._drag, is_over=False)
        self._drag = _Drag(source, self._atom(FILES) in kinds)

    def _position(self, target: int, data: list[int]) -> None:
        drag = self._of(data)
        if drag is None:
            return
        drag.target = target
        self._hover(drag, is_over=drag.has_files and self._listener.wanted())
        copy = self._atom("XdndActionCopy") if drag.is_over else X.NONE
        # The empty rectangle: say each position, for the screen may change beneath.
        self._tell(drag, "XdndStatus", [int(drag.is_over) | 2, 0, 0, copy])

    def _leave(self, _: int, data: list[int]) -> None:
        drag = self._of(data)
        if drag is not None:
            self._hover(drag, is_over=False)
            self._drag = None

    def _drop(self, target: int, data: list[int]) -> None:
        drag = self._of(data)
        if drag is None:
            return
        drag.target = target
        if not (drag.is_over and self._listener.wanted()):
            self._finish(drag, is_taken=False)
            return
        drag.is_arriving = True
        self._proxy.convert_selection(
            self._atom("XdndSelection"), self._atom(FILES), self._atom(FILES), data[2]
        )

    def _arrives(self, event: Event) -> None:
        drag = self._drag
        if drag is None or not drag.is_arriving:
            return
        if event.property == X.NONE:
            self._finish(drag, is_taken=False)
            self._listener.dropped(b"")
            return
        kind, content = self._taken(event.property)
        if kind == self._atom("INCR"):
            # It comes in pieces, the first once its announcement is deleted.
            drag.in_pieces = True
        else:
            self._received(drag, content)

    def _goes_on(self, event: Event) -> None:
        drag = self._drag
        if drag is None or not drag.in_pieces or event.state != X.PropertyNewValue:
            return
        _, content = self._taken(event.atom)
        drag.content += content
        if not content:
            self._received(drag, bytes(drag.content))
        elif len(drag.content) > MOST_BYTES:
            self._received(drag, b"")

    def _taken(self, name: int) -> tuple[int, bytes]:
        found = self._proxy.get_full_property(name, X.AnyPropertyType)
        self._proxy.delete_property(name)
        if found is None:
            return X.NONE, b""
        return found.property_type, bytes(found.value) if found.format == 8 else b""  # noqa: PLR2004 - bits

    def _received(self, drag: _Drag, content: bytes) -> None:
        self._finish(drag, is_taken=True)
        self._listener.dropped(content)

    def _finish(self, drag: _Drag, *, is_taken: bool) -> None:
        copy = self._atom("XdndActionCopy") if is_taken else X.NONE
        self._tell(drag, "XdndFinished", [int(is_taken), copy, 0, 0])
        self._hover(drag, is_over=False)
        self._drag = None

    def _hover(self, drag: _Drag, *, is_over: bool) -> None:
        if drag.is_over != is_over:
            drag.is_over = is_over
            self._listener.over(is_over=is_over)

    def _of(self, data: list[int]) -> _Drag | None:
        drag = self._drag
        return drag if drag is not None and drag.source.id == data[0] else None

    def _tell(self, drag: _Drag, what: str, data: list[int]) -> None:
        message = events.ClientMessage(
            window=drag.source,
            client_type=self._atom(what),
            data=(32, [drag.target, *data]),
        )
        drag.source.send_event(message)
