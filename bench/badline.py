"""What may be wrong with a line, and what a line has carried."""

from dataclasses import dataclass
from typing import Literal

How = Literal["reset", "close", "half-open"]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """What is wrong with a line; the default is nothing.

    Bandwidth in bits per second, times in seconds, spans drawn evenly.
    `cut_bytes` counts what was delivered both ways since the last cut on the line.
    """

    up_bps: float | None = None
    down_bps: float | None = None
    up_s: float = 0.0
    down_s: float = 0.0
    cut_bytes: Span | None = None
    cut_after_s: Span | None = None
    how: How = "reset"
    # One bit is turned every so many bytes; a piece is passed twice every so many.
    corrupt_bytes: int | None = None
    duplicate_bytes: int | None = None
    # A portal answers 200 and a page to everyone; refusing closes at once.
    portal: bool = False
    refuse: bool = False
    # What a client said on a connection that ended is said to the server again.
    replay: bool = False


@dataclass(slots=True)
class Carried:
    """What a line did so far: bytes that entered it, and bytes that arrived."""

    connections: int = 0
    cuts: int = 0
    sent_up: int = 0
    sent_down: int = 0
    arrived_up: int = 0
    arrived_down: int = 0
    corrupted: int = 0
    duplicated: int = 0
    replayed: int = 0

    @property
    def sent(self) -> int:
        """Bytes that entered the line, both ways: what a meter would bill."""
        return self.sent_up + self.sent_down

    @property
    def arrived(self) -> int:
        """Bytes that arrived, both ways."""
        return self.arrived_up + self.arrived_down


def slow_line(*, kbit: float, rtt_ms: float) -> Line:
    """Return a line of equal bandwidth and delay in both directions."""
    return Line(
        up_bps=kbit * 1000,
        down_bps=kbit * 1000,
        up_s=rtt_ms / 2000,
        down_s=rtt_ms / 2000,
    )


def portal_answer() -> bytes:
    """Return what a captive portal says to whatever it is asked."""
    page = b"<html><body>Welcome to harbour Wi-Fi. Sign in.</body></html>"
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(page), page)
    )
