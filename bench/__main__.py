"""`python -m bench [NAME …]`: run the named benches, or all of them."""

import sys
import tempfile
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
SCENES = {f"line/{name}": scene for name, scene in line.SCENES.items()}


def main() -> None:
    """Print each figure as soon as it is known."""
    chosen = sys.argv[1:] or list(BENCHES)
    known = {**BENCHES, **SCENES}
    if unknown := [name for name in chosen if name not in known]:
        sys.exit(f"no bench {', '.join(unknown)}; there are {', '.join(known)}")
    print(f"{'milliseconds':<58}{'median':>10}{'p95':>10}{'rounds':>7}")
    for name in chosen:
        print(f"-- {name}")
        with tempfile.TemporaryDirectory(prefix="island-desk-bench-") as folder:
            for result in known[name](Path(folder)):
                for text in [result] if isinstance(result, str) else result.lines():
                    print(text, flush=True)


if __name__ == "__main__":
    main()
