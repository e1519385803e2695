"""Lines from a file: each judged by itself, none able to stop the others."""

import json
from pathlib import Path
from typing import Any

from desk_app.services.intake_lines import take_lines
from schemas.problems import Code
from tests.support.rigs import Island, an_island
from tools.sample_cases import sample_applicant, sample_form, sample_materials


def _line(island: Island, **changes: Any) -> bytes:
    edition = island.desk.edition()
    item = edition.item("HY12-01")
    assert item is not None
    line = {
        "item_code": item.code,
        "applicant": sample_applicant(item, seed=5),
        "form": sample_form(item, edition, seed=5),
        "materials": sample_materials(item),
        **changes,
    }
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def test_a_bad_line_of_any_sort_stops_none(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        good = _line(island)
        lines = [
            b"\xef\xbb\xbf" + good,  # as Windows' own editor begins a file
            b'{"item_code": "\xff\xfe"}\n',
            b"\n",
            b"[1, 2]\n",
            _line(island, surprise=1),
            _line(island, received_at="2026-01-01T08:00:00"),
            _line(island, received_at="2199-01-01T08:00:00+08:00"),
            _line(island, form={"vessel_name_no": ["x"] * 1000}),
            good,
        ]
        results = list(take_lines(island.desk, lines))

        assert [r.line for r in results] == [1, 2, 4, 5, 6, 7, 8, 9]
        codes = [r.problem.code if r.problem else None for r in results]
        assert codes == [
            None, *[Code.LINE_NOT_READABLE] * 4, Code.RECEIVED_IN_FUTURE,
            Code.FORM_HAS_FAULTS, None,
        ]  # fmt: skip
        assert results[6].faults
        assert {r.number for r in results if r.number} == {
            row.number for row in island.desk.cases().rows
        }
        assert island.desk.drafts() == ()
