"""A program that is dragged from, and a window to drag to: XDND 5, step by step."""

import os
import select
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol import event as events
from Xlib.protocol.rq import Event

if TYPE_CHECKING:
    from Xlib.xobject.drawable import Window

PATIENCE_S = 20.0


class Source:
    """A program that is dragged from, one step at a time, as XDND 5 has it."""

    def __init__(self, display: str, target: int) -> None:
        self.display = Display(display)
        self.display.set_error_handler(lambda *_: None)
        root = self.display.screen().root
        self.window: Window = root.create_window(0, 0, 9, 9, 0, X.CopyFromParent)
        self.target = target
        self._window = self.display.create_resource_object("window", target)
        self.window.set_selection_owner(self.atom("XdndSelection"), X.CurrentTime)

    def atom(self, name: str) -> int:
        return self.display.intern_atom(name)

    def name(self, atom: int) -> str:
        return self.display.get_atom_name(atom) if atom else ""

    @property
    def proxy(self) -> int:
        """Whom a source speaks to in the window's place; 0 for a window without."""
        self.display.sync()
        said = self._window.get_full_property(self.atom("XdndProxy"), Xatom.WINDOW)
        return said.value[0] if said else 0

    def tell(self, what: str, *data: int) -> None:
        padded = [self.window.id, *data, 0, 0, 0, 0][:5]
        message = events.ClientMessage(
            window=self.target, client_type=self.atom(what), data=(32, padded)
        )
        proxy = self.display.create_resource_object("window", self.proxy)
        proxy.send_event(message)
        self.display.flush()

    def send_anything(self, dice: Random, names: Sequence[str]) -> None:
        """Send the proxy a message, a notice or a property of no sense."""
        proxy = self.display.create_resource_object("window", self.proxy)
        atom = self.atom(dice.choice(names))
        ids = (0, 1, proxy.id, self.window.id, self.target, 2**29 - 1)
        width, count = dice.choice(((8, 20), (16, 10), (32, 5)))
        most = 2 ** (width - 1) - 1
        words = [dice.choice((dice.choice(ids) & most, dice.randint(0, most)))
                 for _ in range(count)]  # fmt: skip
        said = (width, bytes(words) if width == 8 else words)
        proxy.send_event(
            events.ClientMessage(window=self.target, client_type=atom, data=said)
        )
        if dice.random() < 0.3:
            given = events.SelectionNotify(
                time=0, requestor=proxy, selection=atom, target=dice.choice(ids),
                property=dice.choice((X.NONE, self.atom("text/uri-list"), atom)),
            )  # fmt: skip
            proxy.send_event(given)
        if dice.random() < 0.3:
            proxy.change_property(self.atom("text/uri-list"), atom, 16, [1, 2, 3])
        self.display.flush()

    def enter(self, *kinds: str) -> None:
        atoms = [self.atom(kind) for kind in kinds]
        if len(atoms) > 3:
            self.window.change_property(
                self.atom("XdndTypeList"), Xatom.ATOM, 32, atoms
            )
            self.tell("XdndEnter", 5 << 24 | 1)
        else:
            self.tell("XdndEnter", 5 << 24, *atoms)

    def is_taken_here(self) -> bool:
        """Say that the pointer is over the window; return the target's answer."""
        self.tell("XdndPosition", 0, 10 << 16 | 10, 0, self.atom("XdndActionCopy"))
        target, flags, *_, action = self.answer("XdndStatus")
        assert target == self.target
        assert (self.name(action) == "XdndActionCopy") == bool(flags & 1)
        return bool(flags & 1)

    def answer(self, what: str) -> list[int]:
        event = self.next(X.ClientMessage)
        assert self.name(event.client_type) == what
        return list(event.data[1])

    def drop(self) -> None:
        self.tell("XdndDrop", 0, X.CurrentTime)

    def was_taken(self) -> bool:
        target, flags, *_ = self.answer("XdndFinished")
        assert target == self.target
        return bool(flags & 1)

    def hand_over(self, content: bytes) -> None:
        """Give what was asked for, in one piece."""
        asked = self.next(X.SelectionRequest)
        kind = self.atom("text/uri-list")
        assert asked.target == kind
        asked.requestor.change_property(asked.property, kind, 8, content)
        self._say_given(asked, asked.property)

    def hand_over_in_pieces(self, content: bytes, *, piece: int = 1000) -> None:
        """Give what was asked for as ICCCM 2.7.2 has it (INCR)."""
        asked = self.next(X.SelectionRequest)
        asked.requestor.change_attributes(event_mask=X.PropertyChangeMask)
        asked.requestor.change_property(
            asked.property, self.atom("INCR"), 32, [len(content)]
        )
        self._say_given(asked, asked.property)
        starts = range(0, len(content), piece)
        kind = self.atom("text/uri-list")
        for part in (*(content[at : at + piece] for at in starts), b""):
            self._until_deleted(asked.property)
            asked.requestor.change_property(asked.property, kind, 8, part)
            self.display.flush()

    def give_nothing(self) -> None:
        self._say_given(self.next(X.SelectionRequest), X.NONE)

    def end(self) -> None:
        self.display.close()

    def _say_given(self, asked: Event, name: int) -> None:
        given = events.SelectionNotify(
            time=asked.time, requestor=asked.requestor, selection=asked.selection,
            target=asked.target, property=name,
        )  # fmt: skip
        asked.requestor.send_event(given)
        self.display.flush()

    def _until_deleted(self, name: int) -> None:
        while True:
            event = self.next(X.PropertyNotify)
            if event.atom == name and event.state == X.PropertyDelete:
                return

    def next(self, kind: int) -> Event:
        """Return the next event of a kind; the target has its own pace."""
        limit = time.monotonic() + PATIENCE_S
        while time.monotonic() < limit:
            while self.display.pending_events():
                event = self.display.next_event()
                if event.type == kind:
                    return event
            select.select([self.display.fileno()], [], [], 0.1)
        raise AssertionError(("the target did not answer", kind))


@contextmanager
def a_client_window(display: str, *, owner: int | None = None) -> Iterator[int]:
    """Show a window that says whose it is, within another's frame; yields its id."""
    server = Display(display)
    root = server.screen().root
    frame = root.create_window(0, 0, 200, 100, 0, X.CopyFromParent)
    window = frame.create_window(0, 20, 200, 80, 0, X.CopyFromParent)
    pid = server.intern_atom("_NET_WM_PID")
    window.change_property(pid, Xatom.CARDINAL, 32, [owner or os.getpid()])
    window.map()
    frame.map()
    server.sync()
    try:
        yield window.id
    finally:
        server.close()
