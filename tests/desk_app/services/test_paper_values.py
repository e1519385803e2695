"""What a document's sentences say: from the case's steps and the catalogue alone."""

import dataclasses
import json
from datetime import date

import pytest

from desk_app.services import paper_values
from desk_app.services.catalogue import shipped
from desk_app.services.shown import CaseView
from schemas.case import MaterialForm, MaterialTaken
from schemas.catalogue import Item
from schemas.steps import (
    Acceptance,
    CaseAccepted,
    CaseSentBack,
    CorrectionRequested,
    DeferralExtended,
    Owed,
    ResultDelivered,
)
from tests.support.counter import ITEM, MONDAY, Counter


@pytest.fixture(scope="module")
def view(made: Counter) -> CaseView:
    return made.desk.case(made.take(seed=60))


@pytest.fixture(scope="module")
def item(made: Counter) -> Item:
    found = made.desk.edition().item(ITEM)
    assert found is not None
    return found


def _accepted(view: CaseView, mode: Acceptance = Acceptance.DEFERRED, *,
              deemed: bool = False) -> CaseAccepted:  # fmt: skip
    owed = (Owed(material="vinsp", due="2026-06-10"),)
    return CaseAccepted(
        number=view.row.number, at=MONDAY, mode=mode, owed=owed, deemed=deemed,
        commitment="界址无争议",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "deemed", "body"),
    [
        (Acceptance.FULL, False, "body"),
        (Acceptance.DEFERRED, False, "body_deferred"),
        (Acceptance.COMMITMENT, False, "body_committed"),
        (Acceptance.FULL, True, "body_deemed"),
    ],
)
def test_an_acceptance_says_how_it_came_about(
    view: CaseView, item: Item, mode: Acceptance, *, deemed: bool, body: str
) -> None:
    steps = {"case_accepted": _accepted(view, mode, deemed=deemed)}
    values, _ = paper_values.said("acceptance", view, item, steps)
    assert (values["body"], values["received_on"]) == (body, "2026-06-01")
    assert values["accepted_at"].startswith("2026")


def test_what_is_owed_is_listed_with_its_last_day(view: CaseView, item: Item) -> None:
    extended = DeferralExtended(
        number=view.row.number, at=MONDAY, reason="未回港",
        owed=(Owed(material="vinsp", due="2026-06-20"),),
    )  # fmt: skip
    steps = {"case_accepted": _accepted(view)}
    name = paper_values.material_name(item, "vinsp")
    _, lines = paper_values.said("deferred", view, item, steps)
    assert lines == ((name, "2026-06-10"),)
    _, later = paper_values.said(
        "deferred", view, item, {**steps, "deferral_extended": extended}
    )
    assert later == ((name, "2026-06-20"),)


def test_a_correction_numbers_all_that_is_missing(view: CaseView, item: Item) -> None:
    asked = CorrectionRequested(
        number=view.row.number, at=MONDAY, missing=("签字", "图"), due="2026-06-10",
        reason="看不清",
    )  # fmt: skip
    values, lines = paper_values.said(
        "correction", view, item, {"correction_requested": asked}
    )
    assert lines == (("1", "签字"), ("2", "图"))
    assert (values["due"], values["reason"]) == ("2026-06-10", "看不清")


def test_a_commitment_is_the_applicants_words_or_room_to_write_them(
    view: CaseView, item: Item
) -> None:
    steps = {"case_accepted": _accepted(view, Acceptance.COMMITMENT)}
    said, _ = paper_values.said("commitment", view, item, steps)
    blank, _ = paper_values.said("commitment", view, item, {})
    assert said["commitment"] == "界址无争议"
    assert set(blank["commitment"]) == {"＿"}


def test_what_was_left_behind_says_refused_and_whose_id_signed(
    view: CaseView, item: Item
) -> None:
    given = ResultDelivered.model_validate(
        {"number": view.row.number, "at": MONDAY, "way": "door", "what": "决定书",
         "signer": "林海生", "signer_id_tail": "002X", "witness": "村干部",
         "refused": True}
    )  # fmt: skip
    values, _ = paper_values.said("delivery", view, item, {"result_delivered": given})
    assert (values["refused"], values["signer_id"]) == ("yes", "002X")
    back = CaseSentBack(number=view.row.number, at=MONDAY, reason="逾期")
    before, _ = paper_values.said("sent_back", view, item, {"case_sent_back": back})
    after, _ = paper_values.said(
        "sent_back", view, item,
        {"case_sent_back": back, "case_accepted": _accepted(view)},
    )  # fmt: skip
    assert (before["body"], after["body"]) == ("body", "body_deferred")


def test_what_was_handed_over_is_listed_with_what_to_mind(
    view: CaseView, item: Item
) -> None:
    taken = (
        MaterialTaken(key="vinsp", form=MaterialForm.MISSING),
        MaterialTaken(key="poa", form=MaterialForm.NOT_APPLICABLE),
        MaterialTaken(
            key="id", form=MaterialForm.COPY, copies=2, valid_until="2030-01-01",
            note="与原件一致",
        ),
    )  # fmt: skip
    application = view.application.model_copy(update={"materials": taken})
    shown = dataclasses.replace(view, deferred={"vinsp": date(2026, 6, 10)})
    first, second = paper_values.given_materials(application, item, shown)
    assert (first[0], first[2]) == (paper_values.material_name(item, "vinsp"), 0)
    assert "2026-06-10" in first[3]
    assert second[2] == 2
    assert "2030-01-01" in second[3]
    assert "与原件一致" in second[3]


def test_an_item_that_this_edition_does_not_know_is_not_made_up(
    view: CaseView,
) -> None:
    assert paper_values.about_item(None) == {}
    assert paper_values.listed_materials(None) == ()
    assert paper_values.material_name(None, "vinsp") == "vinsp"
    values, lines = paper_values.said("told", view, None, {})
    assert (values["item"], lines) == (view.row.item_name, ())


def test_a_season_says_how_certain_it_is_and_nothing_of_other_years() -> None:
    text = shipped("closed_seasons")
    years = {
        year
        for season in json.loads(text)["seasons"]
        for year in (season.get("years") or [])
    }
    known = paper_values.season_values(text, year=max(years))
    assert known["year"] == str(max(years))
    assert known["text"]
    assert paper_values.season_values(text, year=1990)["text"] == ""
