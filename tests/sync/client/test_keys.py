"""Keys of a conversation: former ones are believed by their ids, others never."""

import pytest

from schemas.problems import Code, Problem
from sync.client.keys import Keys
from sync.seal import suite1
from sync.seal.keys import SealingKey, SigningKey

OLD, NEW, OTHER = (SigningKey(bytes([n]) * 32) for n in (1, 2, 3))
SEALED_TO, BEFORE = SealingKey(bytes(range(96))), SealingKey(bytes(96))
KEYS = Keys(
    device="d" * 32, signing=NEW, sealing=SEALED_TO, district_sealing=b"sealing",
    district_receipts=NEW.public, district_answers=NEW.public,
    former_sealing=(BEFORE,), former_receipts=(OLD.public,),
    former_answers=(OLD.public,),
)  # fmt: skip


def test_while_a_district_changes_keys_both_are_believed_by_their_ids() -> None:
    for key in (OLD, NEW):
        assert KEYS.receipts_public(key.key_id) == key.public
        assert KEYS.answers_public(key.key_id) == key.public


@pytest.mark.parametrize("key_id", [OTHER.key_id, "", "0" * 32, OLD.public.hex()])
def test_p06_a_key_that_was_never_pinned_proves_nothing(key_id: str) -> None:
    for find in (KEYS.receipts_public, KEYS.answers_public):
        with pytest.raises(Problem) as refused:
            find(key_id)
        assert refused.value.code is Code.SIGNATURE_INVALID


def test_p06_a_receipt_key_answers_nothing_and_an_answers_key_receipts_nothing() -> (
    None
):
    apart = Keys(
        device="d" * 32, signing=NEW, sealing=SEALED_TO, district_sealing=b"",
        district_receipts=OLD.public, district_answers=NEW.public,
    )  # fmt: skip
    with pytest.raises(Problem):
        apart.receipts_public(NEW.key_id)
    with pytest.raises(Problem):
        apart.answers_public(OLD.key_id)


def test_a_message_to_a_former_key_is_opened_with_it() -> None:
    assert KEYS.sealing_of(BEFORE.key_id) == BEFORE
    assert KEYS.sealing_of(SEALED_TO.key_id) == SEALED_TO
    # For a stranger the present one: opening it says that it is not for us.
    assert KEYS.sealing_of(suite1.key_id(b"stranger")) == SEALED_TO


def test_a_conversation_ends_with_the_key_that_it_began_with() -> None:
    began = Keys(
        device="d" * 32, signing=OLD, sealing=BEFORE, district_sealing=b"",
        district_receipts=b"", district_answers=b"",
    )  # fmt: skip
    on = KEYS.sending_as(began)
    assert on.signing == OLD
    assert (on.sealing, on.district_receipts) == (SEALED_TO, NEW.public)


def test_p02_keys_in_a_report_show_no_secret_half() -> None:
    shown = repr(KEYS)
    for secret in (NEW.to_bytes(), SEALED_TO.to_bytes(), BEFORE.to_bytes()):
        assert repr(secret) not in shown
