"""`quarantine`: what could not be filed, with its case masked, and why."""

import json

from schemas.base import utc_text
from schemas.problems import Code
from sync.district.boot.district import District
from sync.district.ledger.asides import heal
from tests.support.commands import Run
from tests.support.ledgers import NOW, file_line, granted


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
    assert (row["epoch"], row["sequence"], row["settled"]) == (1, 2, "")
    assert (row["problem"], row["reason"]) == (int(Code.CHAIN_FORKED), "not its number")
    assert row["title"]
    first, second = run("quarantine").output.splitlines()
    assert "04" in first
    assert "1/2" in first
    assert f"[{int(Code.CHAIN_FORKED)}]" in second


def test_what_was_healed_since_says_by_which_entry(
    run: Run, district: District
) -> None:
    desk = granted(district.sealed)
    file_line(district.record, desk, 1, problem=Code.ENTRY_WITHHELD)
    file_line(district.record, desk, 2)
    district.record.keep(
        lambda c: heal(c, desk.device, [(1, 1)], by=(1, 2), at=utc_text(NOW)),
        device="", feedback=None,
    )  # fmt: skip
    (row,) = json.loads(run("quarantine", "--json").output)
    assert row["settled"] == "1/2"
    assert "1/2" in run("quarantine").output.splitlines()[1]
