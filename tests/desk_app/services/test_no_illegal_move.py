"""Whatever verbs are called in whatever order: the vault never leaves the machine.

At a real desk, against the pure machine: a step that the machine admits is taken and
leads where it says; any other raises a numbered problem and changes nothing at all.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_app.services import standing, steps
from desk_app.services.catalogue import current_calendar
from desk_app.services.desk import Desk
from desk_app.services.hands import Workplace
from desk_app.store import cases, journal
from schemas import steps as s
from schemas.casework import MOVES, Standing, refusal
from schemas.problems import Code, Problem
from tests.support.rigs import PASSPHRASE, an_island, take_case

ITEMS = ("HY01-02", "HY09-02")
Verb = Callable[[Workplace, str], object]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with an_island(tmp_path_factory.mktemp("walk")) as island:
        desk = island.desk
        desk.add_operator(
            login="wu", name="吴窗口", role="clerk", passphrase=PASSPHRASE,
            own=PASSPHRASE,
        )  # fmt: skip
        yield desk


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
