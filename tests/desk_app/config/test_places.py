"""Where a desk keeps its files: one private folder, no two files in one place."""

import os
from pathlib import Path

import pytest

from desk_app.config.places import Places, places


def test_a_given_home_is_made_and_everything_is_under_it(tmp_path: Path) -> None:
    where = places(tmp_path / "deep" / "home")
    assert where.home.is_dir()
    names = [
        name for name, value in vars(Places).items() if isinstance(value, property)
    ]
    found = [getattr(where, name) for name in names]
    assert all(each.parent == where.home for each in found)
    assert len(set(found)) == len(names) >= 8


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_p02_an_open_folder_is_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    places(home)
    assert home.stat().st_mode & 0o777 == 0o700
    places(home)
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_relative_home_is_the_same_after_the_window_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window changes to the home, where nobody's client can be picked up."""
    monkeypatch.chdir(tmp_path)
    where = places(Path("home"))
    monkeypatch.chdir(where.home)
    assert where.vault == tmp_path / "home" / "vault.db"
    assert where.home.is_dir()


def test_without_a_home_it_is_the_users_own_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    where = places(None)
    assert where.home.is_relative_to(tmp_path)
    assert where.home.name == "island-desk"


def test_a_setup_under_way_touches_nothing_that_is_there(tmp_path: Path) -> None:
    where = places(tmp_path)
    under_way = {where.new_vault, where.new_keyslots}
    assert not under_way & {where.vault, where.keyslots}
