"""What it took to carry something over a bad line: bytes, tries, seconds, CPU.

Rule 1: every contender has the same line, of the same seed, in a process of its own.
Rule 2: bytes are those that entered the line, both ways (what a meter bills), and
        beside them those that arrived; what a cut destroyed is the difference.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(slots=True)
class Travel:
    """One contender on one line."""

    who: str
    done: bool = False
    seconds: float = 0.0
    cpu: float = 0.0
    tries: int = 0
    line: dict[str, int] = field(default_factory=dict)
    note: str = ""

    @property
    def sent(self) -> int:
        """Bytes that entered the line, both ways."""
        return self.line["sent_up"] + self.line["sent_down"]

    @property
    def arrived(self) -> int:
        """Bytes that arrived, both ways."""
        return self.line["arrived_up"] + self.line["arrived_down"]

    def row(self) -> str:
        """Return a row of the table."""
        end = "" if self.done else "  DID NOT END"
        return (
            f"{self.who:<44}{self.sent:>12,}{self.arrived:>12,}{self.seconds:>9.1f} s"
            f"{self.cpu:>8.1f} s{self.tries:>7}{self.line['cuts']:>6}{end}{self.note}"
        )


HEADER = (
    f"{'':<44}{'bytes sent':>12}{'arrived':>12}{'time':>11}{'CPU':>10}{'tries':>7}"
    f"{'cuts':>6}"
)


@dataclass(slots=True)
class RunningLine:
    """A line in a process of its own; `carried` is filled when it ends."""

    port: int
    carried: dict[str, int] = field(default_factory=dict)


@contextmanager
def a_line(to_port: int, *options: str) -> Iterator[RunningLine]:
    """Put a bad line in front of a port of this machine until the block ends."""
    program = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bench.faultproxy", "--to", f"127.0.0.1:{to_port}",
         *options],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    if program.stdout is None:
        raise OSError
    line = RunningLine(int(json.loads(program.stdout.readline())["port"]))
    try:
        yield line
    finally:
        program.send_signal(signal.SIGINT)
        line.carried.update(json.loads(program.stdout.readline()))
        program.kill()
        program.wait(timeout=20)
        program.stdout.close()
