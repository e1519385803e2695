"""The built program: what it must not carry, and a case accepted without a source tree.

The build is real (PyInstaller, about half a minute) and made once for this file.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.drag_source import Source
from tests.support.rigs import PASSPHRASE, an_island
from tests.support.screen import (
    ROOT,
    Keyboard,
    a_display,
    a_window,
    accept_the_draft,
    finished_draft,
    log_in,
)

# Rooms and libraries of the other side: none may come to a window PC.
FORBIDDEN = (
    "sync.district", "sync.seal.opening", "fastapi", "starlette", "uvicorn",
    "sqlalchemy", "alembic", "jinja2", "flet_web", "tests", "tools",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """A built program and PyInstaller's own lists of what went into it."""

    program: Path
    names: frozenset[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the desk once."""
    folder = tmp_path_factory.mktemp("built")
    made = subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR",
         "--distpath", str(folder / "dist"), "--workpath", str(folder / "work"),
         str(ROOT / "build.spec")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-3000:]
    names: set[str] = set()
    for table in (folder / "work" / "build").glob("*.toc"):
        names |= set(_names(ast.literal_eval(table.read_text("utf-8"))))
    return Built(folder / "dist" / "island-desk" / "island-desk", frozenset(names))


def _names(table: object) -> Iterator[str]:
    """Yield the first word of every (name, source, kind) row, however deep."""
    if isinstance(table, tuple) and len(table) >= 3 and isinstance(table[0], str):
        yield table[0]
    if isinstance(table, tuple | list):
        for row in table:
            yield from _names(row)


def _is_part_of(name: str, forbidden: str) -> bool:
    dotted = name.replace(os.sep, ".")
    return dotted == forbidden or dotted.startswith(f"{forbidden}.")


def test_p02_server_code_and_opening_keys_are_not_in_the_bundle(built: Built) -> None:
    """A stolen window PC holds nothing with which a batch could be opened."""
    found = [n for n in built.names for f in FORBIDDEN if _is_part_of(n, f)]

    assert found == []
    # The list is the real one: what a desk needs is on it.
    assert {"sync.client.engine", "desk_app.store.vault"} <= built.names
    assert any(name.startswith("client") for name in built.names)


def test_the_built_program_logs_in_and_accepts_a_case_with_an_empty_home(
    built: Built, tmp_path: Path
) -> None:
    """No source tree, nothing in HOME, nothing to extract: the window still works."""
    home, empty = tmp_path / "desk", tmp_path / "nobody"
    empty.mkdir()
    alone = {"HOME": str(empty), "PATH": "/usr/bin:/bin", "PYTHONPATH": ""}
    with an_island(tmp_path) as island, a_display() as display:
        finished_draft(island.desk)
        keyboard = Keyboard(display)
        command = [str(built.program), "--home", str(home), "window"]
        with a_window(keyboard, command, cwd=empty, **alone):
            log_in(keyboard)
            accept_the_draft(keyboard, island.desk, "built")
            # Files can be dragged to it: its window names another in its place.
            source = Source(display, int(keyboard.windows().split()[0]))
            assert source.proxy
            source.end()
        number = island.desk.cases().rows[0].number
        shown = subprocess.run(
            [str(built.program), "--home", str(home), "cases", "--json", "--login",
             "lin"],
            cwd=empty, env={**alone, "ISLAND_DESK_PASSPHRASE": PASSPHRASE},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert number in shown.stdout
    assert not (empty / ".flet").exists(), "the client was extracted after all"
