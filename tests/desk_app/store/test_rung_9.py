"""Rung 9 is climbed with a batch in place, and refusals are counted per batch."""

from pathlib import Path

from desk_app.store import outbox
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung


def test_p10_a_batch_of_rung_1_starts_with_no_refusal(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    with left_on_rung(path, 1) as old:
        old.execute(
            "INSERT INTO outbox (batch_digest, epoch, first, last, header, raw, state)"
            " VALUES ('d', 1, 1, 2, '{}', x'00', 'waiting')"
        )

    vault = Vault(path, KEY)

    with vault.write() as tx:
        assert outbox.refused_again(tx, "d") == 1
        assert outbox.refused_again(tx, "d") == 2
    vault.close()
