"""A climbed ledger for every test: the ladder itself is climbed once a run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.district.ledger.database import open_database
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger


@pytest.fixture(scope="session")
def climbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both halves, climbed and empty; only ever copied."""
    folder = tmp_path_factory.mktemp("climbed")
    for half in ("sealed", "record"):
        open_database(folder / f"{half}.db", half).dispose()
    return folder


@pytest.fixture
def sealed(climbed: Path, tmp_path: Path) -> Iterator[SealedLedger]:
    (tmp_path / "intake").mkdir(exist_ok=True)
    path = shutil.copy(climbed / "sealed.db", tmp_path / "intake")
    ledger = SealedLedger(Path(path))
    yield ledger
    ledger.close()


@pytest.fixture
def record(climbed: Path, tmp_path: Path) -> Iterator[Record]:
    ledger = Record(Path(shutil.copy(climbed / "record.db", tmp_path)))
    yield ledger
    ledger.close()
