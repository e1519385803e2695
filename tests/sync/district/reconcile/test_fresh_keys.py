"""A person's yes to fresh keys: this key alone is certified, the feed goes to it."""

import pytest

from schemas.problems import Code, Problem
from schemas.renewal import DistrictKeysRetired
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.device_keys import Place
from sync.district.ledger.keys_requests import AskedKeys
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.filing import send_outgoing
from sync.district.reconcile.fresh_keys import (
    approve_keys,
    asked_fingerprint,
    find_asked,
)
from sync.seal.enrolment import check_package, fingerprint
from sync.seal.feed import open_feed
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import make_keys_request
from sync.seal.slips import is_certified
from tests.support.ledgers import NOW, TOWN, Writer, granted, keep, the_keys

FRESH, OPENING = SigningKey.generate(), SealingKey.generate()


def _asked(sealed: SealedLedger, desk: Writer, *, cursor: int = 0) -> AskedKeys:
    request = make_keys_request(
        desk.device, desk.signing, FRESH, OPENING, feed_cursor=cursor, now=NOW
    )
    return sealed.keys_requests.ask(request, now=NOW)


def test_people_compare_the_fingerprint_of_both_fresh_keys(
    sealed: SealedLedger,
) -> None:
    asked = _asked(sealed, granted(sealed))
    assert asked_fingerprint(asked) == fingerprint(FRESH.public + OPENING.public)
    assert find_asked(sealed, FRESH.key_id) == asked
    with pytest.raises(Problem) as unknown:
        find_asked(sealed, "0" * 32)
    assert unknown.value.code is Code.FRESH_KEYS_NOT_ASKED


def test_p08_the_yes_certifies_this_key_and_sends_the_feed_to_it(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> None:
    desk = granted(sealed, "03")
    for _ in range(3):
        record.renewals.tell(
            [desk.device], DistrictKeysRetired(keys=()).model_dump_json()
        )
    assert send_outgoing(sealed, record, keys, now=NOW) == 3
    keep(sealed, desk.batch(1, 4))
    asked = _asked(sealed, desk, cursor=1)

    package = approve_keys(
        sealed, record, the_keys().charter(), keys, key_id=asked.key_id, now=NOW
    )

    check_package(package, desk.device)
    answers = the_keys().answers.public
    certificate = package.grant.device_certificate
    for key, certified in ((FRESH, True), (desk.signing, False)):
        assert certified is is_certified(
            key.public, certificate, town=TOWN, terminal="03", answers_public=answers
        )
    # What the lost history signed counts up to what is held, and no further.
    assert sealed.keys.signer(desk.signing.key_id, Place(1, 4)) is not None
    with pytest.raises(Problem):
        sealed.keys.signer(desk.signing.key_id, Place(1, 5))
    assert send_outgoing(sealed, record, keys, now=NOW) == 2
    messages, head = sealed.feed_after(desk.device, 1, limit=9)
    assert ([each.header.position for each in messages], head) == ([2, 3], 3)
    for each in messages:
        said = open_feed(each, answers_public=answers, key=OPENING)
        assert said.kind == "district_keys_retired"


def test_a_revoked_desk_is_not_let_in_by_fresh_keys(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> None:
    desk = granted(sealed)
    asked = _asked(sealed, desk)
    sealed.keys.revoke(desk.device, reason="lost", up_to=None)
    with pytest.raises(Problem) as refused:
        approve_keys(
            sealed, record, the_keys().charter(), keys, key_id=asked.key_id, now=NOW
        )
    assert refused.value.code is Code.DEVICE_REVOKED
