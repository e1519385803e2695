"""Rung 11 is climbed with words in place: all are found, in leaves that fit a page."""

from pathlib import Path

import pytest

from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung

CASES = 900
# 4,096 bytes less 80 for the cipher; a row's own head takes up to 39 of them.
FITS = 4096 - 80 - 39


@pytest.fixture
def climbed(tmp_path: Path) -> Vault:
    """A vault that came up from rung 10 with an index in many pieces."""
    with left_on_rung(tmp_path / "vault.db", 10) as old:
        for first in range(1, CASES + 1, 300):
            old.execute("BEGIN")
            for n in range(first, first + 300):
                tokens = f"林海 海生 linhaisheng z{n * 7919:018d} 闽秀 {n:05d}"
                old.execute(
                    "INSERT INTO words (rowid, tokens) VALUES (?, ?)", (n, tokens)
                )
            old.execute("COMMIT")
        (longest,) = old.execute("SELECT max(length(block)) FROM words_data").fetchone()
        assert longest > FITS, "leaves of before spilled over"
    return Vault(tmp_path / "vault.db", KEY)


def test_p10_every_word_of_before_is_found(climbed: Vault) -> None:
    with climbed.read() as tx:
        (every,) = tx.row("SELECT count(*) FROM words WHERE words MATCH '林海'") or ()
        assert every == CASES
        for n in (1, 450, CASES):
            query = f'"z{n * 7919:018d}"'
            found = tx.rows("SELECT rowid FROM words WHERE words MATCH ?", query)
            assert found == [(n,)]
    climbed.close()


def test_a_leaf_lies_in_one_page_also_after_more_was_written(climbed: Vault) -> None:
    with climbed.write() as tx:
        for n in range(CASES + 1, CASES + 301):
            tx.run(
                "INSERT INTO words (rowid, tokens) VALUES (?, ?)", n,
                f"陈阿 阿妹 chenamei z{n * 7919:018d} 闽秀 {n:05d}",
            )  # fmt: skip
    with climbed.read() as tx:
        (longest,) = tx.row("SELECT max(length(block)) FROM words_data") or (0,)
        leaves = tx.row("SELECT count(*) FROM words_data WHERE length(block) > 3000")
    assert 3000 < int(str(longest)) <= FITS
    assert int(str((leaves or (0,))[0])) > 3, "enough to tell"
    climbed.close()
