"""Every released version's vault, ledger, batch, feed page and edition opens today."""

import asyncio
import json
import shutil
import ssl
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from desk_app.store import settings
from schemas.case import CaseState
from schemas.catalogue import Edition
from schemas.contact import ContactAnswer
from schemas.encoding import base64_bytes
from schemas.feed import FeedPage
from sync.client.http import trusting_only
from sync.district.boot.district import District, open_district
from sync.district.reconcile.filing import reconcile_once
from sync.protocol import paths
from sync.seal.batches import batch_is_genuine, read_batch
from sync.seal.feed import open_feed
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.opening import open_batch
from sync.seal.receipts import receipt_is_genuine
from sync.seal.welcomes import welcome_is_genuine
from tests.support.rigs import free_port, serving
from tests.support.sticks import back

HERE = Path(__file__).parent
VERSIONS = sorted(each.name for each in HERE.iterdir() if each.is_dir() and
                  (each / "expected.json").exists())  # fmt: skip


@dataclass(frozen=True)
class Released:
    """One released version, unpacked where it may be written to."""

    version: str
    folder: Path
    expected: dict[str, Any]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The case numbers that were given out."""
        names = ("decided", "returned", "in_flight", "waiting")
        return tuple(self.expected[name] for name in names)

    def wire(self, name: str) -> bytes:
        """The bytes of one part of a conversation."""
        return (HERE / self.version / "wire" / name).read_bytes()


@pytest.fixture(params=VERSIONS)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Released:
    golden = HERE / request.param
    for home in ("desk", "district"):
        with zipfile.ZipFile(golden / f"{home}.zip") as packed:
            packed.extractall(tmp_path / home)
    expected = json.loads((golden / "expected.json").read_text("utf-8"))
    return Released(request.param, tmp_path, expected)


@contextmanager
def its_desk(released: Released, url: str = "") -> Iterator[Desk]:
    """The old desk, under today's program."""
    desk = Desk(places(released.folder / "desk"), real_hands())
    desk.unlock(released.expected["login"], released.expected["passphrase"])
    if url:
        with desk.place.vault.write() as tx:
            settings.put(tx, "district_url", url)
    try:
        yield desk
    finally:
        desk.lock()


@contextmanager
def its_district(released: Released) -> Iterator[tuple[District, str]]:
    """The old district, under today's program, served."""
    home = released.folder / "district"
    port = free_port()
    district = open_district(home)
    with serving(home, port):
        yield district, f"https://localhost:{port}"
    district.sealed.close()
    district.record.close()


def _reconcile(district: District) -> None:
    report = reconcile_once(
        district.sealed, district.record, district.keys, now=datetime.now(UTC)
    )
    assert report.waiting == ()
    assert report.set_aside == 0


def test_versions_are_frozen() -> None:
    assert "0.1.0" in VERSIONS


def test_p10_a_released_vault_opens_and_shows_its_cases(released: Released) -> None:
    """The ladder is climbed with rows in place; no case, answer or draft is lost."""
    with its_desk(released) as desk:
        assert desk.place.vault.damage() == []
        views = {number: desk.case(number) for number in released.numbers}
        decided = views[released.expected["decided"]]
        assert decided.official_number == "示0001"
        assert decided.row.synced
        assert [each.answer.kind for each in decided.answers] == ["received"]
        returned = views[released.expected["returned"]]
        assert returned.row.state is CaseState.RESUBMITTED
        assert not returned.row.synced
        assert not views[released.expected["in_flight"]].row.synced
        assert not views[released.expected["waiting"]].row.synced
        assert desk.sync_status().waiting == 3
        assert len(desk.drafts()) >= released.expected["drafts"]


def test_p10_what_an_old_vault_holds_reaches_todays_district(
    released: Released,
) -> None:
    """What waited in the old vault is filed once, and the answers come back."""
    with its_district(released) as (district, url), its_desk(released, url) as desk:
        assert asyncio.run(desk.sync(impatient=True)).problem is None
        _reconcile(district)
        _reconcile(district)

        filed, total = district.record.list_cases()
        assert total == len(released.numbers)
        assert {case.number for case in filed} == set(released.numbers)
        assert desk.sync_status().waiting == 0
        granted = desk.case(released.expected["decided"])
        assert granted.row.state is CaseState.GRANTED
        assert district.record.journals.broken() == []


def test_p10_an_old_batch_is_receipted_once(released: Released) -> None:
    """What an old desk sends, byte for byte, is kept; its receipt comes again."""
    signing = SigningKey(base64_bytes(json.loads(
        released.wire("throw-away-keys.json"))["signing_key"]))  # fmt: skip
    with its_district(released) as (district, url):
        sent = released.wire("batch.bin")
        first, again = _post(district, url, sent), _post(district, url, sent)
        assert first == again
        public = base64_bytes(district.charter.receipt_key)
        assert receipt_is_genuine(first["receipt"], public)
        old = _post(district, url, released.wire("receipted-batch.bin"))
        assert old["receipt"] == json.loads(released.wire("receipt.json"))
        batch = read_batch(sent)
        assert batch_is_genuine(batch, signing.public)
        opened = open_batch(
            batch,
            district.keys.opening_of(batch.header.sealing_key),
            earlier=lambda some: district.record.journals.run_of(
                batch.header.device, some
            ),
        )
        assert len(opened) == batch.header.entries


def test_p10_an_old_desk_fetches_its_feed(released: Released) -> None:
    """The old request is answered in a form that the old desk can read and open."""
    keys = json.loads(released.wire("throw-away-keys.json"))
    request = json.loads(released.wire("feed-request.json"))
    with its_district(released) as (district, url):
        with httpx.Client(verify=_trusting(district)) as line:
            answer = line.get(url + request["path"], headers=request["headers"])
        page = answer.json()
        assert {"messages", "head"} <= set(page)
        frozen = json.loads(released.wire("feed-page.json"))
        assert page["messages"][: len(frozen["messages"])] == frozen["messages"]
        sealing = SealingKey(base64_bytes(keys["sealing_key"]))
        for message in FeedPage.model_validate(frozen).messages:
            body = open_feed(
                message,
                answers_public=base64_bytes(district.charter.answers_key),
                key=sealing,
            )
            assert body.kind == "case_answered"


def test_p10_an_old_edition_opens(released: Released) -> None:
    text = (HERE / released.version / "edition.json").read_text("utf-8")
    edition = Edition.model_validate_json(text)
    assert [item.code for item in edition.items] == ["HY01-02", "HY12-01"]


def test_p10_an_old_stick_is_taken_back(released: Released) -> None:
    """What an older district put on a stick releases and answers today."""
    stick = released.folder / "stick"
    kept = HERE / released.version / "wire" / "stick"
    if not kept.exists():
        # Version 0.1 had no sticks: there is nothing to take back.
        assert released.version == "0.1.0"
        return
    shutil.copytree(kept, stick)
    with its_desk(released) as desk:
        before = desk.sync_status().waiting
        brought = back(desk, stick)
        assert brought.troubles == ()
        assert (brought.released, brought.verdict) == (1, "agreed")
        assert desk.sync_status().waiting < before
        granted = desk.case(released.expected["decided"])
        assert granted.row.state is CaseState.GRANTED


def test_p10_an_old_greeting_is_believed(released: Released) -> None:
    """Its signature covers what its version knew, not what today's model adds."""
    kept = HERE / released.version / "wire" / "contact-answer.json"
    if not kept.exists():
        assert released.version == "0.1.0"
        return
    answer = ContactAnswer.model_validate_json(kept.read_text("utf-8"))
    with its_district(released) as (district, _):
        public = base64_bytes(district.charter.receipt_key)
    assert welcome_is_genuine(answer.welcome, public)


def _trusting(district: District) -> ssl.SSLContext:
    return trusting_only(district.charter.ca_pem)


def _post(district: District, url: str, raw: bytes) -> dict[str, Any]:
    with httpx.Client(verify=_trusting(district)) as line:
        answer = line.post(url + paths.BATCHES, content=raw)
    said: dict[str, Any] = answer.json()
    assert answer.status_code == 200
    return said
