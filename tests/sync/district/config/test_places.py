"""A district's folders: two, cut along the key, and nothing lost is made anew."""

from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.district.config.places import DistrictPlaces, district_places, refuse_missing


def test_p02_what_intake_sees_and_what_the_key_is_beside_lie_apart(
    tmp_path: Path,
) -> None:
    places = DistrictPlaces(tmp_path)
    outside = (places.sealed, places.uploads, places.charter, places.successions)
    assert all(each.is_relative_to(places.intake) for each in outside)
    assert places.record.is_relative_to(places.reconcile)
    assert not places.reconcile.is_relative_to(places.intake)


def test_the_folders_are_private_and_may_be_made_twice(tmp_path: Path) -> None:
    places = DistrictPlaces(tmp_path / "a" / "district")
    places.make()
    (places.intake / "kept").touch()
    places.make()
    for folder in (places.home, places.intake, places.reconcile):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert (places.intake / "kept").exists()


def test_a_ledger_that_is_lost_is_restored_never_made_anew(tmp_path: Path) -> None:
    here, lost = tmp_path / "sealed.db", tmp_path / "record.db"
    here.touch()
    refuse_missing(here)
    with pytest.raises(Problem) as refused:
        refuse_missing(here, lost)
    assert refused.value.code is Code.LEDGER_MISSING
    assert refused.value.params == {"file": "record.db"}
    assert not lost.exists()


def test_a_home_that_is_given_is_where_it_is_whatever_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert district_places(Path("here")).home == tmp_path / "here"
    assert district_places(None).home.name == "island-district"
