"""Setting up never costs anybody a vault, whatever is missing or half done."""

from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from desk_app.store import audit
from schemas.problems import Code, Problem
from tests.support.rigs import NANRI, PASSPHRASE, a_desk


def _set_up(home: Path) -> str:
    return Desk(places(home), real_hands()).set_up(
        desk_name="一号", town=NANRI, login="lin", name="林", passphrase=PASSPHRASE
    )


def _refusal(home: Path) -> Code:
    with pytest.raises(Problem) as refused:
        _set_up(home)
    return refused.value.code


def test_a_vault_without_its_key_slots_is_never_made_anew(tmp_path: Path) -> None:
    """Somebody moved keyslots.json away: the vault stays, and opens with it again."""
    a_desk(tmp_path).lock()
    kept = (tmp_path / "keyslots.json").read_bytes()
    (tmp_path / "keyslots.json").unlink()
    before = (tmp_path / "vault.db").read_bytes()

    assert _refusal(tmp_path) is Code.KEYSLOTS_MISSING
    desk = Desk(places(tmp_path), real_hands())
    assert desk.is_set_up
    with pytest.raises(Problem) as refused:
        desk.unlock("lin", PASSPHRASE)
    assert refused.value.code is Code.KEYSLOTS_MISSING

    assert (tmp_path / "vault.db").read_bytes() == before
    (tmp_path / "keyslots.json").write_bytes(kept)
    assert desk.unlock("lin", PASSPHRASE).login == "lin"
    desk.lock()


def test_key_slots_without_their_vault_do_not_open_an_empty_one(tmp_path: Path) -> None:
    a_desk(tmp_path).lock()
    (tmp_path / "vault.db").rename(tmp_path / "elsewhere.db")

    with pytest.raises(Problem) as refused:
        Desk(places(tmp_path), real_hands()).unlock("lin", PASSPHRASE)
    assert refused.value.code is Code.VAULT_MISSING
    assert _refusal(tmp_path) is Code.VAULT_MISSING
    assert not (tmp_path / "vault.db").exists()


@pytest.mark.parametrize("content", [b"", b"garbage", b"{}", b"\xff\xfe"])
def test_damaged_key_slots_are_named_and_left(tmp_path: Path, content: bytes) -> None:
    a_desk(tmp_path).lock()
    (tmp_path / "keyslots.json").write_bytes(content)

    with pytest.raises(Problem) as refused:
        Desk(places(tmp_path), real_hands()).unlock("lin", PASSPHRASE)
    assert refused.value.code is Code.KEYSLOTS_DAMAGED
    assert (tmp_path / "keyslots.json").read_bytes() == content


@pytest.mark.parametrize("step", ["slots", "vault", "first rename"])
def test_a_set_up_that_was_cut_off_is_begun_again(tmp_path: Path, step: str) -> None:
    """The power fails between any two of its files: nobody has seen the key yet."""
    _set_up(tmp_path)
    slots, vault = tmp_path / "keyslots.json", tmp_path / "vault.db"
    slots.rename(tmp_path / "setup.json")
    if step == "vault":
        vault.rename(tmp_path / "setup.db")
    elif step == "slots":
        vault.unlink()

    assert not Desk(places(tmp_path), real_hands()).is_set_up
    _set_up(tmp_path)
    desk = Desk(places(tmp_path), real_hands())
    desk.unlock("lin", PASSPHRASE)
    desk.lock()
    assert not list(tmp_path.glob("setup*"))


def test_a_supervisor_resets_a_forgotten_passphrase(tmp_path: Path) -> None:
    desk = a_desk(tmp_path)
    chen = desk.add_operator(
        login="chen", name="陈", role="clerk", passphrase="sea wind boat rope",
        own=PASSPHRASE,
    )  # fmt: skip
    with pytest.raises(Problem) as refused:
        desk.reset_passphrase(chen.operator_id, "net hook line lamp", "not my own one")
    assert refused.value.code is Code.PASSPHRASE_WRONG
    desk.reset_passphrase(chen.operator_id, "net hook line lamp", PASSPHRASE)
    with desk.place.vault.read() as tx:
        assert audit.lines(tx, limit=1)[0].what == "passphrase_reset"
    desk.unlock("chen", "net hook line lamp")
    with pytest.raises(Problem) as refused:
        desk.reset_passphrase(chen.operator_id, "another long one", PASSPHRASE)
    assert refused.value.code is Code.NOT_ALLOWED
    desk.lock()


def test_a_renewed_recovery_key_replaces_the_one_on_paper(tmp_path: Path) -> None:
    old = _set_up(tmp_path)
    desk = Desk(places(tmp_path), real_hands())
    desk.unlock("lin", PASSPHRASE)
    new = desk.renew_recovery_key(PASSPHRASE)
    desk.lock()

    with pytest.raises(Problem) as refused:
        desk.recover(old, "lin", "a wholly new passphrase")
    assert refused.value.code is Code.RECOVERY_KEY_WRONG
    with pytest.raises(Problem) as refused:
        desk.recover(new, "lin", "short")
    assert refused.value.code is Code.PASSPHRASE_WEAK
    desk.recover(new.lower().replace("-", " "), "lin", "a wholly new passphrase")
    desk.unlock("lin", "a wholly new passphrase")
    desk.lock()
