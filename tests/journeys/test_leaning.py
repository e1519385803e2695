"""What the district has already is not sent again, and everything still opens."""

import asyncio
import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk_app.services.steps import correct_on_spot
from desk_app.services.syncing import VaultPort
from desk_app.store import settings
from schemas.problems import Code
from sync.client import uploading
from sync.district.reconcile.filing import reconcile_once
from sync.seal import compressing
from sync.seal.batches import Run, SealedBatch, read_batch
from tests.support.rigs import Island, an_island, take_case


def _sync(island: Island) -> None:
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None


def _reconcile(island: Island) -> tuple[tuple[int, Code], ...]:
    place = island.district
    return reconcile_once(
        place.sealed, place.record, place.keys, now=datetime.now(UTC)
    ).waiting


def _correct(island: Island, number: str) -> None:
    desk = island.desk
    draft = desk.correction_draft(number)
    applicant = {**draft.applicant, "address": "福建省莆田市秀屿区南日镇（更正）"}
    draft = desk.save_draft(dataclasses.replace(draft, applicant=applicant))
    correct_on_spot(desk.place, draft, what="住址写错一字")


def test_a_correction_leans_on_the_case_that_the_district_has(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        for seed in range(8):
            number = take_case(island.desk, "HY01-02", seed=seed)
        _sync(island)
        _correct(island, number)
        _sync(island)

        sent = [
            read_batch(each.raw).header for each in island.district.sealed.unopened()
        ]
        assert [header.dictionary for header in sent] == ["cases-1", "cases-1"]
        assert sent[1].plain_size > 1000
        assert sent[1].compressed_size < 250
        assert _reconcile(island) == ()
        case = island.district.record.case(number)
        assert case is not None
        assert case.revision == 1


def test_a_district_of_before_the_dictionary_gets_none(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        take_case(island.desk, "HY01-02", seed=1)
        _sync(island)
        with island.desk.place.vault.write() as tx:
            said = json.loads(settings.get(tx, "welcome") or "")
            del said["dictionaries"]
            settings.put(tx, "welcome", json.dumps(said))
        take_case(island.desk, "HY01-02", seed=2)
        run = VaultPort(island.desk.place).pending_run()
        assert run is not None
        assert run.context is None


def test_p03_a_dictionary_that_the_district_lacks_keeps_the_batch_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk that is ahead of its district: kept, reported, opened after the update."""
    with an_island(tmp_path) as island:
        take_case(island.desk, "HY01-02", seed=1)
        _sync(island)
        with monkeypatch.context() as older:
            older.setattr(compressing, "KNOWN", ())
            compressing.dictionary.cache_clear()
            assert [code for _, code in _reconcile(island)] == [Code.DICTIONARY_UNKNOWN]
        assert _reconcile(island) == ()
        assert island.district.record.counts() == {"received": 1}


def test_what_was_sealed_ahead_is_what_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, while greeting; anew only where the greeting has changed what may go."""
    sealed: list[int] = []
    original = uploading.close_batch

    def counting(run: Run, **more: Any) -> SealedBatch:
        sealed.append(run.first)
        return original(run, **more)

    monkeypatch.setattr(uploading, "close_batch", counting)
    with an_island(tmp_path) as island:
        take_case(island.desk, "HY01-02", seed=1)
        _sync(island)  # learns of the dictionary in this greeting
        assert sealed == [1, 1]
        take_case(island.desk, "HY01-02", seed=2)
        _sync(island)
        assert sealed == [1, 1, 2]
        assert _reconcile(island) == ()
