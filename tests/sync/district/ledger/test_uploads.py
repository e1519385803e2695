"""Uploads under way: announced once, answered the same, within what is granted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.problems import Code, Problem
from sync.district.ledger.sealed import SealedLedger
from sync.district.ledger.uploads import LIMITS, Limits, Upload
from tests.support.ledgers import NOW, granted

HOUR = timedelta(hours=1)


def asked(name: str, device: str | None = None, length: int = 100) -> Upload:
    return Upload(name, device, name, length, NOW + HOUR, "open", "")


def test_an_upload_that_is_under_way_goes_on(sealed: SealedLedger) -> None:
    device = granted(sealed).device
    first = sealed.uploads.announce(asked("a", device), now=NOW)
    later = replace(asked("a", device), expires_at=NOW + 9 * HOUR)
    assert sealed.uploads.announce(later, now=NOW) == first == sealed.uploads.get("a")


def test_p04_whoever_lost_the_last_answer_gets_the_same_again(
    sealed: SealedLedger,
) -> None:
    sealed.uploads.announce(asked("a"), now=NOW)
    sealed.uploads.ended("a", "kept", "the receipt")
    again = sealed.uploads.announce(asked("a"), now=NOW)
    assert (again.state, again.answer) == ("kept", "the receipt")


def test_one_that_was_refused_begins_anew(sealed: SealedLedger) -> None:
    sealed.uploads.announce(asked("a"), now=NOW)
    sealed.uploads.ended("a", "refused", "301")
    again = sealed.uploads.announce(asked("a"), now=NOW)
    assert (again.state, again.answer) == ("open", "")


def test_another_length_under_the_same_name_is_another_upload(
    sealed: SealedLedger,
) -> None:
    sealed.uploads.announce(asked("a", length=100), now=NOW)
    assert sealed.uploads.announce(asked("a", length=90), now=NOW).length == 90


def test_quotas_count_what_is_announced_for_each_desk_apart(
    sealed: SealedLedger,
) -> None:
    uploads = sealed.uploads
    one, other = granted(sealed, "01").device, granted(sealed, "02").device
    uploads.set_limit("desk_bytes", 150)
    uploads.announce(asked("a", one), now=NOW)
    with pytest.raises(Problem) as refused:
        uploads.announce(asked("b", one), now=NOW)
    assert refused.value.code is Code.UPLOAD_QUOTA
    uploads.announce(asked("c", other), now=NOW)
    uploads.announce(asked("d", None), now=NOW)
    uploads.ended("a", "kept", "r")
    uploads.announce(asked("b", one), now=NOW)


def test_strangers_share_one_small_room(sealed: SealedLedger) -> None:
    sealed.uploads.set_limit("stranger_uploads", 2)
    for name in ("a", "b"):
        sealed.uploads.announce(asked(name, length=1), now=NOW)
    with pytest.raises(Problem) as refused:
        sealed.uploads.announce(asked("c", length=1), now=NOW)
    assert refused.value.code is Code.UPLOAD_QUOTA
    sealed.uploads.forget("a")
    sealed.uploads.announce(asked("c", length=1), now=NOW)


def test_what_has_expired_is_swept_and_named(sealed: SealedLedger) -> None:
    sealed.uploads.announce(asked("a"), now=NOW)
    late = replace(asked("b"), expires_at=NOW + 5 * HOUR)
    sealed.uploads.announce(late, now=NOW)
    assert sealed.uploads.sweep(now=NOW) == ()
    assert sealed.uploads.sweep(now=NOW + 2 * HOUR) == ("a",)
    assert sealed.uploads.names() == {"b"}


def test_a_limit_is_one_of_those_there_are_and_never_negative(
    sealed: SealedLedger,
) -> None:
    for name, value in (("nothing", 1), ("desk_bytes", -1)):
        with pytest.raises(Problem) as refused:
            sealed.uploads.set_limit(name, value)
        assert refused.value.code is Code.LIMIT_OUT_OF_RANGE
    for value, name in enumerate(LIMITS):
        sealed.uploads.set_limit(name, 99)
        sealed.uploads.set_limit(name, value)
    assert sealed.uploads.limits() == Limits(*range(len(LIMITS)))


def test_no_bytes_an_hour_means_as_fast_as_it_can() -> None:
    assert Limits().allowance is None
    assert Limits(bytes_per_hour=4096).allowance == 4096
