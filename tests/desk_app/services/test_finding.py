"""What a case is found by is written after it, and no case is ever missed by that."""

import dataclasses
import shutil
from pathlib import Path

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import finding, registers, steps
from desk_app.services.desk import Desk
from desk_app.services.hands import Workplace
from desk_app.services.shown import Draft
from desk_app.store import cases, search, vessels
from tests.support.counter import ITEM, Counter
from tests.support.rigs import PASSPHRASE
from tests.support.rows import a_case


def _is_behind(place: Workplace) -> bool:
    with place.vault.read() as tx:
        return search.found_to(tx) < cases.last_id(tx)


def _numbers(desk: Desk, text: str) -> list[str]:
    return [row.number for row in desk.cases(text, page_size=100).rows]


def test_a_save_leaves_the_words_and_the_first_search_finds_them(
    counter: Counter,
) -> None:
    number = counter.take(seed=4001)
    assert _is_behind(counter.place)
    assert _numbers(counter.desk, "4001") == [number]
    assert not _is_behind(counter.place)


def test_p01_a_power_cut_right_after_the_save_hides_no_case(
    counter: Counter, tmp_path: Path
) -> None:
    number = counter.take(seed=4002)
    # What is on the disk at this moment: no words, no register, a mark that lags.
    shutil.copytree(counter.places.vault.parent, tmp_path / "after")
    desk = Desk(places(tmp_path / "after"), real_hands())
    desk.unlock("lin", PASSPHRASE)
    assert not _is_behind(desk.place)
    assert _numbers(desk, "4002") == [number]
    desk.lock()


def test_registers_and_recall_know_who_was_just_here(counter: Counter) -> None:
    number = counter.take(seed=4003)
    (known,) = counter.desk.recall_applicants("13900004003")
    assert known.phone == "13900004003"
    counter.take(seed=4004)
    vessel = counter.desk.case(number).application.form["vessel_name_no"]
    assert str(vessel) in {
        each.name for each in registers.find_vessels(counter.place, str(vessel))
    }
    assert not _is_behind(counter.place)


def test_a_case_corrected_before_it_was_found_is_found_by_its_new_words(
    counter: Counter,
) -> None:
    number = counter.take(seed=4005)
    assert _is_behind(counter.place)
    corrected = counter.desk.correction_draft(number)
    form = {**corrected.form, "vessel_name_no": "闽秀渔44005"}
    draft = dataclasses.replace(corrected, form=form)
    steps.correct_on_spot(counter.place, _kept(counter, draft), what="船名")
    assert _numbers(counter.desk, "闽秀渔44005") == [number]
    with counter.place.vault.read() as tx:
        (vessel,) = vessels.find(tx, "闽秀渔44005", limit=9)
    assert vessel.number == number


def _kept(counter: Counter, draft: Draft) -> Draft:
    return counter.desk.save_draft(draft)


def test_many_cases_are_caught_up_with_at_once_and_only_once(counter: Counter) -> None:
    finding.catch_up(counter.place)
    numbers = {counter.take(seed=4100 + n) for n in range(3)}
    assert finding.catch_up(counter.place) == len(numbers)
    assert finding.catch_up(counter.place) == 0


def test_a_case_whose_entry_is_lost_is_found_by_its_row_and_stops_nobody(
    counter: Counter,
) -> None:
    with counter.place.vault.write() as tx:
        a_case(tx, "350305107-09-20260601-0001-0", applicant_name="孤零零",
               vessel="闽秀渔90909", words=None)  # fmt: skip
    after = counter.take(seed=4300)
    counter.as_("lin")
    assert _numbers(counter.desk, "孤零") == ["350305107-09-20260601-0001-0"]
    assert _numbers(counter.desk, "闽秀渔90909") == ["350305107-09-20260601-0001-0"]
    assert _numbers(counter.desk, "4300") == [after]


def test_a_case_is_searched_by_what_people_say_of_it(counter: Counter) -> None:
    number = counter.take(ITEM, seed=4201)
    application = counter.desk.case(number).application
    words = finding.words_of(application).split()
    name = application.applicant.name
    assert name[:2] in words
    assert {"南日", "日镇"} <= set(words), "the address"
    assert not any(len(word) > 60 for word in words)
    essay = application.model_copy(update={"form": {"essay": "很长的话" * 30}})
    assert "很长" not in finding.words_of(essay)
