"""Fresh keys: asked for by a supervisor, used by the district's word alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_app.services import freezing, fresh_keys, renewing
from desk_app.services.syncing import keys_of
from desk_app.store import settings
from schemas.base import utc_text
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import GrantPackage
from schemas.problems import Code
from schemas.renewal import KeysRequest
from sync.seal import suite1
from sync.seal.enrolment import charter_digest, make_grant
from sync.seal.keys import SigningKey
from sync.seal.renewal import keys_request_is_genuine, standing_is_proven
from sync.seal.slips import certify_device
from tests.support.counter import MONDAY, Counter, Town, a_counter, refused


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Counter]:
    """A counter of this test's own: its keys change."""
    with a_counter(tmp_path) as made:
        made.as_("lin")
        yield made


def _package(
    counter: Counter, request: KeysRequest, *, town: Town | None = None,
    key: str | None = None,
) -> GrantPackage:  # fmt: skip
    house = town or counter.town
    with counter.place.vault.read() as tx:
        where = {
            "town": settings.get(tx, "town") or "",
            "terminal": settings.get(tx, "terminal") or "",
        }
    signing = base64_bytes(key or request.signing_key)
    grant = make_grant(
        {
            "suite": suite1.SUITE, "device": request.device, "device_number": 1,
            **where, "charter_digest": charter_digest(house.charter()),
            "documents": {}, "granted_at": utc_text(MONDAY),
            "device_certificate": certify_device(
                signing, answers=house.answers, **where
            ),
        },
        house.answers,
    )  # fmt: skip
    return GrantPackage(charter=house.charter(), grant=grant, documents=())


def test_a_supervisor_asks_once_and_the_present_key_stands_behind_it(
    own: Counter,
) -> None:
    refused(Code.NOT_ALLOWED, fresh_keys.ask, own.as_("wu"))
    place = own.as_("lin")
    assert fresh_keys.asked(place) is None
    before = keys_of(place)

    request = fresh_keys.ask(place)

    assert fresh_keys.ask(place) == request == fresh_keys.asked(place)
    assert keys_request_is_genuine(request, before.signing.public)
    assert request.endorsed_by == before.signing.key_id
    # To ask changes no key that is in force.
    assert keys_of(place).signing == before.signing
    refused(Code.KEYS_RENEWAL_UNDER_WAY, renewing.renew, place)


def test_p08_a_grant_is_used_and_the_desk_goes_on_as_one_put_back(own: Counter) -> None:
    place = own.place
    before = keys_of(place)
    request = fresh_keys.ask(place)
    fresh_keys.use_file(place, _package(own, request).model_dump_json())

    after = keys_of(place)
    assert base64_text(after.signing.public) == request.signing_key
    assert base64_text(after.sealing.public) == request.sealing_key
    assert after.device == before.device
    assert fresh_keys.asked(place) is None
    with place.vault.read() as tx:
        assert settings.get(tx, "restored_at") == utc_text(own.watch.now)
        frozen = freezing.frozen_in(tx, now=own.watch.now)
    assert frozen is not None
    assert frozen.why == "restored"


def test_a_grant_of_another_key_or_house_or_of_nothing_asked_is_not_used(
    own: Counter,
) -> None:
    place = own.place
    before = keys_of(place)
    request = fresh_keys.ask(place)
    other = SigningKey(b"\x51" * 32)
    wrong = _package(own, request, key=base64_text(other.public))
    refused(Code.GRANT_NOT_FOR_THIS_DESK, fresh_keys.use, place, wrong)
    house = Town(answers=SigningKey(b"\x52" * 32))
    foreign = _package(own, request, town=house)
    refused(Code.DISTRICT_NOT_TRUSTED, fresh_keys.use, place, foreign)
    refused(Code.FILE_NOT_THIS_KIND, fresh_keys.use_file, place, "{}")
    assert keys_of(place).signing == before.signing
    good = _package(own, request)
    fresh_keys.use(place, good)
    refused(Code.GRANT_NOT_FOR_THIS_DESK, fresh_keys.use, place, good)


def _forgotten(own: Counter, *, certificate: str) -> None:
    own.put("sync_problem", str(int(Code.DEVICE_UNKNOWN)))
    own.put("device_certificate", certificate)


def test_p08_a_desk_that_was_forgotten_shows_the_keys_that_it_works_by(
    own: Counter,
) -> None:
    place = own.place
    before = keys_of(place)
    with place.vault.read() as tx:
        where = {k: settings.get(tx, k) or "" for k in ("town", "terminal")}
    certificate = certify_device(
        before.signing.public, answers=own.town.answers, **where
    )
    _forgotten(own, certificate=certificate)
    renewing.renew(place)

    request = fresh_keys.ask(place)

    assert fresh_keys.ask(place) == request
    assert request.signing_key == base64_text(before.signing.public)
    assert standing_is_proven(request, [own.town.answers.public])
    renewed = {"signing_key": _next(own)}
    with place.vault.read() as tx:
        assert fresh_keys.may_offer(tx, renewed), "what it renewed goes on"
    fresh_keys.use(place, _package(own, request))
    assert keys_of(place).signing == before.signing
    assert fresh_keys.asked(place) is None
    with place.vault.read() as tx:
        assert not settings.get(tx, "restored_at")
        assert not settings.get(tx, "sync_problem")
        assert freezing.frozen_in(tx, now=own.watch.now) is None
        assert fresh_keys.may_offer(tx, renewed)


def _next(own: Counter) -> str:
    with own.place.vault.read() as tx:
        kept = settings.get(tx, renewing.NEXT[0]) or ""
    return base64_text(SigningKey(base64_bytes(kept)).public)


def test_what_no_district_certified_cannot_be_shown(own: Counter) -> None:
    """A grant of 0.1: only fresh keys can be asked for, once, not at each try."""
    _forgotten(own, certificate="")
    request = fresh_keys.ask(own.place)
    assert request.standing is None
    assert fresh_keys.ask(own.place) == request


@pytest.mark.parametrize("forgotten", [False, True])
def test_what_needs_no_answer_any_more_is_asked_no_more(
    own: Counter, *, forgotten: bool
) -> None:
    if forgotten:
        _forgotten(own, certificate="A" * 86)
        renewing.renew(own.place)
    fresh_keys.ask(own.place)
    with own.place.vault.write() as tx:
        fresh_keys.drop_in(tx)
        # Fresh keys go with the question; keys that were renewed are waited for.
        assert bool(settings.get(tx, renewing.NEXT[0])) is forgotten
    assert fresh_keys.asked(own.place) is None


def test_p08_what_was_asked_too_early_gives_way_and_leaves_no_keys_behind(
    own: Counter,
) -> None:
    """Before the district had said which it is. Found by hand."""
    early = fresh_keys.ask(own.place)
    assert early.standing is None
    _forgotten(own, certificate="A" * 86)
    request = fresh_keys.ask(own.place)
    assert request.standing is not None
    with own.place.vault.read() as tx:
        assert not settings.get(tx, renewing.NEXT[0])
    renewing.renew(own.place)
    # A line that is down changes no question; a district that knows more does.
    own.put("sync_problem", str(int(Code.LINE_DOWN)))
    assert fresh_keys.ask(own.place) == request
    own.put("sync_problem", str(int(Code.DEVICE_KEY_RETIRED)))
    assert fresh_keys.ask(own.place).standing is None
