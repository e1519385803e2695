"""What is set aside: in sight until something heals it, and then by what."""

from schemas.base import utc_text
from schemas.problems import Code
from sync.district.ledger.asides import Aside, ask_anew, heal
from sync.district.ledger.record import EntryFiled, Record
from tests.support.ledgers import NOW, Writer, a_case

DESK = Writer()
ACT = "a" * 32


def _set_aside(
    record: Record, sequence: int, *, act: str | None = ACT,
    code: Code = Code.CASE_UNKNOWN,
) -> None:  # fmt: skip
    raw = DESK.line(sequence) if act else b""
    line = EntryFiled(DESK.device, 1, sequence, raw, "n1", int(code), "why")
    chain = DESK.head(sequence).chain
    record.file(line, chain, case=None, feedback=None, now=NOW, act=act)


def _heal(record: Record, *places: tuple[int, int], by: tuple[int, int]) -> None:
    record.keep(
        lambda connection: heal(
            connection, DESK.device, places, by=by, at=utc_text(NOW)
        ),
        device=DESK.device,
        feedback=None,
    )


def _not_asked(record: Record) -> tuple[Aside, ...]:
    problems = {int(Code.CASE_UNKNOWN), int(Code.BATCH_UNREADABLE)}
    return record.asides.not_asked(DESK.device, problems)


def test_p03_what_was_healed_is_out_of_quarantine_and_says_by_what(
    record: Record,
) -> None:
    _set_aside(record, 1)
    _set_aside(record, 2)
    _heal(record, (1, 1), by=(2, 9))

    assert [each.sequence for each in record.journals.quarantined()] == [2]
    assert [(e.sequence, e.healed_by) for e in record.journals.healed()] == [
        (1, (2, 9))
    ]
    assert [each.place for each in _not_asked(record)] == [(1, 2)]


def test_what_was_healed_stays_healed_by_the_first(record: Record) -> None:
    _set_aside(record, 1)
    _heal(record, (1, 1), by=(2, 9))
    _heal(record, (1, 1), by=(3, 1))

    assert record.journals.healed()[0].healed_by == (2, 9)


def test_places_are_found_by_the_act_that_they_say(record: Record) -> None:
    _set_aside(record, 1)
    _set_aside(record, 2, act="b" * 32)
    _set_aside(record, 3, act=None, code=Code.BATCH_UNREADABLE)

    assert [e.place for e in record.asides.of_act(DESK.device, ACT)] == [(1, 1)]
    assert [e.act for e in _not_asked(record)][-1] is None
    assert record.asides.of_act("0" * 32, ACT) == ()


def test_it_is_asked_for_once_until_the_desk_begins_an_epoch(record: Record) -> None:
    _set_aside(record, 1)
    _set_aside(record, 2)
    asked = {(1, 1): "{}", (1, 2): None}
    record.asides.ask(DESK.device, asked, at=utc_text(NOW))
    assert _not_asked(record) == ()
    assert record.asides.cases_asked(DESK.device) == {"n1"}
    assert len(record.unsent()) == 1

    _heal(record, (1, 2), by=(1, 2))
    assert record.asides.cases_asked(DESK.device) == {"n1"}
    record.keep(
        lambda connection: ask_anew(connection, DESK.device),
        device=DESK.device,
        feedback=None,
    )
    assert [e.place for e in _not_asked(record)] == [(1, 1)]
    assert record.asides.cases_asked(DESK.device) == frozenset()


def test_only_what_was_set_aside_for_a_problem_is_asked_for(record: Record) -> None:
    _set_aside(record, 1)
    _set_aside(record, 2, code=Code.SIGNATURE_INVALID)
    assert [e.place for e in _not_asked(record)] == [(1, 1)]


def test_what_misses_its_case_may_go_on_once_that_is_filed(record: Record) -> None:
    _set_aside(record, 1)
    _set_aside(record, 2, code=Code.SIGNATURE_INVALID)
    _set_aside(record, 3, act=None, code=Code.BATCH_UNREADABLE)

    def may_go_on(*restored: str) -> list[int]:
        found = record.asides.may_go_on(
            DESK.device, lacking={int(Code.CASE_UNKNOWN)}, restored=restored
        )
        return [each.sequence for each in found]

    assert may_go_on() == []
    # Whatever was wrong with it, but for a gap: nobody knows what stood there.
    assert may_go_on("n1") == [1, 2]

    case = a_case(1, DESK.device, number="n1")
    record.file_late(DESK.device, case=case, feedback=None, also=lambda _: None)

    assert may_go_on() == [1]
    _heal(record, (1, 1), by=(1, 1))
    assert may_go_on("n1") == [2]


def test_a_case_that_is_healed_whole_may_be_asked_for_again(record: Record) -> None:
    _set_aside(record, 1)
    assert record.asides.cases_asked(DESK.device) == frozenset()
    record.asides.ask(DESK.device, {(1, 1): "{}"}, at=utc_text(NOW))
    assert record.asides.cases_asked(Writer().device) == frozenset()
    _heal(record, (1, 1), by=(1, 2))
    assert record.asides.cases_asked(DESK.device) == frozenset()
