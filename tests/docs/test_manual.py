"""The user manual is whole: every screen and document has its picture and its page."""

import re
from pathlib import Path

import pytest
from PIL import Image

from desk_app.boot.window import SCREENS
from desk_app.services.papers import ALL_KINDS

MANUAL = Path(__file__).parents[2] / "docs" / "manual"
PAGES = sorted(MANUAL.glob("*.md"))
PICTURES = sorted(MANUAL.glob("*/*.png"))
LINK = re.compile(r"\]\(([^)#]+)")
# What can be downloaded over an island's line, and kept in a repository.
LARGEST = 8 * 2**20


def _links(page: Path) -> list[str]:
    return LINK.findall(page.read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert page.read_text("utf-8").startswith("# ")
    assert [each for each in _links(page) if not (MANUAL / each).is_file()] == []


def test_every_picture_stands_on_a_page() -> None:
    linked = {(MANUAL / each).resolve() for page in PAGES for each in _links(page)}
    assert [each.name for each in PICTURES if each.resolve() not in linked] == []


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_has_its_picture(screen: str) -> None:
    assert (MANUAL / "screens" / f"{screen}.png").is_file()


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_document_has_its_picture(kind: str) -> None:
    assert (MANUAL / "documents" / f"{kind}.png").is_file()


def test_the_index_names_every_page() -> None:
    named = set(_links(MANUAL / "README.md"))
    assert {page.name for page in PAGES} - {"README.md"} <= named


@pytest.mark.parametrize("picture", PICTURES, ids=lambda each: each.stem)
def test_a_picture_shows_something(picture: Path) -> None:
    with Image.open(picture) as shown:
        low, high = shown.convert("L").getextrema()
        assert high - low > 100


def test_the_manual_is_small() -> None:
    assert sum(each.stat().st_size for each in PICTURES) < LARGEST
