"""A made district for every test: it is made once a run, and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.district.boot.district import District, NewDistrict, init, open_district
from tests.support.commands import Run, commands_of


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "district"
    init(folder, NewDistrict("350305", "示例区", "https://localhost:1"))
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "district"))


@pytest.fixture
def district(home: Path) -> Iterator[District]:
    opened = open_district(home)
    yield opened
    opened.sealed.close()
    opened.record.close()


@pytest.fixture
def run(home: Path) -> Run:
    return commands_of(home)
