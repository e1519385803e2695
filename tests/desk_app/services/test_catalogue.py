"""A replacement edition: in by one verb, or every fault in words."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk_app.services import catalogue
from desk_app.services.catalogue import faults_of, load_edition, shipped
from schemas.catalogue import Edition
from schemas.problems import Code, Problem
from tests.support.rigs import a_desk

CURRENT = Edition.model_validate_json(shipped("edition"))


def _spoilt(spoil: Callable[[dict[str, Any]], object]) -> str:
    edition = json.loads(shipped("edition"))
    edition["edition"] = 2
    spoil(edition)
    return json.dumps(edition, ensure_ascii=False)


def _options(edition: dict[str, Any]) -> None:
    for item in edition["items"]:
        for field in item["fields"]:
            if isinstance(field["options"], str):
                field["options"] = "dict:nowhere"
                return


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda e: e["items"].pop(), CURRENT.items[-1].code),
        (lambda e: e["items"].append(e["items"][0]), CURRENT.items[0].code),
        (lambda e: e.pop("title"), "title"),
        (lambda e: e["items"][3].update(surprise=1), "items/3/surprise"),
        (lambda e: e["items"][0]["fields"][0].update(type="wish"),
         "items/0/fields/0/type"),
        (_options, "/fields/"),
    ],
)  # fmt: skip
def test_every_fault_has_a_place_and_words(
    spoil: Callable[[dict[str, Any]], object], place: str
) -> None:
    faults = faults_of(_spoilt(spoil), current=CURRENT)
    assert any(place in fault.place for fault in faults), faults
    # Whoever made the file reads Chinese, not the schema library's English.
    assert all(any(ch > "\u4e00" for ch in fault.what) for fault in faults), faults


def test_what_is_no_json_is_one_fault() -> None:
    (fault,) = faults_of("not json", current=CURRENT)
    assert fault.place


def test_a_newer_edition_is_in_use_at_once_and_an_older_one_refused(
    tmp_path: Path,
) -> None:
    desk = a_desk(tmp_path)
    text = _spoilt(lambda e: e["items"][0].update(name="改过的名称"))
    assert load_edition(desk.place, text) == ()
    assert catalogue.current_edition(desk.place).items[0].name == "改过的名称"
    with pytest.raises(Problem) as refused:
        load_edition(desk.place, text)
    assert refused.value.code is Code.EDITION_NOT_NEWER
    desk.lock()


def test_the_shipped_calendar_covers_the_year_it_was_shipped_in(tmp_path: Path) -> None:
    desk = a_desk(tmp_path)
    known = catalogue.current_calendar(desk.place).holidays.complete_through
    assert known >= datetime(2026, 12, 31, tzinfo=UTC).date()
    desk.lock()
