"""Who may work here, and what a wrong passphrase leads to."""

from pathlib import Path

import pytest

from desk_app.services import access
from desk_app.store import audit
from schemas.problems import Code, Problem
from tests.support.counter import Counter, refused
from tests.support.rigs import NANRI, PASSPHRASE, a_desk, an_island, take_case


def test_operators_come_and_go_without_reencrypting(tmp_path: Path) -> None:
    desk = a_desk(tmp_path)
    desk.add_operator(
        login="chen", name="陈窗口", role="clerk", passphrase="sea wind boat rope",
        own=PASSPHRASE,
    )  # fmt: skip
    desk.unlock("chen", "sea wind boat rope")
    with pytest.raises(Problem) as refused:
        desk.remove_operator("0" * 16)
    assert refused.value.code is Code.NOT_ALLOWED
    desk.change_passphrase("sea wind boat rope", "another long passphrase")
    desk.unlock("lin", PASSPHRASE)
    chen = next(row for row in desk.operators() if row.login == "chen")
    me = next(row for row in desk.operators() if row.login == "lin")
    desk.remove_operator(chen.operator_id)
    with pytest.raises(Problem) as last:
        desk.remove_operator(me.operator_id)
    assert last.value.code is Code.LAST_SUPERVISOR
    with pytest.raises(Problem):
        desk.unlock("chen", "another long passphrase")
    desk.lock()


def test_wrong_passphrases_are_in_the_audit_trail(tmp_path: Path) -> None:
    desk = a_desk(tmp_path)
    desk.lock()
    for _ in range(2):
        with pytest.raises(Problem) as refused:
            desk.unlock("lin", "not the passphrase")
        assert refused.value.code is Code.PASSPHRASE_WRONG
    desk.unlock("lin", PASSPHRASE)
    with desk.place.vault.read() as tx:
        what = [line.what for line in audit.lines(tx, limit=10)]
        assert audit.broken_at(tx) is None
    assert what.count("unlock_failed") == 2
    desk.lock()


def test_the_recovery_key_gives_a_new_passphrase(tmp_path: Path) -> None:
    from desk_app.boot.hands import real_hands  # noqa: PLC0415
    from desk_app.config.places import places  # noqa: PLC0415
    from desk_app.services.desk import Desk  # noqa: PLC0415

    desk = Desk(places(tmp_path), real_hands())
    key = desk.set_up(
        desk_name="一号", town=NANRI, login="lin", name="林", passphrase=PASSPHRASE
    )
    desk.recover(key, "lin", "a wholly new passphrase")
    assert desk.unlock("lin", "a wholly new passphrase").login == "lin"
    desk.lock()


def test_before_enrolment_drafts_are_kept_and_acceptance_says_why_not(
    tmp_path: Path,
) -> None:
    desk = a_desk(tmp_path)
    with pytest.raises(Problem) as refused:
        take_case(desk, "HY12-01", seed=1)
    assert refused.value.code is Code.NOT_ENROLLED
    assert len(desk.drafts()) == 1
    desk.lock()


def test_cases_are_found_by_name_pinyin_id_tail_and_number(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        desk = island.desk
        number = take_case(desk, "HY04-03", seed=0)
        case = desk.case(number)
        applicant = case.application.applicant
        for text in (
            "林海生", "海生", "林", "lhs", "linhaisheng", applicant.phone,
            applicant.phone[-4:], number, number[-13:], case.row.id_masked[-4:],
        ):  # fmt: skip
            assert desk.cases(text).total == 1, text
        assert desk.cases("陈阿妹").total == 0
        assert desk.recall_applicants("lhs")[0].name == "林海生"
        pdf = desk.receipt_pdf(number)
        assert pdf.startswith(b"%PDF")


def test_the_trail_is_read_by_supervisors_alone(counter: Counter) -> None:
    counter.take(seed=1)
    assert access.trail(counter.place, limit=3)[0].what == "case_received"
    refused(Code.NOT_ALLOWED, access.trail, counter.as_("wu"), limit=3)


def test_a_shift_change_loses_no_draft(counter: Counter) -> None:
    """The next clerk sees it, and whose hand it is in."""
    counter.as_("wu")
    draft = counter.draft(seed=2)
    counter.as_("chen")
    rows = {row.draft_id: row.operator_name for row in counter.desk.drafts()}
    assert rows[draft.draft_id] == "吴窗口"
