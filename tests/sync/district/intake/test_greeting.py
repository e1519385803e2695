"""A greeting by line or stick: noted, believed by its key, led to today's charter."""

import os

from schemas.encoding import base64_text
from sync.district.config.keyring import put_charter, put_successions, write_private
from sync.district.config.places import DistrictPlaces
from sync.district.intake.greeting import answer_greeting
from sync.district.intake.keeping import IntakeParts
from sync.seal.enrolment import charter_digest
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.renewal import make_succession
from sync.seal.welcomes import welcome_is_genuine
from tests.support.ledgers import NOW, DistrictKeys, granted, the_keys


def test_a_desk_that_greets_was_heard_of(parts: IntakeParts) -> None:
    desk = granted(parts.ledger)
    device = parts.ledger.device(desk.device)
    assert device is not None
    assert device.last_contact_at is None

    answer_greeting(parts, desk.contact(1), device, page=0)

    after = parts.ledger.device(desk.device)
    assert after is not None
    assert after.last_contact_at is not None


def test_a_next_key_is_in_force_once_it_greets(parts: IntakeParts) -> None:
    desk, key = granted(parts.ledger), SigningKey.generate()
    parts.ledger.keys.offer(
        desk.device, signing_key=base64_text(key.public),
        sealing_key=base64_text(SealingKey.generate().public), now=NOW,
    )  # fmt: skip
    signer = parts.ledger.device_of_key(key.key_id)
    assert signer is not None

    answer_greeting(parts, desk.contact(1, head=4), signer, page=0)

    now_in_force = parts.ledger.device(desk.device)
    assert now_in_force is not None
    assert now_in_force.signing_public == key.public


def test_a_desk_that_was_long_away_is_led_to_the_charter_in_force(
    parts: IntakeParts,
) -> None:
    """Its welcome is signed by a key that it does not know yet."""
    desk, old, new = granted(parts.ledger), the_keys(), DistrictKeys()
    device = parts.ledger.device(desk.device)
    assert device is not None
    first, second = old.charter(), new.charter()
    step = make_succession(first, second, edition=2, answers=old.answers, now=NOW)
    places = DistrictPlaces(parts.uploads.parents[1])
    secret = base64_text(new.receipts.to_bytes())
    write_private(places.intake / f"receipt-{new.receipts.key_id}.key", secret)
    put_successions(places, (step,))
    put_charter(places, second)
    later = places.charter.stat().st_mtime_ns + 1_000_000
    os.utime(places.charter, ns=(later, later))

    away = desk.contact(1, charter=charter_digest(first))
    knows = desk.contact(2, charter=charter_digest(second))

    answer = answer_greeting(parts, away, device, page=0)
    assert answer.successions == (step,)
    assert welcome_is_genuine(answer.welcome, new.receipts.public)
    assert answer_greeting(parts, knows, device, page=0).successions == ()
