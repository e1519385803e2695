"""What is carried by hand and lied about: every attack in these lists is caught.

Sticks that somebody had in his hands on the ferry, sheets that were not printed by the
district, backups that are none: each is refused by its number, and what is honest
beside it has its effect.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_app.services import paper_receipts
from desk_app.services.enrolling import carrier_of
from desk_app.services.sticks import StickVaultPort
from desk_app.services.syncing import VaultPort, keys_of
from schemas.backup import PartHeader
from schemas.encoding import JsonObject, base64_text, canonical
from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.client.tus import Parcel
from sync.district.boot.intake import intake_parts
from sync.protocol.outcomes import Kept, NotOurs, Outcome, Refused
from sync.protocol.pacing import Pace
from sync.protocol.sheets import sheet_bytes, split
from sync.seal import suite1
from sync.seal.backup_parts import close_part
from sync.seal.batches import close_batch, read_batch
from sync.seal.keys import SigningKey
from sync.seal.receipts import Filed, sign_receipt
from sync.seal.refusals import sign_refusal
from sync.seal.sheets import sheet_of
from sync.stick.layout import Kind
from sync.stick.stick import Stick
from tests.support.rigs import Island, an_island, take_case
from tests.support.sticks import back, out, reconcile, visit

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
OTHER = "e" * 32


@dataclass
class Ferry:
    """A stick on its way, and who has it in his hands."""

    island: Island
    folder: Path

    @property
    def device(self) -> str:
        return keys_of(self.island.desk.place).device

    @property
    def stick(self) -> Stick:
        return Stick(self.folder)

    def receipts(self) -> SigningKey:
        """The district's own key, which a lying district has."""
        _, parts = intake_parts(self.island.district.places.home)
        parts.ledger.close()
        return parts.receipts

    def file(self, kind: Kind) -> bytes:
        names, _ = self.stick.listed(self.device, "out")
        (name,) = [each for each in names if each.kind is kind]
        return self.stick.read(self.device, "out", name)

    def receipt(self, key: SigningKey) -> JsonObject:
        batch = read_batch(self.file(Kind.BATCH))
        return sign_receipt(batch.header, Filed(batch.digest, 1, NOW), key)


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Ferry]:
    with an_island(tmp_path) as island:
        take_case(island.desk, "HY12-01", seed=1)
        (tmp_path / "usb").mkdir()
        out(island.desk, tmp_path / "usb")
        yield Ferry(island, tmp_path / "usb")


def _noise(ferry: Ferry) -> None:
    ferry.stick.put(ferry.device, "out", Kind.BATCH, b"noise under a batch's name")


def _strangers_batch(ferry: Ferry) -> None:
    take_case(ferry.island.desk, "HY12-01", seed=2)
    run = VaultPort(ferry.island.desk.place).pending_run()
    assert run is not None
    recipient = keys_of(ferry.island.desk.place).district_sealing
    made = close_batch(run, recipient=recipient, signing=SigningKey.generate(), now=NOW)
    ferry.stick.put(ferry.device, "out", Kind.BATCH, made.raw)


def _letter_in_another_folder(ferry: Ferry) -> None:
    ferry.stick.put(OTHER, "out", Kind.CONTACT, ferry.file(Kind.CONTACT))


def _bent_letter(ferry: Ferry) -> None:
    letter = json.loads(ferry.file(Kind.CONTACT))
    body = canonical({"feed_cursor": 99})
    bent = canonical({**letter, "body": base64_text(body)})
    ferry.stick.put(ferry.device, "out", Kind.CONTACT, bent)


def _districts_words(ferry: Ferry) -> None:
    ferry.stick.put(ferry.device, "out", Kind.FEED, b"{}")


def _link(ferry: Ferry) -> None:
    place = ferry.folder / "island-desk" / ferry.device / "out"
    (place / f"{'a' * 64}.batch").symlink_to("/etc/hostname")


AT_THE_DISTRICT: dict[str, tuple[Callable[[Ferry], None], Code]] = {
    "noise under a batch's name": (_noise, Code.MESSAGE_MALFORMED),
    "a batch that a stranger signed": (_strangers_batch, Code.SIGNATURE_INVALID),
    "a letter in another desk's folder": (
        _letter_in_another_folder, Code.MESSAGE_MALFORMED,
    ),
    "a letter with another body": (_bent_letter, Code.SIGNATURE_INVALID),
    "the district's own words": (_districts_words, Code.STICK_FILE_UNKNOWN),
    "a link to a file of the machine": (_link, Code.STICK_FILE_UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("attack", AT_THE_DISTRICT)
def test_p03_on_a_stick_the_district_does_not_take(ferry: Ferry, attack: str) -> None:
    """It is named; the honest batch beside it is kept and receipted all the same."""
    plant, code = AT_THE_DISTRICT[attack]
    plant(ferry)
    desks = visit(ferry.island.district, ferry.folder)
    report = reconcile(ferry.island.district)
    troubles = [each.code for desk in desks for each in desk.troubles]
    assert troubles == [code]
    assert sum(desk.receipts for desk in desks) == 1
    assert ferry.island.district.record.list_cases()[1] == 1
    assert report.waiting == ()
    assert ferry.island.district.sealed.contacts.alarms(limit=9) == ()


def _by_nobody(ferry: Ferry) -> tuple[Kind, JsonObject]:
    return Kind.RECEIPT, ferry.receipt(SigningKey.generate())


def _of_no_batch(ferry: Ferry) -> tuple[Kind, JsonObject]:
    header = read_batch(ferry.file(Kind.BATCH)).header
    return Kind.RECEIPT, sign_receipt(header, Filed("a" * 64, 1, NOW), ferry.receipts())


def _refusal_by_nobody(ferry: Ferry) -> tuple[Kind, JsonObject]:
    digest = read_batch(ferry.file(Kind.BATCH)).digest
    return Kind.REFUSAL, sign_refusal(
        ferry.device, digest, Code.BATCH_OVERLAPS, key=SigningKey.generate(), now=NOW
    )


def _refusal_of_another(ferry: Ferry) -> tuple[Kind, JsonObject]:
    digest = read_batch(ferry.file(Kind.BATCH)).digest
    return Kind.REFUSAL, sign_refusal(
        OTHER, digest, Code.BATCH_OVERLAPS, key=ferry.receipts(), now=NOW
    )


AT_THE_DESK: dict[str, tuple[Callable[[Ferry], tuple[Kind, JsonObject]], Code]] = {
    "a receipt by nobody's key": (_by_nobody, Code.SIGNATURE_INVALID),
    "a receipt for other bytes": (_of_no_batch, Code.ANSWER_NOT_OURS),
    "a refusal by nobody's key": (_refusal_by_nobody, Code.SIGNATURE_INVALID),
    "another desk's refusal": (_refusal_of_another, Code.ANSWER_NOT_OURS),
}


@pytest.mark.parametrize("attack", AT_THE_DESK)
def test_p06_on_a_stick_nothing_is_let_go_by(ferry: Ferry, attack: str) -> None:
    forge, code = AT_THE_DESK[attack]
    kind, said = forge(ferry)
    ferry.stick.put(ferry.device, "in", kind, canonical(said))
    brought = back(ferry.island.desk, ferry.folder)
    assert (brought.released, brought.refused) == (0, 0)
    assert [each.code for each in brought.troubles] == [code]
    assert len(StickVaultPort(ferry.island.desk.place).waiting_batches()) == 1
    visit(ferry.island.district, ferry.folder)
    assert back(ferry.island.desk, ferry.folder).released == 1


def _sheet(ferry: Ferry, key: SigningKey, **bent: str) -> tuple[str, ...]:
    receipt = Receipt.model_validate(ferry.receipt(key))
    sheet = sheet_of(
        bent.get("device", ferry.device), bent.get("key_id", key.key_id), (receipt,),
        total=1,
    )  # fmt: skip
    return split(sheet_bytes(sheet))


PAPER: dict[str, tuple[Callable[[Ferry], tuple[str, ...]], Code]] = {
    "another desk's sheet": (
        lambda f: _sheet(f, f.receipts(), device=OTHER), Code.PAPER_NOT_FOR_THIS_DESK,
    ),
    "a sheet by a key of its own": (
        lambda f: _sheet(f, SigningKey.generate()), Code.SIGNATURE_INVALID,
    ),
    "its own signature under the district's key": (
        lambda f: _sheet(f, SigningKey.generate(), key_id=f.receipts().key_id),
        Code.SIGNATURE_INVALID,
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", PAPER)
def test_p06_paper_lets_nothing_go_by(ferry: Ferry, attack: str) -> None:
    forge, code = PAPER[attack]
    place = ferry.island.desk.place
    with pytest.raises(Problem) as refused:
        paper_receipts.take_sheet(place, forge(ferry))
    assert refused.value.code is code
    honest = _sheet(ferry, ferry.receipts())
    assert paper_receipts.take_sheet(place, honest).released == 1


def _part(
    ferry: Ferry, key: SigningKey, *, content: bytes = b"sealed", **bent: object
) -> bytes:
    header = PartHeader(
        suite=suite1.SUITE, device=ferry.device, signing_key=key.key_id,
        backup="b" * 64, index=0, count=2, digest=suite1.digest(b"sealed"),
    ).model_copy(update=bent)  # fmt: skip
    return close_part(header, content, key)


def _own(ferry: Ferry) -> SigningKey:
    return keys_of(ferry.island.desk.place).signing


BACKUPS: dict[str, tuple[Callable[[Ferry], bytes], Code]] = {
    "a part by a key of its own": (
        lambda f: _part(f, SigningKey.generate()), Code.SIGNATURE_INVALID,
    ),
    "a part in another desk's name": (
        lambda f: _part(f, _own(f), device=OTHER), Code.DEVICE_UNKNOWN,
    ),
    "other bytes than were signed": (
        lambda f: _part(f, _own(f), content=b"other!"), Code.SIGNATURE_INVALID,
    ),
    "a part past the last": (
        lambda f: _part(f, _own(f), index=2), Code.SIGNATURE_INVALID,
    ),
    "a name that leads elsewhere": (
        lambda f: _part(f, _own(f), backup="../" * 9), Code.MESSAGE_MALFORMED,
    ),
}  # fmt: skip


def _upload(ferry: Ferry, raw: bytes) -> Outcome:
    async def ask() -> Outcome:
        carrier = carrier_of(ferry.island.desk.place)
        try:
            parcel = Parcel(suite1.digest(raw), raw)
            return (await carrier.push(parcel, Pace(), resume=False)).outcome
        finally:
            await carrier.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("attack", BACKUPS)
def test_p02_the_district_keeps_no_backup_that_is(ferry: Ferry, attack: str) -> None:
    forge, code = BACKUPS[attack]
    assert _upload(ferry, forge(ferry)) in (Refused(code), NotOurs(code))
    kept = ferry.island.district.places.uploads.parent / "backups"
    assert list(kept.rglob("*-of-*")) == []
    assert isinstance(_upload(ferry, _part(ferry, _own(ferry))), Kept)


def test_a_stolen_desk_fills_no_disk_with_backups(ferry: Ferry) -> None:
    """Begun again and again and never ended: the last two stay; then it is revoked."""
    for count in range(6):
        raw = _part(ferry, _own(ferry), backup=f"{count:064x}")
        assert isinstance(_upload(ferry, raw), Kept)
    kept = ferry.island.district.places.uploads.parent / "backups"
    assert len(list(kept.rglob("*-of-*"))) == 2
    ferry.island.district.sealed.set_state(ferry.device, "revoked", reason="stolen")
    last = _part(ferry, _own(ferry), backup="f" * 64)
    assert _upload(ferry, last) in (
        Refused(Code.DEVICE_REVOKED), NotOurs(Code.DEVICE_REVOKED),
    )  # fmt: skip
