"""A case made again from its history is the case as it was (P8)."""

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from desk_app.services import receiving, refiling, standing, steps
from desk_app.services.receiving import When
from desk_app.services.standing import local_day
from desk_app.store import cases, journal
from schemas.case import Granted, Refused, Visit
from schemas.feed import CaseAnswered
from schemas.steps import Acceptance, PapersAt, StopReason
from tests.support.counter import MONDAY, Counter
from tests.support.rows import undone

Story = Callable[[Counter, str], object]


def _due(counter: Counter) -> date:
    return local_day(counter.watch.now) + timedelta(days=9)


def _corrected(counter: Counter, number: str) -> None:
    draft = counter.desk.correction_draft(number)
    form = {**draft.form, "vessel_name_no": "闽秀渔99321"}
    steps.correct_on_spot(
        counter.place, dataclasses.replace(draft, form=form), what="船名写错"
    )


def _stopped(counter: Counter, number: str) -> None:
    steps.accept_case(counter.place, number, Acceptance.FULL)
    steps.stop_clock(counter.place, number, StopReason.TESTING, days=3)
    counter.watch.later(days=3)
    steps.resume_clock(counter.place, number, result="合格")


def _deferred(counter: Counter, number: str) -> None:
    due = _due(counter)
    steps.accept_case(
        counter.place, number, Acceptance.DEFERRED, due={"vinsp": due, "vown": due}
    )
    steps.extend_deferral(
        counter.place, number, due={"vown": due + timedelta(days=3)}, reason="未回港"
    )
    steps.supply_deferred(counter.place, number, materials=("vinsp",))


def _told(counter: Counter, number: str) -> None:
    steps.request_correction(
        counter.place, number, missing=("签字",), due=_due(counter)
    )


def _moved(counter: Counter, number: str) -> None:
    steps.move_papers(counter.place, number, PapersAt.BAG, bag="F-2")
    steps.move_papers(counter.place, number, PapersAt.DISTRICT)


STORIES: dict[str, Story] = {
    "received": lambda _, __: None,
    "corrected": _corrected,
    "clock stopped": _stopped,
    "deferred": _deferred,
    "told": _told,
    "papers": _moved,
    "withdrawn": lambda c, n: steps.withdraw(c.place, n, reason="不办了"),
}


def _record(counter: Counter, number: str) -> cases.CaseRecord:
    with counter.place.vault.read() as tx:
        found = cases.get(tx, number)
    assert found is not None
    return found


def _again(counter: Counter, number: str) -> cases.CaseRecord:
    """Forget the case and make it again, without keeping that."""
    with undone(counter.place.vault) as tx:
        tx.run("DELETE FROM cases WHERE number = ?", number)
        refiling.rebuild(counter.place, tx, number)
        found = cases.get(tx, number)
    assert found is not None
    return found


@pytest.mark.parametrize("story", STORIES)
def test_p08_the_journal_alone_makes_the_same_case(
    counter: Counter, story: str
) -> None:
    number = counter.take(seed=len(story))
    STORIES[story](counter, number)
    assert _again(counter, number) == _record(counter, number)


def test_p08_papers_taken_on_a_visit_are_still_in_their_bag(counter: Counter) -> None:
    visit = Visit(kind="pier", place="示例码头", bag="F-09")
    when = When(visit=visit, batch="同一次")
    number = receiving.receive_case(counter.place, counter.draft().draft_id, when)
    again = _again(counter, number)
    assert (again.papers, again.bag, again.batch) == ("bag", "F-09", "同一次")
    assert again == _record(counter, number)


def test_p09_the_true_day_of_a_wrong_clocks_case_stays_found(counter: Counter) -> None:
    number = counter.take(seed=40)
    true_day = local_day(MONDAY - timedelta(days=3))
    with counter.place.vault.write() as tx:
        record = standing.truly_received(_record(counter, number), true_day)
        cases.stepped(tx, record)
    with undone(counter.place.vault) as tx:
        refiling.rebuild(counter.place, tx, number)
        again = cases.get(tx, number)
    assert again is not None
    assert standing.received_on(again) == true_day


def test_a_history_without_a_beginning_shows_nothing(counter: Counter) -> None:
    with undone(counter.place.vault) as tx:
        refiling.rebuild(counter.place, tx, "350305107-01-20260601-9999-0")
        assert cases.get(tx, "350305107-01-20260601-9999-0") is None


def test_p08_answers_count_in_the_order_they_were_given_in(counter: Counter) -> None:
    """What a district had lost comes back after what it said since."""
    number = counter.take(seed=41)
    received = counter.entries()[-1]
    where = journal.KeptEntry(1, 1, "", b"")
    granted, refused = (
        CaseAnswered(
            number=number, revision=0, answered_at=MONDAY + timedelta(days=day),
            answered_by="审核", answer=answer,
        )
        for day, answer in (
            (1, Granted(licence_number="一号")),
            (2, Refused(reason="资源保护", remedies="申请复议")),
        )
    )  # fmt: skip
    told = refiling.in_order([(where, received)], [refused, granted])
    assert told == [(where, received), granted, refused]
