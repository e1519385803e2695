"""What was applied for: every revision stays readable, in its order."""

import dataclasses

from desk_app.services import steps
from desk_app.services.applications import revision_of
from schemas.problems import Code
from tests.support.counter import Counter, refused


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
