"""The district's words to the clerks: shown until each has seen them."""

from desk_app.services import notices
from desk_app.store import publications
from desk_app.store.publications import NoticeRecord, PublicationRecord
from schemas.base import utc_text
from schemas.problems import Code
from schemas.publications import NoticeSeen
from tests.support.counter import MONDAY, Counter, heard, refused


def _said(counter: Counter, text: str, *, until: str | None = None) -> int:
    with counter.place.vault.write() as tx:
        position = heard(tx, "notice_published")
        publications.add_notice(
            tx, NoticeRecord(position, text, utc_text(MONDAY), "区级", until, ())
        )
    return position


def test_a_notice_is_new_to_each_until_seen_and_the_district_is_told(
    counter: Counter,
) -> None:
    position = _said(counter, "明日停航")
    assert notices.require_notice(counter.place, position).is_new
    notices.see_notice(counter.place, position)
    seen = notices.require_notice(counter.place, position)
    assert (seen.is_new, seen.seen_by) == (False, ("林窗口",))
    assert isinstance(counter.entries()[-1].body, NoticeSeen)
    counter.as_("wu")
    assert notices.require_notice(counter.place, position).is_new
    notices.see_notice(counter.place, position)
    seen = notices.require_notice(counter.place, position)
    assert set(seen.seen_by) == {"林窗口", "吴窗口"}


def test_p04_to_see_a_notice_twice_is_said_once(counter: Counter) -> None:
    position = _said(counter, "再次")
    notices.see_notice(counter.place, position)
    before = len(counter.entries())
    notices.see_notice(counter.place, position)
    assert len(counter.entries()) == before


def test_those_not_seen_come_first(counter: Counter) -> None:
    first, second = _said(counter, "一"), _said(counter, "二")
    notices.see_notice(counter.place, second)
    order = [each.position for each in notices.list_notices(counter.place)]
    assert order.index(first) < order.index(second)


def test_a_notice_ends_with_its_day(counter: Counter) -> None:
    position = _said(counter, "今日有效", until="2026-06-01")
    notices.require_notice(counter.place, position)
    counter.watch.later(days=1)
    gone = refused(Code.NOTICE_UNKNOWN, notices.require_notice, counter.place, position)
    assert gone.params == {"position": position}


def test_what_was_given_out_is_listed_with_how_it_stands(counter: Counter) -> None:
    with counter.place.vault.write() as tx:
        for state, problem in (("in_use", None), ("refused", Code.SIGNATURE_INVALID)):
            position = heard(tx, "edition_published")
            number = int(problem) if problem else None
            publications.add(tx, PublicationRecord(
                position, "edition", 2, "2026-07-01", "0" * 64, None, state, number
            ))  # fmt: skip
    refused_one, used = notices.given_out(counter.place)[:2]
    assert (refused_one.state, refused_one.problem) == (
        "refused", Code.SIGNATURE_INVALID,
    )  # fmt: skip
    assert (used.kind, used.number, used.problem) == ("edition", 2, None)
