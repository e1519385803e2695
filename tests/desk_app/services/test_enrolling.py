"""Joining a district by files: whom the desk believes, and what it takes from it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_app.services import catalogue, enrolling
from desk_app.store import settings, texts
from schemas.encoding import base64_text
from schemas.enrolment import EnrolmentRequest, GrantPackage, Invitation
from schemas.problems import Code, Problem
from sync.seal.enrolment import (
    charter_digest,
    enrol_code,
    request_is_genuine,
)
from sync.seal.keys import SigningKey
from sync.seal.renewal import make_succession
from tests.support.counter import (
    MONDAY,
    SECRET,
    Counter,
    Town,
    a_bare_counter,
    refused,
    signing_public,
)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Counter]:
    """A desk that no district knows yet."""
    made = a_bare_counter(tmp_path)
    yield made
    made.desk.lock()


def _setting(counter: Counter, name: str) -> str | None:
    with counter.place.vault.read() as tx:
        return settings.get(tx, name)


def _package(counter: Counter, town: Town, **named: str) -> GrantPackage:
    device = _setting(counter, "device") or ""
    return town.package(device, signing_public(counter.place), **named)


def _asked(counter: Counter) -> EnrolmentRequest:
    text = enrolling.request_for(counter.place, counter.town.invitation())
    return EnrolmentRequest.model_validate_json(text)


def test_a_request_proves_the_invitation_and_names_the_desk(bare: Counter) -> None:
    request = _asked(bare)
    assert request_is_genuine(request, SECRET)
    assert not request_is_genuine(request, b"another ten")
    assert (request.device, request.desk_name) == (
        _setting(bare, "device"), "南日镇一号窗口",
    )  # fmt: skip
    assert request.made_at == MONDAY
    assert bare.trail()[0] == "enrolment_requested"


def test_the_district_is_known_by_its_fingerprint_once_it_was_asked(
    bare: Counter,
) -> None:
    assert enrolling.district_fingerprint(bare.place) is None
    _asked(bare)
    mark = enrolling.charter_fingerprint(bare.town.charter())
    assert enrolling.district_fingerprint(bare.place) == mark
    other = enrolling.charter_fingerprint(bare.town.charter(name="别处"))
    assert other != mark
    assert len(enrolling.own_fingerprint(bare.place).split()) == 8


def test_a_grant_puts_its_terminal_and_documents_to_use(bare: Counter) -> None:
    _asked(bare)
    package = _package(bare, bare.town, terminal="07")
    enrolling.apply_grant(bare.place, package.model_dump_json())
    assert _setting(bare, "terminal") == "07"
    assert _setting(bare, "device_number") == "1"
    with bare.place.vault.read() as tx:
        assert texts.newest(tx, "edition") == (1, catalogue.shipped("edition"))
    assert bare.trail()[0] == "enrolled"
    refused(
        Code.ALREADY_ENROLLED, enrolling.request_for, bare.place,
        bare.town.invitation(),
    )  # fmt: skip
    # Its file was applied twice: nothing changes, no document is there twice.
    enrolling.apply_grant(bare.place, package.model_dump_json())
    with bare.place.vault.read() as tx:
        assert len(texts.all_of(tx, "holidays")) == 1


@pytest.mark.parametrize("kind", ["edition", "holidays", "closed_seasons"])
def test_p10_what_a_newer_district_gives_along_and_cannot_be_read_here_is_left(
    bare: Counter, kind: str
) -> None:
    """The desk is taken in all the same, and works by what it was shipped with."""
    _asked(bare)
    newer = '{"format": "island-desk/of-the-future/9", "number": 7}'
    package = _package(bare, bare.town, terminal="07", **{kind: newer})
    enrolling.apply_grant(bare.place, package.model_dump_json())
    assert _setting(bare, "terminal") == "07"
    with bare.place.vault.read() as tx:
        assert newer not in texts.all_of(tx, kind)
    assert catalogue.current_edition(bare.place).edition == 1


def test_a_grant_that_nobody_asked_for_is_not_believed(bare: Counter) -> None:
    package = _package(bare, bare.town)
    refused(Code.DISTRICT_NOT_TRUSTED, enrolling.apply_package, bare.place, package)
    _asked(bare)
    stranger = Town(answers=SigningKey(b"\x66" * 32))
    refused(
        Code.DISTRICT_NOT_TRUSTED, enrolling.apply_package, bare.place,
        _package(bare, stranger),
    )  # fmt: skip
    other = bare.town.package("e" * 32, signing_public(bare.place))
    refused(Code.GRANT_NOT_FOR_THIS_DESK, enrolling.apply_package, bare.place, other)
    assert _setting(bare, "terminal") is None


@pytest.mark.parametrize("part", ["grant", "document", "charter"])
def test_a_grant_that_was_changed_on_its_way_is_refused_whole(
    bare: Counter, part: str
) -> None:
    _asked(bare)
    file = json.loads(_package(bare, bare.town).model_dump_json())
    if part == "grant":
        file["grant"]["terminal"] = "09"
    elif part == "document":
        file["documents"][1]["text"] += " "
    else:
        file["charter"]["urls"] = ["https://elsewhere"]
    refused(Code.SIGNATURE_INVALID, enrolling.apply_grant, bare.place, json.dumps(file))
    assert _setting(bare, "terminal") is None


def test_files_of_another_kind_and_forged_invitations_are_said(
    bare: Counter,
) -> None:
    for text in ("", "{}", "[1]"):
        refused(Code.FILE_NOT_THIS_KIND, enrolling.request_for, bare.place, text)
        refused(Code.FILE_NOT_THIS_KIND, enrolling.apply_grant, bare.place, text)
    file = Invitation.model_validate_json(bare.town.invitation())
    forged = file.charter.model_copy(update={"name": "别处"})
    refused(
        Code.DISTRICT_NOT_TRUSTED, enrolling.request_for, bare.place,
        file.model_copy(update={"charter": forged}).model_dump_json(),
    )  # fmt: skip
    assert _setting(bare, "charter") is None


def test_a_grant_of_later_keys_is_followed_if_each_is_vouched_for(
    bare: Counter,
) -> None:
    """The district changed its keys between the request and the grant."""
    _asked(bare)
    old, later = bare.town, Town(answers=SigningKey(b"\x77" * 32))
    package = _package(bare, later)
    refused(Code.DISTRICT_NOT_TRUSTED, enrolling.apply_package, bare.place, package)
    step = make_succession(
        old.charter(), later.charter(), edition=2, answers=old.answers, now=MONDAY
    )
    enrolling.apply_package(
        bare.place, package.model_copy(update={"successions": (step,)})
    )
    mark = enrolling.charter_fingerprint(later.charter())
    assert enrolling.district_fingerprint(bare.place) == mark
    assert charter_digest(later.charter()) == package.grant.charter_digest


@pytest.mark.parametrize(
    "url", ["", "http://x", "https://", "localhost", "https://x:99999", "https://[x"]
)
async def test_an_address_that_is_none_is_said_before_anything_is_asked(
    bare: Counter, url: str
) -> None:
    code = enrol_code(SECRET, bare.town.charter())
    with pytest.raises(Problem) as caught:
        await enrolling.enrol_with_code(bare.place, url=url, code=code)
    assert caught.value.code is Code.ADDRESS_MALFORMED


async def test_a_code_is_read_first_and_a_desk_that_asked_nobody_has_no_grant(
    bare: Counter,
) -> None:
    for verb, code in (
        (enrolling.enrol_with_code(bare.place, url="https://x", code="1234"),
         Code.ENROL_CODE_MALFORMED),
        (enrolling.poll_grant(bare.place), Code.NOT_ENROLLED),
        (enrolling.ask_district(bare.place), Code.NOT_ENROLLED),
    ):  # fmt: skip
        with pytest.raises(Problem) as caught:
            await verb
        assert caught.value.code is code


def test_an_edition_that_the_desk_has_is_not_kept_twice(bare: Counter) -> None:
    text = catalogue.shipped("edition")
    with bare.place.vault.write() as tx:
        texts.keep(tx, "edition", 1, text, at="2026")
    _asked(bare)
    enrolling.apply_package(bare.place, _package(bare, bare.town))
    with bare.place.vault.read() as tx:
        assert texts.all_of(tx, "edition") == (text,)


def test_keys_are_the_desks_own(bare: Counter, tmp_path: Path) -> None:
    other = a_bare_counter(tmp_path / "other")
    marks = {enrolling.own_fingerprint(each.place) for each in (bare, other)}
    assert len(marks) == 2
    request = _asked(bare)
    assert request.signing_key == base64_text(signing_public(bare.place))
    other.desk.lock()
