"""A day's statement on paper: numbered copies, words for what was done and differs."""

from datetime import timedelta
from io import BytesIO

import pypdfium2

from desk_app.services import close_day, comparing, day_paper, days, numbering
from desk_app.services.days import NamedDifference
from desk_app.store import documents
from desk_app.text.words import Words
from schemas.problems import Code
from schemas.statement import Gap, RecordDifference, SerialUse, Statement
from sync.seal.keys import SigningKey
from tests.support.counter import MONDAY, Counter, refused

WORDS = Words("desk")


def _text(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(BytesIO(pdf))
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    return "".join(text.split())


def _closed(counter: Counter, *, week: int) -> str:
    counter.watch.now = MONDAY + timedelta(weeks=week)
    counter.take(seed=1)
    day = counter.watch.now.date().isoformat()
    close_day.close_day(counter.place, day)
    return day


def test_a_day_that_nobody_closed_is_not_printed(counter: Counter) -> None:
    refused(Code.DAY_NOT_CLOSED, day_paper.day_statement, counter.place, "2026-06-01")
    refused(Code.DAY_MALFORMED, day_paper.day_statement, counter.place, "today")


def test_every_copy_is_numbered_and_kept(counter: Counter) -> None:
    day = _closed(counter, week=1)
    first = day_paper.day_statement(counter.place, day)
    second = day_paper.day_statement(counter.place, day)
    assert first.startswith(b"%PDF")
    assert second != first
    with counter.place.vault.read() as tx:
        assert documents.next_copy(tx, f"{day}/1", day_paper.KIND) == 3
        kept = tx.rows("SELECT pdf FROM documents WHERE number = ?", f"{day}/1")
    assert kept == [(first,), (second,)]
    assert counter.trail()[0] == "statement_printed"


def test_the_paper_names_the_clerk_the_root_and_what_was_done(
    counter: Counter,
) -> None:
    numbering.void_next_number(counter.place, "测试打印")
    day = _closed(counter, week=2)
    view = days.view_day(counter.place, day)
    text = _text(day_paper.day_statement(counter.place, day))
    item = counter.desk.edition().item("HY01-02")
    assert item is not None
    for said in (day, "林窗口", "HY01-02", view.statement.root):
        assert said in text, said
    assert WORDS("days.no_mark")[:6] in text


def test_p07_the_districts_mark_is_printed_only_where_it_is_genuine(
    counter: Counter,
) -> None:
    def signed_by(key: SigningKey, *, week: int) -> tuple[str, str]:
        day = _closed(counter, week=week)
        (said,) = days.view_day(counter.place, day).closings
        agreed = counter.town.agrees(said, said.statement.before, key)
        with counter.place.vault.write() as tx:
            comparing.take(counter.place, tx, agreed, week)
        text = _text(day_paper.day_statement(counter.place, day))
        return text, str(agreed.document["signature"])[:20]

    text, mark = signed_by(counter.town.answers, week=3)
    assert mark in text
    text, mark = signed_by(SigningKey(b"\x66" * 32), week=4)
    assert mark not in text


def test_a_step_of_a_newer_version_goes_by_its_own_name() -> None:
    assert day_paper.step_name("case_received", WORDS) != "case_received"
    assert day_paper.step_name("case_sung", WORDS) == "case_sung"


def test_gaps_are_named_one_or_in_a_row_with_their_reason() -> None:
    gaps = (
        Gap(first=3, last=3, why="voided", reason="写坏"),
        Gap(first=5, last=9, why="unknown"),
    )
    serials = (SerialUse(terminal="01", last=12, cases=6, gaps=gaps),)
    said = Statement.model_construct(serials=serials)
    assert [line[0] for line in day_paper.gap_lines(said, WORDS)] == [
        "0003", "0005—0009",
    ]  # fmt: skip
    assert [line[2] for line in day_paper.gap_lines(said, WORDS)] == ["写坏", "-"]
    ((terminal, span, cases),) = day_paper.serial_lines(said, WORDS)
    assert (terminal, span) == ("01", "0001—0012")
    assert "6" in cases


def test_a_difference_says_where_what_and_whose() -> None:
    here = RecordDifference(what="changed", epoch=1, sequence=7, number="theirs")
    line = day_paper.difference_line(NamedDifference(here, "", ""), WORDS)
    assert (line[0], line[2]) == ("1.7", "theirs")
    line = day_paper.difference_line(
        NamedDifference(here, "ours", "case_received"), WORDS
    )
    assert line[2].startswith("ours ")
    nobody = here.model_copy(update={"number": ""})
    assert day_paper.difference_line(NamedDifference(nobody, "", ""), WORDS)[2] == "-"
