"""`python -m bench [NAME …]`: run the named benches, or all of them.

Each figure is printed as soon as it is known; at the end the bars stand in one table.
The exit code is 1 where one was missed.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import counter, line, search, window
from bench.measure import Comparison

BENCHES: dict[str, Callable[[Path], Iterator[Comparison | str]]] = {
    "counter": counter.run,
    "line": line.run,
    "search": search.run,
    "window": window.run,
}
# Single scenes of the line, by name: each takes minutes, on purpose.
_BAR = " (bar "
"""What a bench that prints its own table says where it holds a figure against one."""
SCENES = {f"line/{name}": scene for name, scene in line.SCENES.items()}


def main() -> None:
    """Run what was asked for, and say which bars were met."""
    chosen = sys.argv[1:] or list(BENCHES)
    known = {**BENCHES, **SCENES}
    if unknown := [name for name in chosen if name not in known]:
        sys.exit(f"no bench {', '.join(unknown)}; there are {', '.join(known)}")
    print(f"{'milliseconds':<58}{'median':>10}{'p95':>10}{'rounds':>7}")
    verdicts: list[str] = []
    for name in chosen:
        began = time.monotonic()
        print(f"-- {name}")
        with tempfile.TemporaryDirectory(prefix="island-desk-bench-") as folder:
            for result in known[name](Path(folder)):
                if isinstance(result, str):
                    texts, bars = [result], [result] if _BAR in result else []
                else:
                    texts, bars = result.lines(), result.verdicts()
                verdicts += bars
                for text in texts:
                    print(text, flush=True)
        print(f"({name} took {time.monotonic() - began:.0f} s)", flush=True)
    print(f"-- the bars\n{'':<58}{'ours':>10}{'bar':>8}")
    print("\n".join(verdicts))
    sys.exit(any("MISSED" in line for line in verdicts))


if __name__ == "__main__":
    main()
