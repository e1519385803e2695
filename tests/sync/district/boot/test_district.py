"""Making and opening a district: whole, once, and never over what is there."""

from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.district.boot.district import (
    District,
    NewDistrict,
    add_staff,
    init,
    open_district,
    refuse_weak,
)
from sync.district.config.passphrases import passphrase_matches
from sync.seal.enrolment import charter_is_genuine
from tests.support.rigs import PASSPHRASE

NEW = NewDistrict("350305", "示例区", "https://localhost:1")


def _code(verb: object) -> Code:
    with pytest.raises(Problem) as refused:
        verb()  # type: ignore[operator]
    return refused.value.code


def test_a_made_district_has_its_keys_and_its_name(district: District) -> None:
    assert charter_is_genuine(district.charter)
    assert (district.charter.name, district.charter.district) == ("示例区", "350305")
    district.keys.check()
    assert len(district.sealed.contacts.incarnation()) == 32


def test_a_district_is_made_once(home: Path) -> None:
    before = (home / "reconcile" / "opening.key").read_text()
    assert _code(lambda: init(home, NEW)) is Code.DISTRICT_ALREADY_SET_UP
    assert (home / "reconcile" / "opening.key").read_text() == before


def test_one_that_lost_its_charter_is_not_made_anew(home: Path, tmp_path: Path) -> None:
    (home / "intake" / "charter.json").unlink()
    assert _code(lambda: open_district(home)) is Code.DISTRICT_FILE_DAMAGED
    assert _code(lambda: init(home, NEW)) is Code.DISTRICT_FILE_DAMAGED
    assert _code(lambda: open_district(tmp_path / "no")) is Code.DISTRICT_NOT_SET_UP


@pytest.mark.parametrize("lost", ["intake/sealed.db", "reconcile/record.db"])
def test_p03_a_lost_ledger_is_not_begun_anew(home: Path, lost: str) -> None:
    (home / lost).unlink()
    assert _code(lambda: open_district(home)) is Code.LEDGER_MISSING
    assert not (home / lost).exists()


def test_a_login_belongs_to_one_person_and_its_passphrase_is_not_kept(
    district: District,
) -> None:
    def add(login: str, passphrase: str = PASSPHRASE) -> None:
        add_staff(
            district, login=login, name="陈", role="reviewer", passphrase=passphrase
        )

    add("chen")
    assert _code(lambda: add("chen")) is Code.LOGIN_TAKEN
    kept = district.record.staff.member("chen")
    assert kept is not None
    assert PASSPHRASE not in kept.passphrase
    assert passphrase_matches(PASSPHRASE, kept.passphrase)
    assert _code(lambda: add("long-login-name", "long-login-name")) is (
        Code.PASSPHRASE_WEAK
    )


@pytest.mark.parametrize("weak", ["", "short", "  short  ", "reviewer-one"])
def test_a_weak_passphrase_is_refused(weak: str) -> None:
    assert _code(lambda: refuse_weak(weak, login="reviewer-one")) is (
        Code.PASSPHRASE_WEAK
    )
    refuse_weak(PASSPHRASE, login="reviewer-one")
