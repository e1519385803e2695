"""Key slots: one key, many passphrases, and a file that names nobody."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desk_app.store.keyslots import (
    Argon,
    Keyslots,
    check_passphrase,
    new_recovery_key,
    read_recovery_key,
)
from schemas.problems import Code, Problem

WORDS = "correct horse battery"


def _dice() -> Callable[[int], bytes]:
    """Bytes that differ at every throw, the same in every run."""
    thrown = iter(range(1, 10_000))
    return lambda size: (next(thrown).to_bytes(4, "big") * size)[:size]


def _slots(folder: Path) -> tuple[Keyslots, bytes, str]:
    slots = Keyslots(folder / "keyslots.json", dice=_dice())
    unlocked, recovery = slots.create("lin", WORDS)
    return slots, unlocked.key, recovery


def _code(verb: Callable[[], object]) -> Code:
    with pytest.raises(Problem) as refused:
        verb()
    return refused.value.code


def test_a_passphrase_is_stretched_as_the_rfc_asks_and_opens_at_that_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 9106, 4: 64 MiB, three passes, four lanes; other tests pay less."""
    monkeypatch.setattr("desk_app.store.keyslots.Argon", Argon)
    slots, key, _ = _slots(tmp_path)
    file = json.loads((tmp_path / "keyslots.json").read_text())
    real = {"iterations": 3, "lanes": 4, "memory_kib": 65_536}
    assert [slot["argon"] for slot in file["slots"]] == [real, real]
    assert slots.unlock("lin", WORDS).key == key


def test_every_way_in_gives_the_one_key(tmp_path: Path) -> None:
    slots, key, recovery = _slots(tmp_path)
    slots.add(key, "chen", "sea wind boat rope")
    assert slots.unlock("lin", WORDS).key == key
    assert slots.unlock("chen", "sea wind boat rope").key == key
    assert slots.unlock_with_recovery(recovery).key == key


def test_a_change_keeps_the_slot_and_closes_the_old_way_in(tmp_path: Path) -> None:
    slots, key, _ = _slots(tmp_path)
    before = slots.unlock("lin", WORDS).slot_id
    assert slots.change(key, "lin", "a wholly new one") == before
    assert slots.unlock("lin", "a wholly new one").key == key
    assert _code(lambda: slots.unlock("lin", WORDS)) is Code.PASSPHRASE_WRONG


def test_what_was_removed_opens_nothing(tmp_path: Path) -> None:
    slots, key, _ = _slots(tmp_path)
    slot = slots.add(key, "chen", "sea wind boat rope")
    slots.remove(slot)
    assert slot not in slots.slot_ids
    wrong = _code(lambda: slots.unlock("chen", "sea wind boat rope"))
    assert wrong is Code.PASSPHRASE_WRONG
    assert slots.unlock("lin", WORDS).key == key


def test_the_same_words_by_another_input_method_unlock(tmp_path: Path) -> None:
    """Full-width letters from a Chinese keyboard are the same passphrase."""
    slots, key, _ = _slots(tmp_path)
    wide = "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in WORDS)
    assert slots.unlock("LIN", wide).key == key


@pytest.mark.parametrize("part", ["salt", "nonce", "wrapped", "slot_id", "tag"])
def test_a_slot_that_was_tampered_with_opens_nothing(tmp_path: Path, part: str) -> None:
    slots, _, _ = _slots(tmp_path)
    path = tmp_path / "keyslots.json"
    file = json.loads(path.read_text())
    mine = slots.unlock("lin", WORDS).slot_id
    slot = next(each for each in file["slots"] if each["slot_id"] == mine)
    first = "B" if slot[part][0] != "B" else "C"
    slot[part] = first.lower() + slot[part][1:] if part == "tag" else (
        first + slot[part][1:]
    )  # fmt: skip
    path.write_text(json.dumps(file))
    assert _code(lambda: slots.unlock("lin", WORDS)) is Code.PASSPHRASE_WRONG


def test_p02_the_file_names_nobody(tmp_path: Path) -> None:
    slots, key, _ = _slots(tmp_path)
    slots.add(key, "zhenghaiming", "sea wind boat rope")
    raw = (tmp_path / "keyslots.json").read_bytes()
    assert b"zhenghaiming" not in raw
    assert key.hex().encode() not in raw
    assert "key" not in repr(slots.unlock("lin", WORDS)).lower().replace("slot", "")


@pytest.mark.parametrize(
    "weak", ["short", "1234567890", "aaaaaaaaaaaa", "linhaisheng", "  spaces  "]
)
def test_weak_passphrases_are_refused(weak: str) -> None:
    refused = _code(lambda: check_passphrase(weak, login="linhaisheng"))
    assert refused is Code.PASSPHRASE_WEAK


def test_a_recovery_key_is_read_as_it_was_meant() -> None:
    key = new_recovery_key(lambda size: bytes(range(size)))
    spoken = key.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_recovery_key(spoken) == key
    assert _code(lambda: read_recovery_key(key[:-1])) is Code.RECOVERY_KEY_WRONG
    assert _code(lambda: read_recovery_key(key[:-1] + "U")) is Code.RECOVERY_KEY_WRONG


def test_a_weak_passphrase_makes_no_key_and_an_unknown_login_finds_none(
    tmp_path: Path,
) -> None:
    slots = Keyslots(tmp_path / "keyslots.json", dice=_dice())
    assert _code(lambda: slots.create("lin", "short")) is Code.PASSPHRASE_WEAK
    assert not slots.exist
    assert _code(lambda: slots.unlock("lin", WORDS)) is Code.NOT_SET_UP
    slots.create("lin", WORDS)
    assert _code(lambda: slots.unlock("nobody", WORDS)) is Code.PASSPHRASE_WRONG
    assert _code(lambda: slots.create("chen", WORDS)) is Code.ALREADY_SET_UP
