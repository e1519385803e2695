"""The machine of states: what may happen, what cannot, whatever the order."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.case import CaseState, Granted, Received, Refused, ReturnedForCorrection
from schemas.casework import (
    DECIDED,
    ENDED,
    FINAL,
    MOVES,
    OPEN,
    PAPERS,
    Standing,
    after_answer,
    after_step,
    allowed,
    refusal,
)
from schemas.ids import NumberParts, case_number
from schemas.problems import Code
from schemas.steps import (
    STEPS,
    CaseAccepted,
    CaseStep,
    DeferredSupplied,
    PapersAt,
    PapersMoved,
)

NUMBER = case_number(NumberParts("350305107", "01", date(2026, 11, 23), 1))
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
BARE: dict[str, dict[str, Any]] = {
    "case_accepted": {"mode": "full"},
    "deferred_supplied": {"materials": ("id",)},
    "papers_moved": {"to": "bag"},
}
ANSWERS = (
    Received(),
    ReturnedForCorrection(what_is_missing=("示例",), reason="示例"),
    Granted(licence_number="示"),
    Refused(reason="示例", remedies="示例"),
)


def step(kind: str, **more: Any) -> CaseStep:
    """A step of this kind; what the machine does not look at is left out."""
    model = next((m for m in STEPS if m.model_fields["kind"].default == kind), CaseStep)
    known = {"kind": kind, "number": NUMBER, "at": NOW, **BARE.get(kind, {}), **more}
    if model in {CaseAccepted, DeferredSupplied, PapersMoved}:
        return model.model_validate(known)
    return CaseStep.model_validate(known)


def walk(*kinds: str, start: Standing | None = None) -> Standing:
    standing = start or Standing(CaseState.RECEIVED)
    for kind in kinds:
        after = after_step(standing, step(kind))
        assert isinstance(after, Standing), (kind, after)
        standing = after
    return standing


def test_every_step_is_in_the_machine_and_every_state_in_one_group() -> None:
    kinds = {m.model_fields["kind"].default for m in STEPS} | {"case_resubmitted"}
    assert kinds == set(MOVES)
    groups = [OPEN, DECIDED, ENDED, FINAL]
    assert sum(map(len, groups)) == len(CaseState)
    assert frozenset().union(*groups) == set(CaseState)


@pytest.mark.parametrize(
    ("path", "end"),
    [
        (("case_accepted",), CaseState.ACCEPTED),
        (("corrected_on_spot", "case_accepted"), CaseState.ACCEPTED),
        (("correction_requested", "case_resubmitted", "case_accepted"),
         CaseState.ACCEPTED),
        (("correction_requested", "case_sent_back", "result_delivered", "case_closed",
          "case_archived"), CaseState.ARCHIVED),
        (("case_not_accepted", "result_delivered", "case_closed"), CaseState.CLOSED),
        (("correction_requested", "case_withdrawn"), CaseState.WITHDRAWN),
        (("case_withdrawn", "case_closed", "case_rated", "case_archived"),
         CaseState.ARCHIVED),
        (("case_accepted", "clock_stopped", "clock_resumed", "period_extended"),
         CaseState.ACCEPTED),
    ],
)  # fmt: skip
def test_the_paths_of_the_law_can_be_walked(
    path: tuple[str, ...], end: CaseState
) -> None:
    assert walk(*path).state is end


def test_a_decided_case_is_delivered_closed_rated_and_archived() -> None:
    for decision in ANSWERS[2:]:
        state = after_answer(CaseState.ACCEPTED, decision)
        assert state is not None
        done = walk(
            "result_arrived", "applicant_called", "result_delivered", "case_rated",
            "case_closed", "case_archived", start=Standing(state),
        )  # fmt: skip
        assert done.state is CaseState.ARCHIVED
        assert done.rated


def test_what_did_not_come_by_its_day_may_be_sent_back() -> None:
    late = Standing(CaseState.ACCEPTED_DEFERRED, owed_overdue=True)
    assert walk("case_sent_back", start=late).state is CaseState.SENT_BACK


def test_only_a_bag_takes_papers_to_the_district_and_nothing_skips() -> None:
    def moved(here: PapersAt, to: PapersAt) -> object:
        return after_step(
            Standing(CaseState.ACCEPTED, papers=here),
            PapersMoved(number=NUMBER, at=NOW, to=to),
        )

    for here in PapersAt:
        for to in PapersAt:
            after = moved(here, to)
            if to in PAPERS[here]:
                assert isinstance(after, Standing)
                assert after.papers is to
            else:
                assert after is Code.PAPERS_NOT_THERE
    assert moved(PapersAt.TOWN, PapersAt.DISTRICT) is Code.PAPERS_NOT_THERE


def test_only_what_is_owed_can_come_in_late() -> None:
    owing = Standing(CaseState.ACCEPTED_DEFERRED, owed=frozenset({"id"}))
    other = step("deferred_supplied", materials=("hukou",))
    assert after_step(owing, other) is Code.MATERIAL_NOT_OWED


def test_deferred_materials_come_in_one_by_one() -> None:
    owed = [{"material": m, "due": "2026-12-01"} for m in ("id", "hukou")]
    taken = after_step(
        Standing(CaseState.RECEIVED), step("case_accepted", mode="deferred", owed=owed)
    )
    assert isinstance(taken, Standing)
    assert taken.state is CaseState.ACCEPTED_DEFERRED

    one = after_step(taken, step("deferred_supplied", materials=("id",)))
    assert isinstance(one, Standing)
    assert (one.state, one.owed) == (CaseState.ACCEPTED_DEFERRED, {"hukou"})
    both = after_step(one, step("deferred_supplied", materials=("hukou",)))
    assert isinstance(both, Standing)
    assert both.state is CaseState.ACCEPTED


@pytest.mark.parametrize(
    ("standing", "kind", "code"),
    [
        (Standing(CaseState.RESUBMITTED, told_once=True), "correction_requested",
         Code.ALREADY_TOLD),
        (Standing(CaseState.ACCEPTED), "case_forwarded", Code.NOT_FORWARDABLE),
        (Standing(CaseState.ACCEPTED), "clock_resumed", Code.CLOCK_NOT_STOPPED),
        (Standing(CaseState.ACCEPTED, clock_stopped=True), "clock_stopped",
         Code.CLOCK_ALREADY_STOPPED),
        (Standing(CaseState.ACCEPTED, extended=True), "period_extended",
         Code.ALREADY_EXTENDED),
        (Standing(CaseState.CLOSED, rated=True), "case_rated", Code.ALREADY_RATED),
        (Standing(CaseState.RECEIVED, deemed=True), "correction_requested",
         Code.NOTICE_LAPSED),
        (Standing(CaseState.AT_DISTRICT, deemed=True), "case_not_accepted",
         Code.NOTICE_LAPSED),
        (Standing(CaseState.ACCEPTED_DEFERRED, deferral_extended=True),
         "deferral_extended", Code.DEFERRAL_ALREADY_EXTENDED),
        (Standing(CaseState.ACCEPTED_DEFERRED), "case_sent_back",
         Code.NOT_OVERDUE_YET),
        # A refusal that nobody handed over is not done with.
        (Standing(CaseState.NOT_ACCEPTED), "case_closed", Code.STEP_NOT_ADMITTED),
        (Standing(CaseState.SENT_BACK), "case_closed", Code.STEP_NOT_ADMITTED),
        (Standing(CaseState.ACCEPTED), "deferral_extended", Code.STEP_NOT_ADMITTED),
        (Standing(CaseState.GRANTED), "case_accepted", Code.STEP_NOT_ADMITTED),
        (Standing(CaseState.ARCHIVED), "case_withdrawn", Code.STEP_NOT_ADMITTED),
    ],
)  # fmt: skip
def test_what_the_law_allows_once_or_never_is_refused_by_number(
    standing: Standing, kind: str, code: Code
) -> None:
    assert refusal(standing, kind) is code


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(MOVES)),
            st.sampled_from(("full", "deferred", "commitment")),
            st.booleans(),
        ),
        max_size=25,
    ),
    st.booleans(),
)
def test_no_order_of_steps_leads_outside_the_machine(
    tried: list[tuple[str, str, bool]], forwarded: bool
) -> None:
    """Whatever is tried: allowed steps change the state as listed, others nothing."""
    standing = Standing(CaseState.RECEIVED, forwarded_only=forwarded)
    for kind, mode, late in tried:
        standing = replace(standing, deemed=late, owed_overdue=late)
        owed = [{"material": "id", "due": "2026-12-01"}] if mode == "deferred" else []
        more = {"mode": mode, "owed": owed} if kind == "case_accepted" else {}
        after = after_step(standing, step(kind, **more))
        if kind == "deferred_supplied" and standing.owed == frozenset():
            assert not isinstance(after, Standing)
            continue
        assert (kind in allowed(standing)) == isinstance(after, Standing)
        if isinstance(after, Standing):
            assert standing.state in MOVES[kind][0]
            # Once told, extended or rated, always so.
            assert after.told_once >= standing.told_once
            assert after.rated >= standing.rated
            # Asked for more, or refused, only while the law left time for it.
            if late:
                assert kind not in {"correction_requested", "case_not_accepted"}
            # What is closed was delivered or withdrawn.
            if after.state is CaseState.CLOSED and kind == "case_closed":
                assert standing.state in {CaseState.DELIVERED, CaseState.WITHDRAWN}
            # What is archived stays where it is.
            if standing.state is CaseState.ARCHIVED:
                assert after.state is CaseState.ARCHIVED
            standing = after


@given(st.sampled_from(sorted(CaseState)), st.sampled_from(ANSWERS))
def test_an_answer_moves_open_cases_only(state: CaseState, answer: Any) -> None:
    """A decision after the applicant withdrew is kept and shown, and moves nothing."""
    after = after_answer(state, answer)
    if state not in OPEN:
        assert after is None
    elif answer.kind != "received":
        assert after is not None
