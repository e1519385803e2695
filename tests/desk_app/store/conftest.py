"""One real vault for a module's tests; what each test writes is undone at its end."""

from collections.abc import Iterator

import pytest

from desk_app.store.vault import Transaction, Vault
from tests.support.rows import undone


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """An empty vault, climbed to the last rung."""
    opened = Vault(tmp_path_factory.mktemp("store") / "vault.db", bytes(range(32)))
    yield opened
    opened.close()


@pytest.fixture
def tx(vault: Vault) -> Iterator[Transaction]:
    """A write under way in a vault without a row."""
    with undone(vault) as under_way:
        yield under_way
