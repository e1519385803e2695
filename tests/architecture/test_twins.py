"""Every module has its unit tests beside it: `a/b/c.py` in `tests/a/b/test_c.py`.

A rung of a ladder is climbed by tests of its number, and `__init__` holds no code.
There is no list of exceptions: none is missing, and a new module brings its own.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOPS = ("desk_app", "schemas", "sync")
_RUNG = re.compile(r"[mv]\d{4}_\w+\.py")


def _modules() -> list[Path]:
    found = (path for top in TOPS for path in (ROOT / top).rglob("*.py"))
    return sorted(
        path.relative_to(ROOT)
        for path in found
        if path.name != "__init__.py" and not _RUNG.fullmatch(path.name)
    )


def _tests_in(file: Path) -> list[str]:
    if not file.is_file():
        return []
    return [
        node.name
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("module", _modules(), ids=str)
def test_a_module_has_its_tests_beside_it(module: Path) -> None:
    twin = Path("tests") / module.with_name(f"test_{module.name}")
    assert _tests_in(ROOT / twin), f"write {twin}"


def test_a_package_holds_no_code_of_its_own() -> None:
    """What an `__init__` did would have no twin and run at every import below it."""
    said = [
        str(path.relative_to(ROOT))
        for top in TOPS
        for path in (ROOT / top).rglob("__init__.py")
        if any(
            not isinstance(node, ast.Expr)
            for node in ast.parse(path.read_text("utf-8")).body
        )
    ]
    assert said == []
