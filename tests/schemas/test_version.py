"""The program's version: one place, and all that repeat it agree."""

import re
import tomllib
from pathlib import Path

from schemas.version import VERSION

ROOT = Path(__file__).parents[2]


def test_the_package_and_the_changelog_say_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_a_version_can_be_compared_and_fits_a_greeting() -> None:
    """`Contact.program` holds 40 characters; golden folders are named by it."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    released = [each.name for each in (ROOT / "tests" / "golden").glob("[0-9]*")]
    newest = max(tuple(map(int, name.split("."))) for name in released)
    assert newest <= tuple(map(int, VERSION.split(".")))
