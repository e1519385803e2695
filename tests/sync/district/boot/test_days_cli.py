"""Commands about days: listed, shown with both statements, ruled on; silent desks."""

import json
from typing import Any

from schemas.problems import Code
from schemas.statement import DayQuestion
from sync.district.boot.district import District
from sync.district.config.words import words
from tests.support.closings import DAY, ClosingDesk
from tests.support.commands import Run
from tests.support.ledgers import granted


def _json(run: Run, *words: str) -> Any:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def _differing(district: District) -> ClosingDesk:
    desk = ClosingDesk(district.record, district.keys, granted(district.sealed))
    desk.did(1)
    desk.did(2, filed=False)
    said = desk.close(3)
    assert said.feedback is not None
    desk.answer(DayQuestion.model_validate_json(said.feedback), 4)
    return desk


def test_days_are_listed_and_one_is_shown_with_both_statements(
    run: Run, district: District
) -> None:
    desk = _differing(district)
    (line,) = _json(run, "statements", "list")
    assert (line["day"], line["state"], line["differences"]) == (DAY, "differs", 1)
    page = _json(run, "statements", "show", desk.writer.device, DAY)
    assert page["desk"]["root"] != page["district"]["root"]
    assert page["agreement"] is None
    lines = run("statements", "show", desk.writer.device, DAY).output.splitlines()
    assert lines[1].removeprefix("= ") == page["desk"]["root"]
    assert DAY in run("statements", "list", "--limit", "1").output


def test_a_ruling_countersigns_the_day_and_goes_out(
    run: Run, district: District
) -> None:
    desk = _differing(district)
    (finding,) = _json(run, "findings", "list")
    number = str(finding["id"])

    done = run("findings", "rule", number, "--ruling", "以纸质件为准", "--by", "赵主任")

    assert done.exit_code == 0, done.output
    assert "以纸质件为准" in done.output
    assert district.record.days.agreement(desk.key(3)) is not None
    assert district.record.unsent() == (), "sealed for the desk at once"
    assert _json(run, "findings", "list") == []
    (ruled,) = _json(run, "findings", "list", "--all")
    assert ruled["ruling"]["ruled_by"] == "赵主任"
    again = run("findings", "rule", number, "--ruling", "再裁", "--by", "赵主任")
    assert (again.exit_code, f"[{int(Code.FINDING_RULED)}]" in again.output) == (
        1,
        True,
    )


def test_what_the_days_agreement_settled_is_listed_with_all_and_not_ruled_on(
    run: Run, district: District
) -> None:
    desk = _differing(district)
    (found,) = _json(run, "findings", "list")
    desk.offer(2, at=5)
    desk.close(6, version=2)
    assert _json(run, "findings", "list") == []
    (kept,) = _json(run, "findings", "list", "--all")
    assert (kept["id"], kept["ruling"]) == (found["id"], None)
    assert kept["settled_at"] is not None
    assert (
        words("district")["findings.settled"] in run("findings", "list", "--all").output
    )
    number = str(found["id"])
    done = run("findings", "rule", number, "--ruling", "已核对", "--by", "赵主任")
    assert done.exit_code == 1
    assert f"[{int(Code.FINDING_SETTLED)}]" in done.output


def test_a_finding_that_is_none_is_a_numbered_problem(run: Run) -> None:
    done = run("findings", "rule", "9", "--ruling", "已核对", "--by", "赵")
    assert done.exit_code == 1
    assert f"[{int(Code.FINDING_UNKNOWN)}]" in done.output


def test_desks_are_listed_by_their_silence(run: Run, district: District) -> None:
    assert _json(run, "desks") == []
    desk = granted(district.sealed, "05")
    (heard,) = _json(run, "desks")
    assert (heard["device"], heard["silent"]) == (desk.device, True)
    assert "05" in run("desks").output


def test_a_day_of_nobody_is_an_empty_page(run: Run) -> None:
    page = _json(run, "statements", "show", "0" * 32, DAY)
    assert (page["line"]["state"], page["desk"], page["findings"]) == ("open", None, [])
