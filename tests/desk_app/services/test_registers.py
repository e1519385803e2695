"""Owners, vessels, certificates and agents, recalled from earlier cases."""

import dataclasses
from datetime import timedelta

from desk_app.services import registers, steps
from desk_app.services.receiving import When, receive_case
from desk_app.services.registers import PARTICULARS, VesselShown, answers_from
from desk_app.services.shown import Draft
from schemas.applicant import identity_of
from schemas.case import MaterialForm, MaterialTaken
from tests.support.counter import Counter

AGENT_ID = "11010519491231002X"


def _take(counter: Counter, draft: Draft) -> str:
    counter.desk.save_draft(draft)
    return receive_case(counter.place, draft.draft_id, When())


def _of_vessel(counter: Counter, name: str, *, ends: str = "2026-08-01") -> str:
    draft = counter.draft(seed=30)
    form = {**draft.form, "vessel_name_no": name, "old_cert_expiry": ends}
    return _take(counter, dataclasses.replace(draft, form=form))


def test_a_vessel_is_found_by_a_part_of_its_name_and_by_its_owner(
    counter: Counter,
) -> None:
    number = _of_vessel(counter, "闽秀渔99601")
    owner = identity_of(counter.desk.case(number).application.applicant)
    (found,) = registers.find_vessels(counter.place, " 99601 ")
    assert (found.name, found.owner) == ("闽秀渔99601", owner)
    assert found.form["vessel_name_no"] == "闽秀渔99601"
    names = {each.name for each in registers.vessels_of(counter.place, owner)}
    assert "闽秀渔99601" in names
    assert registers.find_vessels(counter.place, "闽秀渔00000") == ()


def test_a_vessel_is_shown_as_it_was_corrected(counter: Counter) -> None:
    number = _of_vessel(counter, "闽秀渔99602")
    draft = counter.desk.correction_draft(number)
    form = {**draft.form, "loa_m": "21.5"}
    steps.correct_on_spot(
        counter.place, dataclasses.replace(draft, form=form), what="船长更正"
    )
    (found,) = registers.find_vessels(counter.place, "99602")
    assert found.form["loa_m"] == "21.5"


def test_what_ends_within_ninety_days_is_told_and_what_ended_says_so(
    counter: Counter,
) -> None:
    soon, later = "闽秀渔99603", "闽秀渔99604"
    _of_vessel(counter, soon, ends="2026-08-01")
    _of_vessel(counter, later, ends="2026-12-01")
    assert registers.ending_soon(counter.place, vessel=later) == ()
    (known,) = registers.certificates_of(counter.place, vessel=later)
    assert (known.valid_until.isoformat(), known.ended) == ("2026-12-01", False)
    (ending,) = registers.ending_soon(counter.place, vessel=soon)
    assert not ending.ended
    counter.watch.later(days=70)
    (ended,) = registers.ending_soon(counter.place, vessel=soon)
    assert ended.ended


def test_who_may_act_for_whom_and_until_when(counter: Counter) -> None:
    draft = counter.draft(seed=33)
    agent = {
        "agent_used": True, "agent_name": "陈阿妹", "agent_relation": "亲属",
        "agent_id": AGENT_ID,
    }  # fmt: skip
    taken = [each for each in draft.materials if each.key != "poa"]
    poa = MaterialTaken(key="poa", form=MaterialForm.ORIGINAL, valid_until="2026-06-30")
    number = _take(
        counter,
        dataclasses.replace(
            draft, form={**draft.form, **agent}, materials=(*taken, poa)
        ),
    )
    owner = identity_of(counter.desk.case(number).application.applicant)
    (found,) = registers.agents_of(counter.place, owner)
    assert (found.name, found.number, found.ended) == ("陈阿妹", number, False)
    assert registers.acts_for(counter.place, f" {AGENT_ID.lower()} ") == (found,)
    counter.watch.now += timedelta(days=30)
    (found,) = registers.agents_of(counter.place, owner)
    assert found.ended


def test_only_what_stays_with_the_hull_is_filled_in_again() -> None:
    vessel = VesselShown(
        "闽秀渔99605", "x",
        {"loa_m": "12", "fishing_period": "全年", "old_cert_no": "1", "builder": "厂"},
    )  # fmt: skip
    asked = frozenset({"loa_m", "fishing_period", "old_cert_no", "vessel_name_no"})
    assert answers_from(vessel, asked) == {"loa_m": "12"}
    assert not PARTICULARS & {"old_cert_no", "old_cert_expiry", "fishing_period"}
