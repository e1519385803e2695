"""`limits`: what intake grants is shown in words and as JSON, and set by name."""

import json
from dataclasses import asdict

from schemas.problems import Code
from sync.district.ledger.uploads import LIMITS, Limits
from tests.support.commands import Run


def test_what_is_granted_is_shown_in_words_and_as_json(run: Run) -> None:
    assert json.loads(run("limits", "--json").output) == asdict(Limits())
    lines = run("limits").output.splitlines()
    assert len(lines) == len(LIMITS)
    assert any("268,435,456" in each for each in lines)


def test_a_limit_that_is_set_stays(run: Run) -> None:
    assert run("limits", "bytes_per_hour", "4096").exit_code == 0
    assert json.loads(run("limits", "--json").output)["bytes_per_hour"] == 4096


def test_what_is_no_limit_is_refused_by_number(run: Run) -> None:
    for words in (("nothing", "1"), ("desk_bytes",)):
        done = run("limits", *words)
        assert done.exit_code == 1, words
        assert f"[{int(Code.LIMIT_OUT_OF_RANGE)}]" in done.output
    assert run("limits", "desk_bytes", "-1").exit_code == 2, "no option of that name"
    assert json.loads(run("limits", "--json").output) == asdict(Limits())
