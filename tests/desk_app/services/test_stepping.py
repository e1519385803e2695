"""Whatever verbs are called in whatever order: the vault never leaves the machine.

At a real desk, against the pure machine: a step that the machine admits is taken and
leads where it says; any other raises a numbered problem and changes nothing at all.
"""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_app.services import standing, stepping, steps
from desk_app.services.catalogue import current_calendar
from desk_app.services.desk import Desk
from desk_app.services.hands import Earlier, Workplace
from desk_app.store import cases, journal
from schemas import steps as s
from schemas.casework import MOVES, Standing, refusal
from schemas.problems import Code, Problem
from tests.support.counter import MONDAY, Counter, refused
from tests.support.rigs import PASSPHRASE, take_case

ITEMS = ("HY01-02", "HY09-02")
Verb = Callable[[Workplace, str], object]


def _correct(place: Workplace, number: str, desk: Desk, verb: str) -> object:
    draft = desk.correction_draft(number)
    try:
        if verb == "case_resubmitted":
            return desk.resubmit(draft, "已补齐")
        return steps.correct_on_spot(place, draft, what="更正")
    finally:
        if draft.draft_id in {row.draft_id for row in desk.drafts()}:
            desk.discard_draft(draft.draft_id, "示例")


def _verbs(desk: Desk) -> dict[str, Verb]:
    due = desk.today() + timedelta(days=9)
    deferred = {"vinsp": due, "vown": due}
    because = s.NotAcceptedBecause.NOT_NEEDED
    given = steps.Handover(s.DeliveryWay.WINDOW, "文书", "林海生")
    return {
        "corrected_on_spot": lambda p, n: _correct(p, n, desk, "corrected_on_spot"),
        "case_resubmitted": lambda p, n: _correct(p, n, desk, "case_resubmitted"),
        "correction_requested": lambda p, n: steps.request_correction(
            p, n, missing=("签字",), due=due
        ),
        "case_accepted": lambda p, n: steps.accept_case(p, n, s.Acceptance.FULL),
        "deferred": lambda p, n: steps.accept_case(
            p, n, s.Acceptance.DEFERRED, due=deferred
        ),
        "deferred_supplied": lambda p, n: steps.supply_deferred(
            p, n, materials=("vinsp",)
        ),
        "deferral_extended": lambda p, n: steps.extend_deferral(
            p, n, due={"vown": due}, reason="船未回港"
        ),
        "case_not_accepted": lambda p, n: steps.refuse_to_accept(
            p, n, because, reason="不需要", apply_to="", remedies="复议六十日内"
        ),
        "case_forwarded": lambda p, n: steps.forward_case(p, n, to="省级部门"),
        "case_sent_back": lambda p, n: steps.send_back(p, n, reason="逾期"),
        "case_withdrawn": lambda p, n: steps.withdraw(p, n, reason="不办了"),
        "clock_stopped": lambda p, n: steps.stop_clock(
            p, n, s.StopReason.TESTING, days=3
        ),
        "clock_resumed": steps.resume_clock,
        "period_extended": lambda p, n: steps.extend_period(
            p, n, reason="复杂", approved_by="局长"
        ),
        "result_arrived": lambda p, n: steps.result_arrived(p, n, what="许可证"),
        "applicant_called": lambda p, n: steps.call_applicant(p, n, "reached"),
        "result_delivered": lambda p, n: steps.deliver_result(p, n, given),
        "case_closed": steps.close_case,
        "case_rated": lambda p, n: steps.rate_case(p, n, stars=5),
        "case_archived": lambda p, n: steps.archive_case(p, n, where="一号柜"),
        "bag": lambda p, n: steps.move_papers(p, n, s.PapersAt.BAG, bag="F-1"),
        "away": lambda p, n: steps.move_papers(p, n, s.PapersAt.DISTRICT),
    }


KIND = {"deferred": "case_accepted", "bag": "papers_moved", "away": "papers_moved"}

# What a verb itself finds before it asks the machine.
EARLIER = (Code.CASE_NOT_RETURNED, Code.NOT_DEFERRABLE, Code.MATERIAL_NOT_OWED)


def _refused(verb: Verb, place: Workplace, number: str) -> Code | None:
    try:
        verb(place, number)
    except Problem as problem:
        return problem.code
    return None


def _stands(desk: Desk, number: str) -> tuple[Standing, str, int]:
    place = desk.place
    with place.vault.read() as tx:
        record = cases.get(tx, number)
        entries = len(journal.of_case(tx, number))
    assert record is not None
    now = standing.standing_of(
        record, desk.edition().item(record.item_code), current_calendar(place),
        day=desk.today(),
    )  # fmt: skip
    return now, record.received_at, entries


def test_every_kind_of_step_is_tried(desk: Desk) -> None:
    assert {KIND.get(name, name) for name in _verbs(desk)} == set(MOVES)


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(st.data(), st.sampled_from(ITEMS), st.integers(0, 9999))
def test_no_order_of_verbs_leaves_the_machine(
    desk: Desk, data: st.DataObject, item: str, seed: int
) -> None:
    desk.unlock("wu", PASSPHRASE)
    number = take_case(desk, item, seed=seed)
    # Another operator than who took it in: refusals are theirs.
    desk.unlock("lin", PASSPHRASE)
    verbs = _verbs(desk)
    place = desk.place
    for name in data.draw(st.lists(st.sampled_from(sorted(verbs)), max_size=14)):
        before, t0, entries = _stands(desk, number)
        no = refusal(before, KIND.get(name, name))
        code = _refused(verbs[name], place, number)
        after, same_t0, count = _stands(desk, number)
        assert same_t0 == t0, "T0 is never edited"
        if code is not None:
            assert (after, count) == (before, entries), "refused, and yet changed"
            assert no is None or code in {no, *EARLIER}
            continue
        assert no is None, f"{name} was taken in {before.state}"
        assert count == entries + 1
        target = MOVES[KIND.get(name, name)][1]
        if name not in {"deferred", "deferred_supplied"}:
            assert after.state is (target or before.state)


def test_a_step_is_record_entry_and_audit_line_together(counter: Counter) -> None:
    number = counter.take(seed=3)
    count = len(counter.entries())
    counter.as_("wu")

    after = steps.withdraw(counter.place, number, reason="不办了")

    entry = counter.entries()[-1]
    assert len(counter.entries()) == count + 1
    assert (entry.body.kind, counter.trail()[0]) == ("case_withdrawn",) * 2
    with counter.place.vault.read() as tx:
        record = stepping.known(tx, number)
    assert (record.state, record.last_sequence) == (after, entry.sequence)


def test_what_decides_is_a_supervisors_and_never_of_who_took_it_in(
    counter: Counter,
) -> None:
    number = counter.take(seed=4)
    with counter.place.vault.read() as tx:
        record = stepping.known(tx, number)
    kind = "case_not_accepted"
    assert stepping.may(counter.place, kind, record) is Code.SAME_PERSON
    assert stepping.may(counter.place, "case_withdrawn", record) is None
    assert stepping.may(counter.as_("wu"), kind, record) is Code.NOT_ALLOWED
    assert stepping.may(counter.as_("chen"), kind, record) is None


def test_a_later_entry_counts_from_when_it_was_taken(counter: Counter) -> None:
    number = counter.take(seed=5)
    with counter.place.vault.read() as tx:
        record = stepping.known(tx, number)
    now = MONDAY + timedelta(days=3)
    place = counter.place
    assert stepping.taken_at(place, record, now) == (now, None)
    at = MONDAY + timedelta(days=1)
    late = place.entering_later(Earlier(at, " 停电 ", "K01"))
    taken, mark = stepping.taken_at(late, record, now)
    assert mark is not None
    assert (taken, mark.reason, mark.control, mark.entered_at) == (
        at, "停电", "K01", now,
    )  # fmt: skip
    for wrong in (MONDAY - timedelta(hours=1), now + timedelta(hours=1)):
        refused(
            Code.STEP_TIME_WRONG, stepping.taken_at,
            place.entering_later(Earlier(wrong, "停电")), record, now,
        )  # fmt: skip


def test_a_case_that_is_none_is_unknown(counter: Counter) -> None:
    refused(Code.CASE_UNKNOWN, steps.close_case, counter.place, "nothing")
