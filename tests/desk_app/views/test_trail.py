"""The audit trail: a page at a time, in words, and only for supervisors."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import desk_app
from desk_app.services import access
from desk_app.services.desk import Desk
from desk_app.store import audit
from desk_app.text.words import Words
from schemas.casework import MOVES
from tests.support.headless import a_headless_window
from tests.support.rigs import PASSPHRASE

NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


async def test_the_audit_trail_turns_back_and_is_a_supervisors(desk: Desk) -> None:
    with desk.place.vault.write() as tx:
        for _ in range(60):
            audit.note(tx, "unlocked", "", operator=None, now=NOON)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("trail")
        newest = access.trail(desk.place, limit=1)[0].position
        await seen.until_shown(str(newest))
        await seen.key("Page Down")
        await seen.until(lambda: f"\n{newest}\n" not in seen.texts())
        desk.unlock("chen", PASSPHRASE)
        await seen.shell.go("trail")
        await seen.until_shown("[1", "主管")


def _noted_anywhere() -> Iterator[str]:
    """Every act that the program's own source writes into the trail."""
    for file in Path(desk_app.__path__[0]).rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            if ast.unparse(call.func) not in {"audit.note", "_note", "self._note"}:
                continue
            for part in (*call.args, *(each.value for each in call.keywords)):
                # A pair is an act and its subject.
                act = part.elts[0] if isinstance(part, ast.Tuple) else part
                if isinstance(act, ast.Constant) and "_" in str(act.value):
                    yield str(act.value)


def test_every_act_that_is_noted_has_words() -> None:
    acts = {*_noted_anywhere(), *MOVES, "adopted", "cloned", "healed", "restored"}
    assert {"backup_folder_chosen", "operator_added", "batch_receipted"} <= acts
    words = Words("desk")
    assert [act for act in sorted(acts) if not words.has(f"trail.{act}")] == []
