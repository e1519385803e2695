"""Changing the district's keys: vouched for by the old, whole after any crash."""

import pytest

from schemas.contact import Verdict
from schemas.problems import Code, Problem
from schemas.renewal import DistrictKeysChanged, DistrictKeysRetired
from sync.district.boot.district import District
from sync.district.boot.rotating import USES, finish, keys_of, lagging, retire, rotate
from sync.district.boot.serving import utc_now
from sync.district.config.keyring import put_charter, read_successions
from sync.seal.renewal import check_succession
from tests.support.ledgers import NOW, granted


def test_new_keys_are_in_force_and_the_old_ones_vouch_for_them(
    district: District,
) -> None:
    old = district.charter
    made = rotate(district, USES, now=utc_now())
    check_succession(made, old)
    new = district.charter
    assert new == made.charter
    for field in ("sealing_key", "receipt_key", "answers_key"):
        assert getattr(new, field) != getattr(old, field)
    district.keys.check()
    assert district.keys.opening_of(_of(district, "sealing", in_force=False)).key_id


def _of(district: District, use: str, *, in_force: bool = True) -> str:
    (found,) = (
        each.key_id
        for each in keys_of(district)
        if (each.use, each.in_force) == (use, in_force)
    )
    return found


def test_one_key_changes_and_the_others_stay(district: District) -> None:
    old = district.charter
    made = rotate(district, ("receipts",), urls=("https://new.example",), now=utc_now())
    new = district.charter
    assert (new.sealing_key, new.answers_key) == (old.sealing_key, old.answers_key)
    assert new.urls == ("https://new.example",)
    assert made.edition == 2
    assert rotate(district, ("sealing",), now=utc_now()).edition == 3


def test_every_desk_is_told_signed_by_the_key_it_knows(district: District) -> None:
    desk = granted(district.sealed)
    knows = district.keys.answers.key_id
    made = rotate(district, ("answers",), now=utc_now())
    (told,) = district.record.unsent()
    assert (told.device, told.answers_key) == (desk.device, knows)
    assert DistrictKeysChanged.model_validate_json(told.body).succession == made


def test_p01_a_crash_before_the_rename_is_finished_by_whoever_comes_next(
    district: District,
) -> None:
    old = district.charter
    made = rotate(district, USES, now=utc_now())
    put_charter(district.places, old)
    district.places.successions.unlink()

    finish(district)

    assert district.charter == made.charter
    assert read_successions(district.places) == (made,)
    finish(district)
    assert district.charter == made.charter


def test_a_desk_lags_until_it_says_that_it_came_so_far(district: District) -> None:
    desk = granted(district.sealed)
    assert lagging(district) == ()
    rotate(district, ("receipts",), now=utc_now())
    assert lagging(district) == (desk.device,)
    for counter, cursor in ((1, 0), (2, 1)):
        said = desk.contact(counter, cursor=cursor)
        district.sealed.contacts.keep(said, Verdict.AGREED, now=NOW)
        assert lagging(district) == ((desk.device,) if cursor == 0 else ())


def test_a_former_key_is_retired_once_nobody_needs_it(district: District) -> None:
    granted(district.sealed)
    rotate(district, ("receipts",), now=utc_now())
    former = _of(district, "receipts", in_force=False)
    for key, code in (
        (former, Code.KEY_STILL_IN_USE),
        (_of(district, "receipts"), Code.KEY_UNKNOWN),
        ("0" * 32, Code.KEY_UNKNOWN),
    ):
        with pytest.raises(Problem) as refused:
            retire(district, key)
        assert refused.value.code is code
    retire(district, former, force=True)
    told = DistrictKeysRetired.model_validate_json(district.record.unsent()[-1].body)
    assert told.keys == (former,)


def test_every_key_there_ever_was_is_listed_the_oldest_first(
    district: District,
) -> None:
    rotate(district, ("receipts",), now=utc_now())
    lines = keys_of(district)
    assert [each.use for each in lines] == [
        "sealing",
        "receipts",
        "answers",
        "receipts",
    ]
    assert [each.in_force for each in lines] == [True, False, True, True]
