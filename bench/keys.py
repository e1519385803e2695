"""A key pressed by the X server's test extension: no program is started to send it.

`xdotool`, which the tests press keys with, is a process a key: 6 to 30 ms of a busy
machine that are not the window's. It presses by the same extension.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

_NOW = 0


class Keys:
    """One connection to a display, kept open."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XStringToKeysym.restype = ctypes.c_ulong
        self._x.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        self._x.XKeysymToKeycode.restype = ctypes.c_ubyte
        self._x.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self._x.XCloseDisplay.argtypes = [ctypes.c_void_p]
        self._test.XTestFakeKeyEvent.argtypes = [
            ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong,
        ]  # fmt: skip
        self._server = self._x.XOpenDisplay(display.encode())
        if not self._server:
            raise ConnectionError(display)

    def press(self, name: str) -> None:
        """Press and let go of one key; returns when the server has it."""
        symbol = self._x.XStringToKeysym(name.encode())
        code = self._x.XKeysymToKeycode(self._server, symbol)
        if not code:
            raise LookupError(name)
        for down in (1, 0):
            self._test.XTestFakeKeyEvent(self._server, code, down, _NOW)
        self._x.XSync(self._server, 0)

    def close(self) -> None:
        """Let go of the display."""
        self._x.XCloseDisplay(self._server)


@contextmanager
def keys_of(display: str) -> Iterator[Keys]:
    """Press keys of a display until the block ends."""
    keys = Keys(display)
    try:
        yield keys
    finally:
        keys.close()
