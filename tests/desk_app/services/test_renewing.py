"""New keys: the district's followed by its word alone, the desk's own once taken."""

from collections.abc import Iterator

import pytest

from desk_app.services import renewing
from desk_app.services.syncing import keys_of
from desk_app.store import former_keys, incidents, settings
from desk_app.store.vault import Transaction
from schemas.encoding import base64_bytes
from schemas.enrolment import Succession
from schemas.problems import Code
from schemas.renewal import (
    DeviceKeysRenewed,
    DeviceKeysTaken,
    DistrictKeysChanged,
    DistrictKeysRetired,
)
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import make_succession, renewal_is_genuine
from tests.support.counter import MONDAY, Counter, Town, refused, signing_public
from tests.support.rows import undone

NEXT = Town(answers=SigningKey(b"\x61" * 32), receipts=SigningKey(b"\x62" * 32))


@pytest.fixture
def tx(counter: Counter) -> Iterator[Transaction]:
    with undone(counter.place.vault) as under_way:
        yield under_way


def _next(
    counter: Counter, *, edition: int = 2, key: SigningKey | None = None
) -> Succession:
    return make_succession(
        counter.town.charter(), NEXT.charter(), edition=edition,
        answers=key or counter.town.answers, now=MONDAY,
    )  # fmt: skip


def test_the_next_charter_is_followed_on_the_word_of_the_known_one(
    counter: Counter, tx: Transaction
) -> None:
    said = _next(counter)
    renewing.follow(counter.place, tx, said)
    assert settings.get(tx, "charter") == NEXT.charter().model_dump_json()
    assert settings.get(tx, "charter_edition") == "2"
    assert former_keys.of(tx, "answers") == (counter.town.answers.public,)
    assert former_keys.of(tx, "receipts") == (counter.town.receipts.public,)
    happened = incidents.listed(tx, unseen_only=True, limit=1)
    assert [each.what for each in happened] == ["district_keys_changed"]


def test_a_charter_that_a_stranger_vouches_for_is_not_followed(
    counter: Counter, tx: Transaction
) -> None:
    said = _next(counter, key=SigningKey(b"\x63" * 32))
    refused(Code.SUCCESSION_INVALID, renewing.follow, counter.place, tx, said)
    assert settings.get(tx, "charter") == counter.town.charter().model_dump_json()


def test_p04_the_same_document_again_changes_nothing(
    counter: Counter, tx: Transaction
) -> None:
    said = DistrictKeysChanged(succession=_next(counter))
    for _ in range(2):
        renewing.take(counter.place, tx, said, sealed_to="0" * 32)
    assert len(former_keys.of(tx, "answers")) == 1
    assert len(incidents.listed(tx, unseen_only=True, limit=9)) == 1


def test_a_retired_key_is_believed_no_more(counter: Counter, tx: Transaction) -> None:
    renewing.follow(counter.place, tx, _next(counter))
    retired = DistrictKeysRetired(keys=(counter.town.answers.key_id,))
    renewing.take(counter.place, tx, retired, sealed_to="0" * 32)
    assert former_keys.of(tx, "answers") == ()
    assert former_keys.of(tx, "receipts") == (counter.town.receipts.public,)


def test_a_file_is_followed_by_a_supervisor_alone(counter: Counter) -> None:
    text = _next(counter).model_dump_json()
    refused(Code.NOT_ALLOWED, renewing.follow_file, counter.as_("wu"), text)
    place = counter.as_("lin")
    refused(Code.MESSAGE_MALFORMED, renewing.follow_file, place, "{}")
    forged = _next(counter, key=SigningKey(b"\x63" * 32)).model_dump_json()
    refused(Code.SUCCESSION_INVALID, renewing.follow_file, place, forged)


def test_the_desks_next_keys_wait_until_the_district_has_them(
    counter: Counter,
) -> None:
    place = counter.place
    refused(Code.NOT_ALLOWED, renewing.renew, counter.as_("wu"))
    place = counter.as_("lin")
    before = keys_of(place)

    signing, sealing = renewing.renew(place)

    body = counter.entries()[-1].body
    assert isinstance(body, DeviceKeysRenewed)
    assert renewal_is_genuine(before.device, body, signing_public(place))
    assert keys_of(place).signing == before.signing
    refused(Code.KEYS_RENEWAL_UNDER_WAY, renewing.renew, place)
    states = {(each.key_id, each.state) for each in renewing.keys_shown(place)}
    assert {(before.signing.key_id, "in_force"), (signing, "next")} <= states

    with place.vault.write() as tx:
        for taken in ((signing, "0" * 32), (signing, sealing)):
            said = DeviceKeysTaken(
                signing_key=taken[0], sealing_key=taken[1], device_certificate="AA"
            )
            renewing.take(place, tx, said, sealed_to=before.sealing.key_id)

    after = keys_of(place)
    assert (after.signing.key_id, after.sealing.key_id) == (signing, sealing)
    assert [each.key_id for each in after.former_sealing] == [before.sealing.key_id]
    assert not any(each.state == "next" for each in renewing.keys_shown(place))


def test_a_former_key_of_its_own_is_destroyed_once_nothing_can_be_sealed_to_it(
    counter: Counter, tx: Transaction
) -> None:
    """The feed has no gap: after a message to the new key none comes to the old."""
    former_keys.keep(tx, "own_sealing", b"old", key_id="1" * 32, since="2026")
    mine = SealingKey(base64_bytes(settings.get(tx, "sealing_key") or "")).key_id
    retired = DistrictKeysRetired(keys=())
    renewing.take(counter.place, tx, retired, sealed_to="2" * 32)
    assert former_keys.of(tx, "own_sealing") != ()
    renewing.take(counter.place, tx, retired, sealed_to=mine)
    assert former_keys.of(tx, "own_sealing") == ()
