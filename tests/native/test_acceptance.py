"""An entire acceptance in the real window, by keyboard alone, from login to archive."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.case import Granted
from schemas.catalogue import Item
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import Island, an_island
from tests.support.screen import (
    ROOT,
    Keyboard,
    a_display,
    a_window,
    log_in,
    wait_until,
    window_of,
)
from tests.support.typist import Typist
from tools.sample_cases import person_id

# Fishing licence, lost: a vessel, texts, choices, a day, a text of several lines.
INITIALS = "hyyyblxkzbf"
CODE = "HY01-04"
APPLICANT = {
    "name": "林海生",
    "id_number": person_id(3),
    "phone": "13900000003",
    "address": "南日镇",
}
FORM: dict[str, Any] = {
    "vessel_name_no": "闽秀渔99003",
    "vessel_code": "350300009900",
    "old_cert_no": "No.20210003",
    "reason": "遗失",
    "lost_on": "2026-06-01",
    "lost_desc": "落海",
    "agent_used": False,
    "delivery_way": "窗口领取",
    "notice_read": True,
    "commit_true": True,
}
# How a clerk says the ones that are chosen: by number, by initials, by word.
TYPED = {"reason": "1", "agent_used": "2", "delivery_way": "cklq"} | {
    "notice_read": "1",
    "commit_true": "1",
}


class Clerk:
    """Does one acceptance; every wait is for a state of the vault or the screen."""

    def __init__(self, island: Island, display: str) -> None:
        self.island = island
        self.desk = island.desk
        self.keyboard = Keyboard(display)
        self.typist = Typist(self.keyboard)

    def find_the_item(self) -> Item:
        self.typist.press_and_see("F2")
        self.keyboard.type(INITIALS)
        self.typist.press_and_see("Return")
        wait_until(lambda: len(self.desk.drafts()) == 1)
        item = self.desk.edition().item(CODE)
        assert item is not None
        return item

    def draft(self) -> Any:
        return self.desk.draft(self.desk.drafts()[0].draft_id)

    def fill_in_the_applicant(self) -> None:
        type_, see = self.typist.answer, self.typist.press_and_see
        self.keyboard.type("1")
        see("Return")
        wait_until(lambda: self.draft().applicant.get("kind") == "person")
        for part, text in APPLICANT.items():
            type_(text, self._applicant_has(part, text), onward=("Return",))

    def _applicant_has(self, part: str, text: str) -> Callable[[], bool]:
        return lambda: self.draft().applicant.get(part) == text

    def fill_in_the_form(self, item: Item) -> None:
        for field in self.desk.edition().form_fields(item):
            if field.type in {"signature", "derived"}:
                continue
            value = FORM.get(field.name)
            if field.name in TYPED:
                self.keyboard.type(TYPED[field.name])
                self.typist.press_and_see("Return")
                wait_until(self._form_has(field.name, value))
            else:
                kept = self._form_has(field.name, value)
                # Where Enter begins a line, an empty line goes on.
                many = field.type in {"textarea", "table", "coord_list"}
                onward = ("Return", "Return") if many else ("Return",)
                self.typist.answer(str(value or ""), kept, onward=onward)

    def _form_has(self, name: str, value: object) -> Callable[[], bool]:
        return lambda: self.draft().form.get(name) == value

    def take_the_materials(self) -> None:
        """The first by its number and Enter, the rest with one key."""
        self.keyboard.type("1")
        self.typist.press_and_see("Return")
        wait_until(lambda: len(self.draft().materials) == 1)
        self.keyboard.press("ctrl+m")
        wait_until(lambda: len(self.draft().materials) > 1)
        report = self.desk.check(self.draft())
        assert report.can_accept, [f for f in report.faults if f.blocks]

    def receive(self) -> str:
        self.typist.press_and_see("F8")
        wait_until(lambda: self.desk.cases().total == 1)
        assert self.desk.drafts() == ()
        return self.desk.cases().rows[0].number

    def save_the_receipt(self, number: str) -> None:
        self.typist.press_and_see("F7")
        path = self.desk.exports / f"{number}-receipt.pdf"
        wait_until(path.exists)
        assert path.read_bytes().startswith(b"%PDF-")

    def step(self, number: str, kind: str, *said: str, after: str) -> None:
        """Press the step's digit, answer its questions, F8; the state is another."""
        allowed = [*self.desk.case(number).allowed]
        # A correction stands first, where there is one; it opens the form.
        corrections = [k for k in allowed if k == "corrected_on_spot"]
        asked = [*corrections, *[k for k in allowed if k not in _BY_FORM]]
        self.typist.press_and_see(f"{(asked.index(kind) + 1) % 10}")
        for text in said:
            if text:
                self.typist.write(text)
            self.typist.press_and_see("Return")
        if not self._stands(number, after)():
            self.typist.press_and_see("F8")
        wait_until(self._stands(number, after))

    def _stands(self, number: str, state: str) -> Callable[[], bool]:
        return lambda: str(self.desk.case(number).row.state) == state

    def send(self) -> None:
        self.typist.press_and_see("F9")
        wait_until(lambda: self.desk.sync_status().waiting == 0)

    def district_grants(self, number: str) -> None:
        place, now = self.island.district, datetime.now(UTC)
        reconcile_once(place.sealed, place.record, place.keys, now=now)
        granted = Granted(licence_number="(示)证第0003号")
        answer_case(place.record, number, granted, by="区审核", now=now)
        reconcile_once(place.sealed, place.record, place.keys, now=now)


_BY_FORM = {"corrected_on_spot", "case_resubmitted", "case_received"}


@pytest.mark.timeout(900)
def test_an_entire_acceptance_by_keyboard_alone(tmp_path: Path) -> None:
    """Login, item by initials, applicant, form, materials, receipt, to the archive."""
    command = window_of(tmp_path / "desk")
    with an_island(tmp_path) as island, a_display() as display:
        clerk = Clerk(island, display)
        with a_window(clerk.keyboard, command, cwd=ROOT):
            log_in(clerk.keyboard)
            item = clerk.find_the_item()
            clerk.fill_in_the_applicant()
            clerk.fill_in_the_form(item)
            clerk.take_the_materials()
            number = clerk.receive()
            clerk.save_the_receipt(number)
            application = island.desk.case(number).application
            assert application.applicant.name == APPLICANT["name"]
            assert FORM.items() <= application.form.items()

            clerk.typist.press_and_see("Return")
            clerk.step(number, "case_accepted", after="accepted")
            clerk.send()
            clerk.district_grants(number)
            clerk.send()
            wait_until(clerk._stands(number, "granted"))
            clerk.step(number, "result_arrived", "LicenceNo3", after="to_deliver")
            clerk.step(
                number, "result_delivered", "1", "LicenceNo3", "Lin Haisheng", "",
                "", "", after="delivered",
            )  # fmt: skip
            clerk.step(number, "case_rated", "5", "", after="delivered")
            clerk.step(number, "case_closed", after="closed")
            clerk.step(number, "case_archived", "A-3", after="archived")
            clerk.keyboard.picture("acceptance-archived")
            assert island.desk.case(number).rated
