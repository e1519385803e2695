"""What a case says of people, vessels and agents, kept to be recalled."""

from collections.abc import Iterator

import pytest

from desk_app.services import registering
from desk_app.services.drafting import require_item
from desk_app.store import applicants, cases, powers, vessels
from desk_app.store.vault import Transaction
from schemas.applicant import identity_of
from schemas.case import Application, Granted, MaterialForm, MaterialTaken
from schemas.catalogue import Item
from tests.support.counter import ITEM, Counter
from tests.support.rows import AT, undone

AGENT = {
    "agent_used": True, "agent_name": " 陈阿妹 ", "agent_relation": "亲属",
    "agent_id": "11010519491231002X",
}  # fmt: skip
NUMBER = "350305107-01-20260601-0001-0"


@pytest.fixture
def tx(counter: Counter, application: Application) -> Iterator[Transaction]:
    """A write that is undone; the application was received before."""
    del application
    with undone(counter.place.vault) as under_way:
        yield under_way


@pytest.fixture
def item(counter: Counter) -> Item:
    return require_item(counter.desk.edition(), ITEM)


@pytest.fixture
def application(counter: Counter) -> Application:
    return counter.desk.case(counter.take(seed=21)).application


def _with(application: Application, **changes: object) -> Application:
    form = {**application.form, **changes}
    return application.model_copy(update={"form": form})


def _showing(application: Application, *taken: MaterialTaken) -> Application:
    return application.model_copy(update={"materials": taken})


def _remember(tx: Transaction, application: Application, item: Item) -> None:
    registering.remember(tx, application, item, number=NUMBER, at=AT)


def test_who_applies_and_for_which_vessel_is_recalled(
    tx: Transaction, application: Application, item: Item
) -> None:
    named = _with(application, vessel_name_no="闽秀渔99888")
    _remember(tx, named, item)
    assert registering.vessel_of(named) == "闽秀渔99888"
    (vessel,) = vessels.find(tx, "99888", limit=9)
    assert (vessel.owner, vessel.number) == (identity_of(named.applicant), NUMBER)
    (known,) = applicants.recall(tx, identity_of(named.applicant)[-4:], limit=1)
    assert named.applicant.name in known


def test_an_item_without_a_vessel_names_none(application: Application) -> None:
    assert registering.vessel_of(_with(application, vessel_name_no=None)) == ""


def test_a_licence_that_ends_is_kept_under_its_item(
    tx: Transaction, application: Application, item: Item
) -> None:
    said = _with(
        application, old_cert_expiry="2026-09-01", old_cert_no="闽捕1",
        vessel_name_no="闽秀渔99889",
    )  # fmt: skip
    _remember(tx, said, item)
    ending = vessels.ending(tx, by="2026-12-31", vessel="闽秀渔99889", owner=None)
    assert ("2026-09-01", "闽捕1") in {(e.valid_until, e.licence) for e in ending}


def test_a_material_that_was_only_promised_certifies_nothing(
    tx: Transaction, application: Application, item: Item
) -> None:
    said = _with(application, vessel_name_no="闽秀渔99890", old_cert_expiry=None)
    for form, kept in ((MaterialForm.MISSING, 0), (MaterialForm.COPY, 1)):
        taken = MaterialTaken(key="vinsp", form=form, valid_until="2026-08-01")
        _remember(tx, _showing(said, taken), item)
        ending = vessels.ending(tx, by="2027-12-31", vessel="闽秀渔99890", owner=None)
        assert len(ending) == kept


@pytest.mark.parametrize("form", [MaterialForm.MISSING, MaterialForm.ORIGINAL])
def test_nobody_acts_for_another_on_word_alone(
    tx: Transaction, application: Application, item: Item, form: MaterialForm
) -> None:
    taken = MaterialTaken(key="poa", form=form, valid_until="2026-08-01")
    _remember(tx, _showing(_with(application, **AGENT), taken), item)
    found = powers.of_agent(tx, "11010519491231002X")
    shown = [(each.agent_name, each.valid_until) for each in found]
    assert shown == ([("陈阿妹", "2026-08-01")] if form == "original" else [])


def test_what_the_district_granted_is_a_certificate(
    tx: Transaction, item: Item
) -> None:
    row = tx.row("SELECT number FROM cases LIMIT 1")
    assert row is not None
    record = cases.get(tx, str(row[0]))
    assert record is not None
    answer = Granted(licence_number="闽捕2", valid_until="2026-07-01")
    registering.granted(tx, record, item, answer)
    registering.granted(tx, record, None, answer)
    ending = vessels.ending(tx, by="2026-12-31", vessel=record.vessel, owner=None)
    assert "闽捕2" in {each.licence for each in ending}
