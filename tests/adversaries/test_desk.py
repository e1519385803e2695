"""A desk that means harm: every attack in this list is caught, by its number.

The attacker holds the keys of an enrolled desk (a stolen PC) and says whatever it
likes, over a real line, to a real intake; what gets past blind intake is caught where
it is opened.
"""

import asyncio
import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import zstandard

from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from schemas.encoding import canonical
from schemas.ids import NumberParts, case_number
from schemas.problems import Code
from sync.district.reconcile.filing import ReconcileReport, reconcile_once
from sync.protocol.chain import chain_next, chain_start
from sync.protocol.outcomes import Kept, NotOurs, Outcome, Refused
from sync.seal import frames, suite1
from sync.seal.batches import MAGIC, Run, close_batch, read_batch
from sync.seal.documents import BATCH
from sync.seal.keys import SigningKey
from tests.support.rigs import NANRI, Island, an_island, take_case


class Attacker:
    """Forges runs of a device's journal and sends them."""

    def __init__(self, island: Island) -> None:
        self.island = island
        place = island.desk.place
        self.place, self.keys = place, keys_of(place)
        run = VaultPort(place).pending_run()
        assert run is not None
        self.honest = run

    def run_of(self, *entries: bytes, first: int = 1, **changes: object) -> Run:
        """A run of these entries, its chain right from the start of the epoch."""
        chain = chain_start(suite1.digest, self.keys.device, 1)
        for entry in entries:
            chain = chain_next(suite1.digest, chain, entry)
        made = dataclasses.replace(
            self.honest, first=first, entries=entries, chain_after=chain
        )
        return dataclasses.replace(made, **changes)  # type: ignore[arg-type]

    def entry(self, **changes: object) -> bytes:
        """The desk's own first entry, with other fields."""
        document = json.loads(self.honest.entries[0])
        body = changes.pop("body", {})
        document |= changes
        document["body"] = {**document["body"], **dict(body)}  # type: ignore[call-overload]
        return canonical(document)

    def close(self, run: Run, *, signing: SigningKey | None = None) -> bytes:
        return close_batch(
            run, recipient=self.keys.district_sealing,
            signing=signing or self.keys.signing, now=self.place.hands.now(),
        ).raw  # fmt: skip

    def send(self, raw: bytes) -> Outcome:
        async def ask() -> Outcome:
            carrier = carrier_of(self.place)
            try:
                return await carrier.upload(raw)
            finally:
                await carrier.close()

        return asyncio.run(ask())

    def reconcile(self) -> ReconcileReport:
        place = self.island.district
        now = self.place.hands.now()
        return reconcile_once(place.sealed, place.record, place.keys, now=now)

    def resign(self, raw: bytes, **header: object) -> bytes:
        """The same sealed bytes under a changed header, signed anew."""
        read = read_batch(raw)
        document = read.header.model_dump(mode="json") | header
        text = canonical(document)
        signature = self.keys.signing.sign(BATCH, text)
        return frames.join(MAGIC, text, read.sealed, signature)


@pytest.fixture
def attacker(tmp_path: Path) -> Iterator[Attacker]:
    with an_island(tmp_path) as island:
        take_case(island.desk, "HY12-01", seed=1)
        yield Attacker(island)


def _other_key(a: Attacker) -> bytes:
    return a.close(a.honest, signing=SigningKey.generate())


def _unknown_device(a: Attacker) -> bytes:
    return a.close(dataclasses.replace(a.honest, device="e" * 32))


def _range_lies(a: Attacker) -> bytes:
    return a.resign(a.close(a.honest), last=5)


def _bomb_size(a: Attacker) -> bytes:
    return a.resign(a.close(a.honest), plain_size=2**40)


def _suite(a: Attacker) -> bytes:
    return a.resign(a.close(a.honest), suite=9)


def _sealed_swapped(a: Attacker) -> bytes:
    raw = bytearray(a.close(a.honest))
    raw[-200] ^= 1
    return bytes(raw)


def _header_too_long(a: Attacker) -> bytes:
    return a.resign(a.close(a.honest), dictionary="x" * 20_000)


def _not_a_batch(_: Attacker) -> bytes:
    return b"IDB1" + bytes(300)


AT_THE_DOOR: dict[str, tuple[Callable[[Attacker], bytes], Code]] = {
    "signs with a key of its own": (_other_key, Code.SIGNATURE_INVALID),
    "speaks for a device that is none": (_unknown_device, Code.DEVICE_UNKNOWN),
    "counts more entries than the range": (_range_lies, Code.SIGNATURE_INVALID),
    "announces a terabyte": (_bomb_size, Code.SIGNATURE_INVALID),
    "names a suite to come": (_suite, Code.SUITE_UNKNOWN),
    "swaps a sealed byte": (_sealed_swapped, Code.SIGNATURE_INVALID),
    "sends a header of 20 KB": (_header_too_long, Code.MESSAGE_MALFORMED),
    "sends noise": (_not_a_batch, Code.MESSAGE_MALFORMED),
}


@pytest.mark.parametrize("attack", AT_THE_DOOR)
def test_p02_blind_intake_refuses(attacker: Attacker, attack: str) -> None:
    forge, code = AT_THE_DOOR[attack]

    outcome = attacker.send(forge(attacker))

    assert outcome in (Refused(code), NotOurs(code))
    assert attacker.island.district.sealed.unopened() == ()


def _skips_ahead(a: Attacker) -> bytes:
    return a.close(a.run_of(a.entry(sequence=5), first=5))


def _forks(a: Attacker) -> bytes:
    return a.close(a.run_of(a.entry(), chain_before="a" * 64))


def _lies_about_the_end(a: Attacker) -> bytes:
    return a.close(a.run_of(a.entry(), chain_after="b" * 64))


def _bomb(a: Attacker) -> bytes:
    # What unpacks to more than the header says.
    huge = zstandard.ZstdCompressor().compress(bytes(32 * 2**20))
    run = a.run_of(a.entry())
    read = read_batch(a.close(run))
    fields = read.header.model_dump(mode="json") | {"dictionary": None}
    for name in ("sealed_size", "sealed_digest"):
        fields.pop(name)
    fields["compressed_size"] = len(huge)
    sealed = suite1.seal(
        huge, public=a.keys.district_sealing, context=canonical(fields)
    )
    fields |= {"sealed_size": len(sealed), "sealed_digest": suite1.digest(sealed)}
    text = canonical(fields)
    return frames.join(MAGIC, text, sealed, a.keys.signing.sign(BATCH, text))


WAITS: dict[str, tuple[Callable[[Attacker], bytes], Code]] = {
    "leaves a gap": (_skips_ahead, Code.CHAIN_BROKEN),
    "starts from another history": (_forks, Code.CHAIN_FORKED),
}


@pytest.mark.parametrize("attack", WAITS)
def test_p08_what_does_not_fit_its_history_is_not_filed(
    attacker: Attacker, attack: str
) -> None:
    """It is kept, reported with its number, and changes nothing in the record."""
    forge, code = WAITS[attack]

    assert isinstance(attacker.send(forge(attacker)), Kept)
    report = attacker.reconcile()

    assert [problem for _, problem in report.waiting] == [code]
    assert attacker.island.district.record.list_cases() == ((), 0)


NEVER_OPENS: dict[str, tuple[Callable[[Attacker], bytes], Code]] = {
    "ends in another history": (_lies_about_the_end, Code.CHAIN_BROKEN),
    "unpacks to more than it says": (_bomb, Code.SEAL_BROKEN),
}


@pytest.mark.parametrize("attack", NEVER_OPENS)
def test_p03_what_does_not_open_is_a_declared_gap(
    attacker: Attacker, attack: str
) -> None:
    """It is kept, its place is shown as missing with the reason, nothing is filed."""
    forge, code = NEVER_OPENS[attack]

    assert isinstance(attacker.send(forge(attacker)), Kept)
    attacker.reconcile()

    record = attacker.island.district.record
    aside = record.journals.quarantined()
    assert [each.problem for each in aside] == [int(Code.BATCH_UNREADABLE)]
    assert str(int(code)) in aside[0].reason
    assert record.list_cases() == ((), 0)


def _other_device(a: Attacker) -> tuple[bytes, ...]:
    return (a.entry(device="e" * 32),)


def _other_sequence(a: Attacker) -> tuple[bytes, ...]:
    return (a.entry(sequence=7),)


def _foreign_number(a: Attacker) -> tuple[bytes, ...]:
    number = case_number(NumberParts(NANRI, "77", date(2026, 11, 23), 1))
    return (a.entry(body={"number": number}),)


def _number_twice(a: Attacker) -> tuple[bytes, ...]:
    return (a.entry(), a.entry(sequence=2, entry_id="f" * 32))


def _step_of_no_case(a: Attacker) -> tuple[bytes, ...]:
    number = case_number(NumberParts(NANRI, "01", date(2026, 11, 23), 99))
    body = {"kind": "case_closed", "number": number, "at": "2026-11-23T04:00:00.000Z"}
    return (a.entry(body=body),)


def _noise(_: Attacker) -> tuple[bytes, ...]:
    return (b'{"not":"an entry"}',)


SET_ASIDE: dict[str, tuple[Callable[[Attacker], tuple[bytes, ...]], Code]] = {
    "writes in another device's name": (_other_device, Code.MESSAGE_MALFORMED),
    "gives an entry another place": (_other_sequence, Code.MESSAGE_MALFORMED),
    "uses another window's number": (_foreign_number, Code.CHAIN_FORKED),
    "uses a number twice": (_number_twice, Code.CHAIN_FORKED),
    "closes a case that is none": (_step_of_no_case, Code.CHAIN_BROKEN),
    "seals noise": (_noise, Code.MESSAGE_MALFORMED),
}


@pytest.mark.parametrize("attack", SET_ASIDE)
def test_p03_a_forged_entry_is_set_aside_with_its_reason(
    attacker: Attacker, attack: str
) -> None:
    """Kept byte for byte and shown; the desk is told; nothing of it takes effect."""
    forge, code = SET_ASIDE[attack]
    entries = forge(attacker)

    assert isinstance(attacker.send(attacker.close(attacker.run_of(*entries))), Kept)
    attacker.reconcile()

    aside = attacker.island.district.record.journals.quarantined()
    assert [(each.problem, each.entry) for each in aside] == [(int(code), entries[-1])]
    assert attacker.island.district.record.list_cases()[1] == len(entries) - 1
