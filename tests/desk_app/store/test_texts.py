"""Editions and calendars as loaded: the newest is in use, and no other is lost."""

from pathlib import Path

from desk_app.store import texts
from desk_app.store.vault import Transaction, Vault
from tests.support.rows import undone


def _keep(tx: Transaction, *editions: int, kind: str = "edition") -> None:
    for number in editions:
        texts.keep(tx, kind, number, f"{kind} {number}", at=f"at {number}")


def test_the_newest_is_in_use_in_whatever_order_they_came(tx: Transaction) -> None:
    assert texts.newest(tx, "edition") is None
    _keep(tx, 2, 10, 9)
    _keep(tx, 77, kind="holidays")
    assert texts.newest(tx, "edition") == (10, "edition 10")
    assert texts.all_of(tx, "edition") == ("edition 10", "edition 9", "edition 2")


def test_an_old_case_finds_its_own_edition(tx: Transaction) -> None:
    _keep(tx, 1, 2)
    assert texts.edition(tx, "edition", 1) == "edition 1"
    assert texts.edition(tx, "edition", 3) is None
    assert texts.edition(tx, "holidays", 1) is None


def test_the_same_number_again_changes_nothing(tx: Transaction) -> None:
    _keep(tx, 1)
    texts.keep(tx, "edition", 1, "another text", at="later")
    assert texts.edition(tx, "edition", 1) == "edition 1"


def test_the_stamp_changes_with_what_is_in_use_and_only_then(
    tx: Transaction,
) -> None:
    """What was read under a stamp holds: closed seasons are not read for a save."""
    _keep(tx, 2)
    stamp = texts.stamp(tx)
    _keep(tx, 1, 2)
    _keep(tx, 9, kind="closed_seasons")
    assert texts.stamp(tx) == stamp
    _keep(tx, 3)
    later = texts.stamp(tx)
    assert later != stamp
    _keep(tx, 1, kind="holidays")
    assert texts.stamp(tx) not in {stamp, later}


def test_two_open_vaults_have_no_stamp_in_common(vault: Vault, tmp_path: Path) -> None:
    other = Vault(tmp_path / "vault.db", bytes(32))
    with undone(vault) as here, undone(other) as there:
        _keep(here, 1)
        _keep(there, 1)
        assert texts.stamp(here) != texts.stamp(there)
    other.close()
