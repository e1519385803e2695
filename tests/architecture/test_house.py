"""The house keeps its own rules."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.problems import Code

ROOT = Path(__file__).parents[2]
MODULES = [
    p for top in ("schemas", "sync", "desk_app") for p in (ROOT / top).rglob("*.py")
]
HAN = re.compile(r"[\u4e00-\u9fff]")
CLOCKS = {
    "now",
    "utcnow",
    "time",
    "monotonic",
    "uuid4",
    "token_bytes",
    "urandom",
    "today",
}
# The composition roots read the clock and throw the dice; the two others are drivers
# of a screen's idle time and a page's session token, lent to nobody.
ROOTS = ("boot/", "views/shell.py", "console/app.py")


def _words(table: str) -> dict[str, dict[str, str]]:
    path = ROOT / "assets" / "text" / f"{table}.zh-CN.toml"
    return tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_every_number_has_words(code: Code) -> None:
    words = _words("problems")[f"p{int(code)}"]
    assert all(words[part] for part in ("title", "cause", "do"))


def test_no_words_without_a_number() -> None:
    known = {f"p{int(code)}" for code in Code}
    assert set(_words("problems")) == known


def _raised(text: str) -> Iterator[tuple[str, set[str]]]:
    """Yield (number's name, placeholders given) of problems made in one piece."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(
                func=ast.Name(id="Problem"),
                args=[ast.Attribute(value=ast.Name(id="Code"), attr=name)],
            ) if all(each.arg for each in node.keywords):
                yield name, {each.arg or "" for each in node.keywords}
            case ast.Call(
                func=ast.Name(id="FieldFault"),
                args=[
                    _,
                    ast.Attribute(value=ast.Name(id="Code"), attr=name),
                    ast.Dict(keys=keys),
                ],
            ):
                given = {k.value for k in keys if isinstance(k, ast.Constant)}
                yield name, set(map(str, given))


def test_whoever_reports_a_problem_fills_its_words() -> None:
    """Else a clerk reads `{key}`."""
    words = _words("problems")
    bare = [
        f"{path.relative_to(ROOT)}: {name} without {missing}"
        for path in MODULES
        for name, given in _raised(path.read_text("utf-8"))
        if (missing := _placeholders(words[f"p{int(Code[name])}"]) - given)
    ]
    assert bare == []


def _placeholders(words: dict[str, str]) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", "".join(words.values())))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_small_and_speaks_english(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 500
    literals = [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    docstrings = {ast.get_docstring(n, clean=False) for n in _documented(text)}
    spoken = [each for each in literals if HAN.search(each) and each not in docstrings]
    assert spoken == []


def _documented(text: str) -> Iterator[ast.AST]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_p09_no_clock_and_no_dice_below_the_composition_root(path: Path) -> None:
    if any(root in path.as_posix() for root in ROOTS):
        return
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time", "uuid", "secrets", "os"}
    ]
    assert calls == []


def test_pins_have_hashes_and_name_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_key_of_the_text_catalogue_that_is_used_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    if "desk_app" not in path.parts or "printing" in path.parts:
        return
    table = {
        f"{section}.{key}"
        for name in ("desk", "print")
        for section, entries in _words(name).items()
        for key in entries
    }
    used = set(re.findall(r'words\("([a-z_]+\.[a-z_]+)"', text))
    assert used <= table
