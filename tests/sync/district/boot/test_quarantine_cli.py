"""`quarantine`: what could not be filed, with its case masked, and why."""

import json

from schemas.encoding import base64_text
from schemas.problems import Code
from sync.district.boot.district import District
from sync.district.reconcile.bridging import supplies
from tests.support.commands import Run
from tests.support.ledgers import file_line, granted


def test_a_district_that_filed_everything_has_nothing_to_list(run: Run) -> None:
    assert json.loads(run("quarantine", "--json").output) == []
    assert run("quarantine").output.strip() == ""


def test_what_was_set_aside_is_listed_by_desk_place_and_reason(
    run: Run, district: District
) -> None:
    desk = granted(district.sealed, "04")
    file_line(district.record, desk, 1)
    file_line(
        district.record, desk, 2, problem=Code.CHAIN_FORKED, reason="not its number"
    )
    (row,) = json.loads(run("quarantine", "--json").output)
    assert (row["epoch"], row["sequence"], row["settled"]) == (1, 2, False)
    assert (row["problem"], row["reason"]) == (int(Code.CHAIN_FORKED), "not its number")
    assert row["title"]
    first, second = run("quarantine").output.splitlines()
    assert "04" in first
    assert "1/2" in first
    assert f"[{int(Code.CHAIN_FORKED)}]" in second


def test_what_its_desk_supplied_since_is_settled(run: Run, district: District) -> None:
    desk = granted(district.sealed)
    file_line(district.record, desk, 1, problem=Code.ENTRY_WITHHELD)
    offer = {
        "kind": "entry_offered", "epoch": 1, "sequence": 1,
        "entry": base64_text(desk.line(1)),
    }  # fmt: skip
    remark = supplies(desk.line(2, body_of=offer))
    file_line(district.record, desk, 2, reason=remark)
    (row,) = json.loads(run("quarantine", "--json").output)
    assert row["settled"]
