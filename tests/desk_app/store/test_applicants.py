"""Applicants of earlier cases: recalled as last seen, by any way people say it."""

import dataclasses

import pytest

from desk_app.store import applicants, search, vessels
from desk_app.store.applicants import ApplicantRecord
from desk_app.store.vault import Transaction
from desk_app.store.vessels import VesselRecord
from tests.support.rows import a_case, a_number

COMPANY = "91350300MA2XN5DK7L"


def _person(
    name: str, identity: str, phone: str = "13900000000", *, used_at: str = "1"
) -> ApplicantRecord:
    words = search.words_of([name]) + " "
    words += search.marks_of(identity=identity, phone=phone)
    return ApplicantRecord(identity, f"body of {name}", words, used_at)


LIN = _person("林海生", "11010519491231002X", "13905941234")


def _recall(tx: Transaction, text: str, limit: int = 9) -> list[str]:
    found = applicants.recall(tx, text, limit=limit)
    return [body.removeprefix("body of ") for body in found]


@pytest.fixture
def known(tx: Transaction) -> Transaction:
    applicants.remember(tx, LIN)
    applicants.remember(tx, _person("陈阿妹", "35030519700101001X", used_at="2"))
    applicants.remember(tx, _person("海上合作社", COMPANY, used_at="3"))
    vessels.remember(tx, VesselRecord("闽秀渔99001", LIN.identity, a_number(1), "1"))
    return tx


@pytest.mark.parametrize(
    "typed", ["林海", "海生", "生", "002X", "110105", "1234", "1390594", "渔99001"]
)
def test_an_applicant_is_recalled_by_name_number_phone_or_vessel(
    known: Transaction, typed: str
) -> None:
    assert _recall(known, typed) == ["林海生"]


@pytest.mark.parametrize("typed", ["9135", "91350300ma2", "dk7l"])
def test_a_body_is_recalled_by_the_ends_of_its_credit_code(
    known: Transaction, typed: str
) -> None:
    assert _recall(known, typed) == ["海上合作社"]


@pytest.mark.parametrize("typed", ["", "?", "黄", "999", "闽秀"])
def test_what_nobody_is_called_recalls_nobody(known: Transaction, typed: str) -> None:
    """A vessel is told by its digits: a surname must not read all of them."""
    assert _recall(known, typed) == []


def test_the_last_seen_come_first_and_only_so_many(known: Transaction) -> None:
    again = dataclasses.replace(LIN, used_at="9")
    applicants.remember(known, again)
    assert _recall(known, "海") == ["林海生", "海上合作社"]
    assert _recall(known, "海", limit=1) == ["林海生"]


def test_the_latest_particulars_and_words_replace_the_earlier(
    known: Transaction,
) -> None:
    renamed = dataclasses.replace(
        _person("林大海", LIN.identity, "13800005678"), body="body of 林大海"
    )
    applicants.remember(known, renamed)
    assert _recall(known, "大海") == ["林大海"]
    assert _recall(known, "5678") == ["林大海"]
    assert _recall(known, "海生") == []
    assert _recall(known, "1234") == []
    assert len(known.rows("SELECT 1 FROM applicants")) == 3


def test_cases_of_the_same_words_are_no_applicants(tx: Transaction) -> None:
    """Both stand in one index; a list must not show the one as the other."""
    a_case(tx, a_number(1))
    assert _recall(tx, "林海") == []
