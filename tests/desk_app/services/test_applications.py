"""What was applied for: every revision stays readable, and the row says it."""

import dataclasses
from datetime import UTC, datetime

from desk_app.services import steps
from desk_app.services.applications import revised, revision_of, row_of
from desk_app.store import cases
from schemas.case import Visit
from schemas.problems import Code
from schemas.steps import PapersAt
from tests.support.counter import Counter, refused

LATE = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


def test_each_revision_is_what_was_handed_in_then(counter: Counter) -> None:
    number = counter.take(seed=11)
    first = counter.desk.case(number).application
    draft = counter.desk.correction_draft(number)
    applicant = {**draft.applicant, "address": "福建省莆田市南日镇（更正）"}
    again = counter.desk.save_draft(dataclasses.replace(draft, applicant=applicant))
    steps.correct_on_spot(counter.place, again, what="地址")
    with counter.place.vault.read() as tx:
        assert revision_of(tx, number, 0) == first
        corrected = revision_of(tx, number, 1)
    assert corrected.applicant.address == "福建省莆田市南日镇（更正）"
    assert corrected.form == first.form


def test_a_revision_that_is_not_there_is_damage_and_no_guess(counter: Counter) -> None:
    number = counter.take(seed=12)
    with counter.place.vault.read() as tx:
        refused(Code.VAULT_DAMAGED, revision_of, tx, number, 1)
        refused(Code.VAULT_DAMAGED, revision_of, tx, "nobody's", 0)


def test_the_row_of_a_revision_says_what_was_applied_for_then(counter: Counter) -> None:
    """The same whether it is saved now or read again; what came since is left."""
    number = counter.take(seed=13)
    with counter.place.vault.read() as tx:
        saved = cases.get(tx, number)
        first = revision_of(tx, number, 0)
    assert saved is not None
    assert revised(saved, first, revision=0) == saved
    moved = first.model_copy(
        update={"applicant": first.applicant.model_copy(update={"phone": "0594-1"})}
    )
    again = revised(saved, moved, revision=3)
    assert (again.revision, again.phone) == (3, "0594-1")
    assert again == dataclasses.replace(saved, revision=3, phone="0594-1")


def test_a_bag_that_was_named_at_the_visit_has_the_papers(counter: Counter) -> None:
    application = counter.desk.case(counter.take(seed=14)).application

    def row(bag: str) -> cases.CaseRecord:
        visit = Visit(kind="village", place="村", bag=bag)
        return row_of(
            application, None, received_at=LATE, by="o", visit=visit, batch=None
        )

    assert (row(" FD-1 ").papers, row(" FD-1 ").bag) == (PapersAt.BAG, "FD-1")
    assert (row(" ").papers, row(" ").bag) == (PapersAt.TOWN, "")
    assert row("").received_day == "2026-11-24", "the day at the window, not in UTC"
