"""A district put back, whole or one database of it: desks give back what it lost."""

import shutil
from pathlib import Path

import pytest

from schemas.case import CaseState, Refused
from sync.district.reconcile.answering import answer_case
from tests.support.putting_back import (
    an_island_at,
    answered,
    district_of,
    now,
    reckon,
    restored,
    settle,
    told,
)
from tests.support.rigs import (
    free_port,
    take_case,
)


@pytest.mark.parametrize("which", ["both", "sealed.db", "record.db"])
def test_p08_a_district_put_back_gets_again_what_it_lost(
    tmp_path: Path, which: str
) -> None:
    """Either of its databases, or both: entries, answers and positions are mended."""
    home, saved, port = tmp_path / "district", tmp_path / "saved", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        numbers = {take_case(desk, "HY12-01", seed=n) for n in range(2)}
        settle(desk, district, rounds=2)
        first = min(numbers)
        answered(district, first)
        settle(desk, district, rounds=2)
    shutil.copytree(home, saved)
    with district_of(home, port) as district:
        numbers |= {take_case(desk, "HY12-01", seed=n) for n in range(2, 4)}
        settle(desk, district, rounds=2)
        for number in numbers - {first}:
            answered(district, number)
        settle(desk, district, rounds=2)
        reckon(desk, district, numbers)
        incarnation = district.sealed.contacts.incarnation()
    for file in ("intake/sealed.db", "reconcile/record.db"):
        if which in {"both", file.split("/")[1]}:
            for part in home.glob(f"{file}*"):
                part.unlink()
            shutil.copy(saved / file, home / file)

    with district_of(home, port) as district:
        numbers.add(take_case(desk, "HY12-01", seed=9))
        settle(desk, district, rounds=5)
        last = max(numbers)
        answered(district, last)
        settle(desk, district, rounds=2)

        reckon(desk, district, numbers)
        for number in numbers:
            assert district.record.case(number).state == CaseState.GRANTED  # type: ignore[union-attr]
            assert len(desk.case(number).answers) == 1
            assert len(district.record.answers_of(number)) == 1
        if which != "record.db":
            assert "district_behind" in told(desk)
            assert district.sealed.contacts.incarnation() != incarnation
        if which != "sealed.db":
            assert "answers_reported" in told(desk)
    desk.lock()


def test_p08_of_two_contrary_decisions_the_first_stands_on_both_sides(
    tmp_path: Path,
) -> None:
    """Granted, told, forgotten with a backup, refused before the desk called again."""
    home, saved, port = tmp_path / "district", tmp_path / "saved", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        number = take_case(desk, "HY12-01", seed=1)
        settle(desk, district, rounds=2)
    shutil.copytree(home, saved)
    with district_of(home, port) as district:
        answered(district, number)
        settle(desk, district, rounds=2)
    restored(home, saved)

    with district_of(home, port) as district:
        refusal = Refused(reason="资源保护", remedies="申请复议")
        answer_case(district.record, number, refusal, by="审核", now=now())
        settle(desk, district, rounds=5)

        reckon(desk, district, {number})
        case = district.record.case(number)
        assert case is not None
        assert case.state == CaseState.GRANTED
        kinds = [each.answer.kind for each in desk.case(number).answers]
        assert sorted(kinds) == ["granted", "refused"]
        found = district.record.findings.of(open_only=True)
        assert ("two_decisions", number) in {
            (each.finding.kind, each.finding.number) for each in found
        }
    desk.lock()
