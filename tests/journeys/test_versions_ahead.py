"""A desk and a district two versions ahead of each other: nothing is dropped (P10).

The newer side is played by today's program with fields, kinds and a version that do not
exist yet: what it adds is signed, so the older side must keep it to verify it.
"""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from pydantic import JsonValue

from desk_app.services import journalling
from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from desk_app.store import journal
from schemas.base import Kept
from schemas.contact import Welcome
from schemas.encoding import JsonObject, canonical
from schemas.feed import CaseAnswered, FeedMessage
from schemas.journal import JournalEntry
from schemas.problems import Code
from sync.client.keys import Keys
from sync.district.boot.intake import intake_parts
from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.rules import read_entry
from sync.protocol.outcomes import Kept as KeptOutcome
from sync.protocol.outcomes import Refused
from sync.seal import suite1
from sync.seal.batches import Run, context_of, read_batch
from sync.seal.documents import BATCH, WELCOME, sign_document
from sync.seal.feed import Addressee, close_feed, open_feed
from sync.seal.receipts import receipt_is_genuine
from sync.seal.welcomes import sign_welcome, welcome_is_genuine
from tests.support.rigs import Island, an_island, take_case


class FromTheFuture(Kept):
    """A body of a kind that is not thought of yet."""

    kind: str = "tide_observed"
    height_cm: int = 312
    seen_by: dict[str, str] = {"rank": "harbour master"}


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def _newer_entries(island: Island) -> None:
    """Journal as a newer program would: another kind, and a field in a known one."""
    place = island.desk.place
    with place.vault.write() as tx:
        journalling.append(tx, place, FromTheFuture(), number="")
    take_case(island.desk, "HY12-01", seed=1)


def _newer_batch(run: Run, keys: Keys, extra: JsonObject) -> bytes:
    """Seal and sign a run as a newer program would, with more in its header."""
    plain = b"\n".join(run.entries)
    packed = zstandard.ZstdCompressor().compress(plain)
    header: JsonObject = {
        "suite": 1, "device": keys.device, "signing_key": keys.signing.key_id,
        "sealing_key": suite1.key_id(keys.district_sealing), "epoch": run.epoch,
        "first": run.first, "last": run.first + len(run.entries) - 1,
        "chain_before": run.chain_before, "chain_after": run.chain_after,
        "entries": len(run.entries), "plain_size": len(plain),
        "compressed_size": len(packed), "made_at": "2026-11-23T04:00:00.000Z", **extra,
    }  # fmt: skip
    sealed = suite1.seal(
        packed, public=keys.district_sealing, context=context_of(header)
    )
    header["sealed_size"], header["sealed_digest"] = len(sealed), suite1.digest(sealed)
    head = canonical(header)
    signature = keys.signing.sign(BATCH, head)
    return b"".join((b"IDB1", len(head).to_bytes(4, "big"), head, sealed, signature))


def _holds(whole: JsonValue, part: JsonValue) -> bool:
    """Say whether all of `part` is in `whole`, which may have defaults beside it."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(name in whole and _holds(whole[name], part[name]) for name in part)
    return whole == part


def _reconcile(island: Island) -> None:
    district = island.district
    report = reconcile_once(
        district.sealed, district.record, district.keys, now=datetime.now(UTC)
    )
    assert (report.waiting, report.set_aside) == ((), 0)


def _filed(island: Island) -> list[bytes]:
    connection = island.district.record._engine.connect()
    rows = connection.exec_driver_sql("SELECT entry FROM entries ORDER BY sequence")
    entries = [bytes(row[0]) for row in rows]
    connection.close()
    return entries


def test_p10_a_newer_desks_entries_are_kept_byte_for_byte(island: Island) -> None:
    """Unknown kinds are filed, not set aside, and the chain over them holds."""
    _newer_entries(island)
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None
    _reconcile(island)

    with island.desk.place.vault.read() as tx:
        kept = journal.after(tx, epoch=1, sequence=0, limit=999)
    own = [each.entry for each in kept]
    assert _filed(island)[: len(own)] == own[: len(_filed(island))]
    (tide,) = [e for e in _filed(island) if b"tide_observed" in e]
    read = read_entry(tide)
    assert read is not None
    # Read and written again, nothing is missing.
    assert _holds(json.loads(canonical(read)), json.loads(tide))
    assert island.district.record.journals.broken() == []
    assert island.district.record.list_cases()[1] == 1


def test_p10_a_newer_desks_fields_stay_in_every_model() -> None:
    """A field in an entry, in its clocks and in its body comes back out."""
    entry: JsonObject = {
        "version": 3,
        "entry_id": "0" * 32,
        "device": "1" * 32,
        "epoch": 1,
        "sequence": 1,
        "operator": "2" * 16,
        "clocks": {
            "wall": "2026-11-23T04:00:00.000Z", "boot": "b", "monotonic_ms": 1,
            "gnss": "locked",
        },
        "body": {"kind": "notice_seen", "position": 4, "mood": "calm"},
        "weather": {"wind": 7},
    }  # fmt: skip
    again = json.loads(canonical(JournalEntry.model_validate(entry)))

    assert _holds(again, entry)


def test_p10_a_newer_desks_header_is_receipted(island: Island) -> None:
    """A batch with header fields of the future: verified, kept, receipted, opened."""
    take_case(island.desk, "HY12-01", seed=1)
    keys = keys_of(island.desk.place)
    run = VaultPort(island.desk.place).pending_run()
    assert run is not None
    extra: JsonObject = {"priority": "typhoon", "minor": 9}
    raw = _newer_batch(run, keys, extra)
    assert read_batch(raw).header.model_extra == extra

    async def upload() -> object:
        carrier = carrier_of(island.desk.place)
        try:
            return await carrier.upload(raw)
        finally:
            await carrier.close()

    kept = asyncio.run(upload())
    assert isinstance(kept, KeptOutcome)
    assert receipt_is_genuine(kept.receipt, keys.district_receipts)
    _reconcile(island)
    assert island.district.record.list_cases()[1] == 1


def test_p10_a_newer_desk_greets_an_older_district(island: Island) -> None:
    """What the greeting says beyond today's fields is kept with it."""
    port = VaultPort(island.desk.place)
    contact = port.next_contact()
    newer = type(contact).model_validate(
        {
            **contact.model_dump(mode="json"),
            "battery": 41,
            "program": "island-desk 0.4.0",
        }
    )

    async def greet() -> None:
        carrier = carrier_of(island.desk.place)
        try:
            answer = await carrier.contact(newer)
        finally:
            await carrier.close()
        assert answer is not None
        assert answer.welcome.verdict == "agreed"

    asyncio.run(greet())
    last = island.district.sealed.contacts.last(contact.device)
    assert last is not None
    assert last.model_extra == {"battery": 41}
    assert asyncio.run(island.desk.sync(impatient=True)).verdict == "agreed"


def test_p10_a_newer_districts_welcome_is_verified_with_its_new_fields(
    island: Island,
) -> None:
    """What is signed beyond today's fields is part of what is verified."""
    _, parts = intake_parts(island.district.places.home)
    port = VaultPort(island.desk.place)
    contact = port.next_contact()
    welcome = sign_welcome(
        {
            "suite": 1, "device": contact.device, "counter": contact.counter,
            "nonce": contact.nonce, "incarnation": "3" * 32, "log_position": 0,
            "feed_head": 0, "at": "2026-11-23T04:00:00.000Z", "verdict": "agreed",
            "tide_table": ["high"],
        },
        parts.receipts,
    )  # fmt: skip
    public = keys_of(island.desk.place).district_receipts
    parts.ledger.close()

    assert welcome_is_genuine(welcome, public)
    lying = welcome.model_copy(update={"tide_table": ["low"]})
    assert not welcome_is_genuine(lying, public)
    # An older district's welcome has fewer fields than this version knows.
    older = {
        name: value
        for name, value in welcome.model_dump(mode="json").items()
        if name not in {"allowance", "newest_epoch", "held", "signature", "tide_table"}
    }
    signed = sign_document(older, parts.receipts, WELCOME)
    assert welcome_is_genuine(Welcome.model_validate(signed), public)


def test_p10_a_newer_districts_messages_are_kept_whole(island: Island) -> None:
    """An unknown kind moves the cursor; a known one keeps its unknown fields."""
    desk, district = island.desk, island.district
    number = take_case(desk, "HY12-01", seed=1)
    (device,) = district.sealed.devices()
    bodies = [
        FromTheFuture(),
        CaseAnswered.model_validate(
            {
                "number": number, "revision": 0, "answered_by": "区审核",
                "answered_at": datetime.now(UTC),
                "answer": {"kind": "received", "official_number": "示7", "via": "sea"},
                "octopus": 8,
            }
        ),
    ]  # fmt: skip
    for position, body in enumerate(bodies, start=1):
        to = Addressee(device.device, device.sealing_public, position)
        now = datetime.now(UTC)
        message = close_feed(body, to, answers=district.keys.answers, now=now)
        assert district.sealed.add_feed(message, sealed_to=to.sealing_public)
    assert asyncio.run(desk.sync(impatient=True)).problem is None

    assert desk.case(number).official_number == "示7"
    with desk.place.vault.read() as tx:
        rows = tx.rows("SELECT kind, body, message FROM feed ORDER BY position")
    kept = [json.loads(str(row[1])) for row in rows][:2]
    assert all(len(each.pop("salt")) == 32 for each in kept)
    assert kept[0] == FromTheFuture().model_dump(mode="json")
    assert (kept[1]["octopus"], kept[1]["answer"]["via"]) == (8, "sea")
    # The message as it was signed can be verified and opened again from what is kept.
    keys = keys_of(desk.place)
    for row in rows[:2]:
        again = FeedMessage.model_validate_json(str(row[2]))
        body = open_feed(again, answers_public=keys.district_answers, key=keys.sealing)
        assert body.kind == str(row[0])


def test_p10_an_unknown_suite_is_said_and_nothing_is_lost(island: Island) -> None:
    """A suite of the future is refused by its own number; the batch waits."""
    desk = island.desk
    take_case(desk, "HY12-01", seed=1)
    keys = keys_of(desk.place)
    run = VaultPort(desk.place).pending_run()
    assert run is not None
    raw = _newer_batch(run, keys, {"suite": 7})

    async def upload() -> object:
        carrier = carrier_of(desk.place)
        try:
            return await carrier.upload(raw)
        finally:
            await carrier.close()

    assert asyncio.run(upload()) == Refused(Code.SUITE_UNKNOWN)
    assert desk.sync_status().waiting == 1
