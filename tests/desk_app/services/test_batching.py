"""One visit, many vessels: each its own case; one that fails stops none."""

from desk_app.services import attaching
from desk_app.services.batching import take_batch
from desk_app.services.receiving import When
from schemas.case import Visit
from schemas.problems import Code
from tests.support.counter import Counter
from tests.support.pictures import photograph


def test_each_vessel_gets_a_number_and_a_failure_stays_a_draft(
    counter: Counter,
) -> None:
    desk = counter.desk
    lines = take_batch(
        counter.place, counter.draft(seed=50),
        {
            "闽秀渔99501": {},
            "闽秀渔99502": {"loa_m": "-1"},
            "闽秀渔99503": {"loa_m": "9"},
        },
        when=When(visit=Visit(kind="pier", place="示例码头")),
    )  # fmt: skip
    assert [line.vessel[-3:] for line in lines] == ["501", "502", "503"]
    assert [line.problem and line.problem.code for line in lines] == [
        None, Code.FORM_HAS_FAULTS, None,
    ]  # fmt: skip
    assert len({line.number for line in lines if line.number}) == 2
    assert desk.draft(lines[1].draft_id).form["vessel_name_no"] == "闽秀渔99502"
    view = desk.case(str(lines[2].number))
    assert view.application.form["loa_m"] == "9"
    assert view.row.vessel == "闽秀渔99503"
    assert view.visit is not None
    assert view.visit.place == "示例码头"


def test_cases_of_a_visit_are_found_by_its_one_number(counter: Counter) -> None:
    vessels = {f"闽秀渔9960{n}": {} for n in range(3)}
    lines = take_batch(counter.place, counter.draft(seed=51), vessels)
    with counter.place.vault.read() as tx:
        rows = tx.rows(
            "SELECT batch FROM cases WHERE number IN (?, ?, ?)",
            *[line.number for line in lines],
        )
    (batch,) = set(rows)
    assert str(batch[0]).startswith("P01-20260601-")
    again = take_batch(counter.place, counter.draft(seed=51), {"闽秀渔99609": {}})
    with counter.place.vault.read() as tx:
        other = tx.row("SELECT batch FROM cases WHERE number = ?", again[0].number)
    assert other != batch


def test_the_shared_drafts_scans_go_to_each_and_it_stays_a_draft(
    counter: Counter,
) -> None:
    shared = counter.draft(seed=52)
    raw = photograph((50, 50), kind="PNG")
    attaching.attach(counter.place, shared.draft_id, "id", name="id.png", raw=raw)
    vessels = {f"闽秀渔9970{n}": {} for n in range(2)}
    for line in take_batch(counter.place, shared, vessels):
        (page,) = attaching.pages_of(counter.place, str(line.number))
        assert page.name == "id.png"
    assert len(attaching.pages_of(counter.place, shared.draft_id)) == 1
    assert shared.draft_id in {row.draft_id for row in counter.desk.drafts()}


def test_a_long_work_is_stopped_between_two_vessels(counter: Counter) -> None:
    told: list[int] = []
    lines = take_batch(
        counter.place, counter.draft(seed=53),
        {f"闽秀渔9980{n}": {} for n in range(3)},
        progress=lambda done: told.append(done) or done < 1,
    )  # fmt: skip
    assert told == [0, 1]
    assert [line.vessel for line in lines] == ["闽秀渔99800"]
