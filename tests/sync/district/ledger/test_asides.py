"""What is set aside: in sight until something heals it, and then by what."""

from schemas.base import utc_text
from schemas.problems import Code
from sync.district.ledger.asides import ask_anew, heal
from sync.district.ledger.record import EntryFiled, Record
from tests.support.ledgers import NOW, Writer

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


def test_p03_what_was_healed_is_out_of_quarantine_and_says_by_what(
    record: Record,
) -> None:
    _set_aside(record, 1)
    _set_aside(record, 2)
    _heal(record, (1, 1), by=(2, 9))

    assert [each.sequence for each in record.quarantined()] == [2]
    assert [(e.sequence, e.healed_by) for e in record.healed()] == [(1, (2, 9))]
    assert [each.place for each in record.asides.open_of(DESK.device)] == [(1, 2)]


def test_what_was_healed_stays_healed_by_the_first(record: Record) -> None:
    _set_aside(record, 1)
    _heal(record, (1, 1), by=(2, 9))
    _heal(record, (1, 1), by=(3, 1))

    assert record.healed()[0].healed_by == (2, 9)


def test_places_are_found_by_the_act_that_they_say(record: Record) -> None:
    _set_aside(record, 1)
    _set_aside(record, 2, act="b" * 32)
    _set_aside(record, 3, act=None, code=Code.BATCH_UNREADABLE)

    assert [e.place for e in record.asides.of_act(DESK.device, ACT)] == [(1, 1)]
    assert [e.act for e in record.asides.open_of(DESK.device)][-1] is None
    assert record.asides.of_act("0" * 32, ACT) == ()


def test_it_is_asked_for_once_until_the_desk_begins_an_epoch(record: Record) -> None:
    _set_aside(record, 1)
    _set_aside(record, 2)
    asked = {(1, 1): "{}", (1, 2): None}
    record.asides.ask(DESK.device, asked, at=utc_text(NOW))
    assert record.asides.not_asked(DESK.device) == ()
    assert len(record.unsent()) == 1

    _heal(record, (1, 2), by=(1, 2))
    record.keep(
        lambda connection: ask_anew(connection, DESK.device),
        device=DESK.device,
        feedback=None,
    )
    assert [e.place for e in record.asides.not_asked(DESK.device)] == [(1, 1)]
