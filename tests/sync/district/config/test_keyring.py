"""Keys on disk: owner's eyes only, never overwritten, in force by one rename."""

import os
from pathlib import Path

import pytest

from schemas.encoding import base64_text
from schemas.problems import Code, Problem
from sync.district.config.keyring import (
    ReceiptRing,
    ReconcileKeys,
    make_keys,
    new_answers_key,
    new_opening_key,
    new_receipt_key,
    put_charter,
    put_successions,
    read_charter,
    read_successions,
    write_private,
)
from sync.district.config.places import DistrictPlaces
from sync.seal.enrolment import charter_digest
from sync.seal.renewal import make_succession
from tests.support.ledgers import NOW, DistrictKeys


@pytest.fixture
def places(tmp_path: Path) -> DistrictPlaces:
    made = DistrictPlaces(tmp_path)
    made.make()
    return made


def _begun(places: DistrictPlaces) -> DistrictKeys:
    receipts, opening, answers = make_keys(places)
    keys = DistrictKeys(receipts, answers, opening)
    put_charter(places, keys.charter())
    return keys


def _code(verb: object) -> Code:
    with pytest.raises(Problem) as refused:
        verb()  # type: ignore[operator]
    return refused.value.code


def test_a_secret_is_its_owners_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    write_private(path, "secret")
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_private(path, "another")
    assert path.read_text() == "secret"


def test_each_process_finds_its_own_keys_as_the_charter_names_them(
    places: DistrictPlaces,
) -> None:
    made = _begun(places)
    reconcile = ReconcileKeys(places)
    assert ReceiptRing(places).current() == made.receipts
    assert (reconcile.opening, reconcile.answers) == (made.opening, made.answers)
    reconcile.check()


def test_p02_intake_holds_no_key_that_opens(places: DistrictPlaces) -> None:
    _begun(places)
    assert [each.name for each in places.intake.glob("*.key")] == ["receipt.key"]
    ring = ReceiptRing(DistrictPlaces(places.home))
    for each in places.reconcile.glob("*.key"):
        each.unlink()
    assert ring.current().key_id


def test_a_new_key_is_in_force_once_the_charter_says_so(places: DistrictPlaces) -> None:
    """Without a restart: a ring looks at the charter before each use."""
    first = _begun(places)
    ring, reconcile = ReceiptRing(places), ReconcileKeys(places)
    assert ring.current() == first.receipts
    second = DistrictKeys(
        new_receipt_key(places), new_answers_key(places), new_opening_key(places)
    )
    assert ring.current() == first.receipts, "made, not in force"

    put_charter(places, second.charter())
    touched = places.charter.stat().st_mtime_ns + 1_000_000
    os.utime(places.charter, ns=(touched, touched))

    assert ring.current() == second.receipts
    assert (reconcile.opening, reconcile.answers) == (second.opening, second.answers)


def test_p10_a_former_key_still_opens_what_was_sealed_to_it(
    places: DistrictPlaces,
) -> None:
    first = _begun(places)
    new_opening_key(places)
    reconcile = ReconcileKeys(places)
    assert reconcile.opening_of(first.opening.key_id) == first.opening
    assert reconcile.answers_of(first.answers.key_id) == first.answers
    assert _code(lambda: reconcile.opening_of("0" * 32)) is Code.KEY_MISSING


def test_a_key_that_is_not_the_charters_is_not_used(places: DistrictPlaces) -> None:
    """Put back from the wrong backup it would quietly open nothing."""
    _begun(places)
    (places.reconcile / "opening.key").write_text(
        base64_text(DistrictKeys().opening.to_bytes())
    )
    (places.intake / "receipt.key").write_text("no key at all")
    assert _code(lambda: ReconcileKeys(places).check()) is Code.OPENING_KEY_MISSING
    assert _code(lambda: ReceiptRing(places).current()) is Code.KEY_MISSING


def test_a_charter_that_is_lost_beside_its_keys_is_damage(
    places: DistrictPlaces,
) -> None:
    """A second set-up would make every desk a stranger."""
    assert _code(lambda: read_charter(places)) is Code.DISTRICT_NOT_SET_UP
    _begun(places)
    places.charter.write_text("{")
    assert _code(lambda: read_charter(places)) is Code.DISTRICT_FILE_DAMAGED
    places.charter.unlink()
    assert _code(lambda: read_charter(places)) is Code.DISTRICT_FILE_DAMAGED
    assert _code(ReceiptRing(places).current) is Code.DISTRICT_FILE_DAMAGED


def test_a_desk_is_led_from_the_charter_it_knows_to_the_one_in_force(
    places: DistrictPlaces,
) -> None:
    keys = [_begun(places), DistrictKeys(), DistrictKeys()]
    charters = [each.charter() for each in keys]
    steps = tuple(
        make_succession(
            charters[n], charters[n + 1], edition=n + 2, answers=keys[n].answers,
            now=NOW,
        )
        for n in (0, 1)
    )  # fmt: skip
    assert read_successions(places) == ()
    put_successions(places, steps)
    put_charter(places, charters[2])

    ring = ReceiptRing(places)

    known = [charter_digest(each) for each in charters]
    assert ring.successions_after(known[0]) == steps
    assert ring.successions_after(known[1]) == steps[1:]
    assert ring.successions_after(known[2]) == ring.successions_after(None) == ()
    assert ring.successions_after("0" * 64) == ()


def test_p08_the_public_answers_keys_of_every_charter_are_known(
    places: DistrictPlaces,
) -> None:
    """A certificate of before the keys changed is this district's own all the same."""
    keys = [_begun(places), DistrictKeys(), DistrictKeys()]
    ring = ReceiptRing(places)
    assert ring.answers_publics() == (keys[0].answers.public,)
    steps = read_successions(places)
    for n in (0, 1):
        old, new = keys[n].charter(), keys[n + 1].charter()
        steps += (
            make_succession(old, new, edition=n + 2, answers=keys[n].answers, now=NOW),
        )
        put_successions(places, steps)
        put_charter(places, new)
    found = ReceiptRing(places).answers_publics()
    assert found[0] == keys[2].answers.public
    assert sorted(found) == sorted(each.answers.public for each in keys)
