"""Staff passphrases: the right one matches however it is typed, no other does."""

import pytest

from sync.district.config.passphrases import hash_passphrase, passphrase_matches

SALT = bytes(range(16))


@pytest.fixture(scope="module")
def kept() -> str:
    return hash_passphrase("Ａ旧码头 2026 的灯", salt=SALT)


@pytest.mark.parametrize("typed", ["Ａ旧码头 2026 的灯", " A旧码头 2026 的灯 "])
def test_full_width_letters_and_spaces_at_the_ends_do_not_lock_out(
    kept: str, typed: str
) -> None:
    """An input method makes of one key now this, now that letter."""
    assert passphrase_matches(typed, kept)


@pytest.mark.parametrize("typed", ["", "a旧码头 2026 的灯", "A旧码头2026的灯"])
def test_another_one_does_not_match(kept: str, typed: str) -> None:
    assert not passphrase_matches(typed, kept)


def test_the_hash_tells_nothing_of_the_passphrase_and_differs_by_its_salt(
    kept: str,
) -> None:
    salt, _, raw = kept.partition(":")
    assert (salt, len(raw)) == (SALT.hex(), 64)
    other = hash_passphrase("Ａ旧码头 2026 的灯", salt=bytes(16))
    assert other.partition(":")[2] != raw
