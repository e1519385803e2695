"""The facade: locked it does nothing, unlocked it is one person's, all is on disk."""

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from desk_app.store.keyslots import read_recovery_key
from schemas.problems import Code, Problem
from tests.support.counter import (
    ITEM,
    MONDAY,
    Counter,
    a_bare_counter,
    refused,
)
from tests.support.rigs import NANRI, PASSPHRASE


@pytest.mark.parametrize(
    "verb",
    [
        lambda desk: desk.place,
        lambda desk: desk.new_draft(ITEM),
        lambda desk: desk.board(),
        lambda desk: desk.cases("林"),
        lambda desk: desk.add_operator(
            login="x", name="x", role="clerk", passphrase=PASSPHRASE, own=PASSPHRASE
        ),
        lambda desk: desk.edition(),
    ],
)
def test_a_locked_desk_does_nothing_and_says_why(
    tmp_path: Path, verb: Callable[[Desk], object]
) -> None:
    desk = Desk(places(tmp_path), real_hands())
    refused(Code.DESK_LOCKED, verb, desk)
    assert (desk.session, desk.is_set_up) == (None, False)


def test_it_is_set_up_once_and_its_recovery_key_is_on_paper_alone(
    tmp_path: Path,
) -> None:
    bare = a_bare_counter(tmp_path)
    desk, key = bare.desk, bare.recovery
    assert desk.is_set_up
    assert read_recovery_key(key) == key
    assert desk.recovery_page(key, "一号").startswith(b"%PDF")
    for file in desk.places.home.rglob("*"):
        assert not file.is_file() or key.encode() not in file.read_bytes()
    refused(
        Code.ALREADY_SET_UP, desk.set_up, desk_name="二号", town=NANRI, login="wu",
        name="吴", passphrase=PASSPHRASE,
    )  # fmt: skip
    desk.lock()


def test_the_next_one_unlocks_and_the_former_ones_vault_is_closed(
    counter: Counter,
) -> None:
    desk = counter.desk
    before = desk.place
    session = desk.unlock("wu", PASSPHRASE)
    assert (session.login, session.name, session.role) == ("wu", "吴窗口", "clerk")
    assert desk.session == session
    assert desk.place.operator == session.operator_id
    assert before.vault.key == b""
    refused(Code.PASSPHRASE_WRONG, desk.unlock, "lin", "not the passphrase")
    assert desk.session == session, "a wrong passphrase sends nobody away"
    desk.lock()
    desk.lock()
    assert desk.session is None
    desk.unlock("lin", PASSPHRASE)


def test_failed_unlocks_make_the_next_one_wait(counter: Counter) -> None:
    desk = counter.desk
    for _ in range(4):
        counter.watch.later(seconds=90)
        refused(Code.PASSPHRASE_WRONG, desk.unlock, "wu", "not the passphrase")
    assert desk.unlock_delay_s() == 2
    refused(Code.PASSPHRASE_WRONG, desk.unlock, "wu", PASSPHRASE)
    counter.watch.later(seconds=2)
    assert desk.unlock_delay_s() == 0
    desk.unlock("wu", PASSPHRASE)
    assert desk.unlock_delay_s() == 0


def test_its_days_are_the_windows_own(counter: Counter) -> None:
    """Late in the evening of UTC it is tomorrow here."""
    desk = counter.desk
    assert (desk.today(), desk.stamp()) == (date(2026, 6, 1), "20260601-100000")
    assert desk.working_day(5) == date(2026, 6, 8)
    counter.watch.now = MONDAY.replace(hour=17)
    assert desk.today() == date(2026, 6, 2)


def test_a_draft_is_on_disk_from_the_first_moment_and_names_who_typed_last(
    counter: Counter,
) -> None:
    desk = counter.desk
    draft = desk.new_draft(ITEM)
    counter.as_("wu")
    person = {"kind": "person", "name": "林海生"}
    desk.save_draft(dataclasses.replace(draft, applicant=person))
    desk.lock()
    counter.as_("lin")
    row = next(r for r in desk.drafts() if r.draft_id == draft.draft_id)
    assert (row.applicant_name, row.operator_name) == ("林海生", "吴窗口")
    item = desk.edition().item(ITEM)
    assert item is not None
    assert (row.item_name, row.updated_at) == (item.name, MONDAY)
    desk.discard_draft(draft.draft_id, "重复")
    refused(Code.DRAFT_UNKNOWN, desk.draft, draft.draft_id)
    refused(Code.ITEM_UNKNOWN, desk.new_draft, "HY99-99")


def test_what_is_accepted_has_its_receipt_and_is_a_draft_no_more(
    counter: Counter,
) -> None:
    draft = counter.draft(seed=11)
    taken = counter.desk.receive_case(draft.draft_id)
    assert taken.pdf.startswith(b"%PDF")
    assert taken.received_at == MONDAY
    assert (taken.notice_deadline.what, taken.notice_deadline.day) == (
        "notice", date(2026, 6, 8),
    )  # fmt: skip
    refused(Code.DRAFT_UNKNOWN, counter.desk.receive_case, draft.draft_id)
    assert counter.desk.case(taken.number).application.form == draft.form


def test_a_correction_begins_with_what_was_handed_in(counter: Counter) -> None:
    number = counter.take(seed=12)
    draft = counter.desk.correction_draft(number)
    handed_in = counter.desk.case(number).application
    assert draft.answers_case == number
    assert draft.form == handed_in.form
    assert draft.materials == handed_in.materials
    assert counter.desk.check(draft).can_accept
    refused(Code.CASE_NOT_RETURNED, counter.desk.resubmit, draft, "补正")


def test_items_and_applicants_are_found_by_what_is_typed(counter: Counter) -> None:
    desk = counter.desk
    assert desk.find_items(ITEM)[0].code == ITEM
    assert len(desk.find_items("渔", limit=3)) == 3
    counter.take(seed=0)
    assert [each.name for each in desk.recall_applicants(" lhs ")] == ["林海生"]
    assert desk.recall_applicants("  ") == ()


async def test_before_it_was_joined_a_desk_has_nobody_to_call(tmp_path: Path) -> None:
    bare = a_bare_counter(tmp_path)
    assert not bare.desk.sync_status().enrolled
    with pytest.raises(Problem) as caught:
        await bare.desk.sync()
    assert caught.value.code is Code.NOT_ENROLLED
    bare.desk.lock()
