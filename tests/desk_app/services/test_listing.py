"""Telling the district which scans a case has: all of them, whenever they change."""

from desk_app.services import attaching, listing
from desk_app.services.receiving import When, receive_case
from desk_app.store import scans
from schemas.scans import ScansListed
from tests.support.counter import Counter
from tests.support.pictures import photograph


def _lists(counter: Counter, number: str) -> list[ScansListed]:
    bodies = [each.body for each in counter.entries()]
    return [b for b in bodies if isinstance(b, ScansListed) and b.number == number]


def _with_pages(counter: Counter, count: int) -> str:
    draft = counter.draft()
    for n in range(count):
        raw = photograph((40 + n, 30), kind="PNG")
        attaching.attach(counter.place, draft.draft_id, "id", name="p.png", raw=raw)
    return receive_case(counter.place, draft.draft_id, When())


def test_a_case_is_listed_with_every_page_as_it_is_received(counter: Counter) -> None:
    (said,) = _lists(counter, _with_pages(counter, 2))
    assert [(each.material, each.position) for each in said.scans] == [
        ("id", 1), ("id", 2),
    ]  # fmt: skip
    assert all(each.size > 0 for each in said.scans)
    assert {each.media_type for each in said.scans} == {"image/png"}


def test_a_case_without_scans_says_nothing_of_them(counter: Counter) -> None:
    assert _lists(counter, counter.take()) == []


def test_a_later_list_replaces_the_earlier_one_which_stays(counter: Counter) -> None:
    number = _with_pages(counter, 1)
    raw = photograph((90, 30), kind="PNG")
    attaching.attach(counter.place, number, "id", name="late.png", raw=raw)
    assert [len(each.scans) for each in _lists(counter, number)] == [1, 2]


def test_of_a_draft_nobody_knows_yet(counter: Counter) -> None:
    draft, before = counter.draft(), len(counter.entries())
    raw = photograph((95, 30), kind="PNG")
    attaching.attach(counter.place, draft.draft_id, "id", name="p.png", raw=raw)
    with counter.place.vault.write() as tx:
        listing.list_scans(tx, counter.place, draft.draft_id)
    assert len(counter.entries()) == before


def test_p10_cases_of_before_scans_travelled_are_listed_once(counter: Counter) -> None:
    number = _with_pages(counter, 1)
    with counter.place.vault.write() as tx:
        tx.run("UPDATE scans SET listed_at = ''")
        assert number in scans.unlisted_cases(tx)
    before = len(_lists(counter, number))
    assert listing.list_what_was_there(counter.place) >= 1
    assert len(_lists(counter, number)) == before + 1
    assert listing.list_what_was_there(counter.place) == 0
