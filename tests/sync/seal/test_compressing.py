"""Small on the line, opened to the byte: with a dictionary, with what went before."""

import hashlib
from datetime import UTC, datetime
from importlib.resources import files

import pytest
import zstandard

from schemas.catalogue import Edition
from schemas.problems import Code, Problem
from sync.protocol.chain import chain_over, chain_start
from sync.seal import suite1
from sync.seal.batches import Run, close_batch, join_entries, read_batch
from sync.seal.compressing import (
    KNOWN,
    MOST_RANGES,
    Context,
    EntryRange,
    best_of,
    compress,
    decompress,
    dictionary,
)
from sync.seal.keys import SealingKey, SigningKey
from sync.seal.opening import open_batch
from tools.train_dictionary import SEEDS, read_edition
from tools.varied_cases import Varied

UNSEEN = 90_001
FROZEN = {
    "cases-1": "93fa5ed82949141c5fa0cce9eafb9b790742e03e706ef7fe416e6c2696daa607",
}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return read_edition()


def some_cases(edition: Edition, *, seed: int, count: int) -> list[bytes]:
    assert seed not in SEEDS
    desk = Varied(edition, seed=seed)
    return [desk.received(desk.dice.choice(edition.items))[2] for _ in range(count)]


def opened(payload: bytes, plain: bytes, name: str | None, *earlier: bytes) -> bytes:
    return decompress(
        payload, plain_size=len(plain), name=name, earlier=lambda _: earlier
    )


def test_p10_what_was_shipped_stays_byte_for_byte() -> None:
    folder = files("assets") / "dictionaries"
    shipped = {each.name.removesuffix(".zdict") for each in folder.iterdir()}
    assert shipped == set(KNOWN) == set(FROZEN)
    for name, digest in FROZEN.items():
        assert hashlib.sha256(dictionary(name)).hexdigest() == digest


def test_the_best_dictionary_is_one_that_both_sides_have() -> None:
    assert best_of([*KNOWN, "of-the-future"]) == KNOWN[-1]
    assert best_of(["of-the-future"]) is None
    assert best_of([]) is None


def test_a_case_alone_costs_a_third_of_what_it_costs_without(edition: Edition) -> None:
    """Cases that the training never saw; without a dictionary: a half of the JSON."""
    cases = some_cases(edition, seed=UNSEEN, count=100)
    bare = zstandard.ZstdCompressor(level=19)
    alone = sum(len(bare.compress(each)) for each in cases)
    ours = sum(len(compress(each, Context("cases-1"))[0]) for each in cases)
    assert ours < alone / 3


def test_a_hundred_after_others_cost_no_more_than_in_a_thousand(
    edition: Edition,
) -> None:
    cases = some_cases(edition, seed=UNSEEN, count=1000)
    at_once = len(zstandard.ZstdCompressor(level=19).compress(join_entries(cases)))
    earlier = cases[500:900]
    context = Context("cases-1", (EntryRange(1, 501, 400),), tuple(earlier))
    payload, name = compress(join_entries(cases[900:]), context)
    assert len(payload) <= at_once / 10 * 1.05
    assert opened(payload, join_entries(cases[900:]), name, *earlier) == join_entries(
        cases[900:]
    )


def test_one_corrected_field_costs_almost_nothing(edition: Edition) -> None:
    """A case of 2.5 KB, sent before; the correction repeats all but one field."""
    desk = Varied(edition, seed=UNSEEN)
    costs = []
    while len(costs) < 30:
        number, application, before = desk.received(desk.dice.choice(edition.items))
        if len(before) < 2300:
            continue
        after = desk.corrected(number, application)
        place = EntryRange(1, desk.sequence - 1, 1)
        payload, name = compress(after, Context("cases-1", (place,), (before,)))
        assert opened(payload, after, name, before) == after
        costs.append(len(payload))
    assert max(costs) < 250
    assert sorted(costs)[15] < 200


def test_a_dictionary_of_the_future_is_a_number_of_its_own() -> None:
    with pytest.raises(Problem) as caught:
        decompress(b"\x00", plain_size=1, name="cases-9", earlier=None)
    assert caught.value.code is Code.DICTIONARY_UNKNOWN
    with pytest.raises(Problem) as caught:
        compress(b"x", Context("../../etc/passwd"))
    assert caught.value.code is Code.DICTIONARY_UNKNOWN


def test_what_it_leans_on_must_be_there_to_the_last_entry() -> None:
    context = Context("cases-1", (EntryRange(1, 7, 2),), (b"one", b"two"))
    payload, name = compress(b"one and two", context)
    for found in ((), (b"one",), (b"one", b"two", b"three")):
        with pytest.raises(Problem) as caught:
            opened(payload, b"one and two", name, *found)
        assert caught.value.code is Code.CONTEXT_MISSING
        assert caught.value.params == {"epoch": 1, "sequence": 7}
    with pytest.raises(Problem) as caught:
        decompress(payload, plain_size=11, name=name, earlier=None)
    assert caught.value.code is Code.CONTEXT_MISSING


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x80",
        b"\xff" * 12,
        b"\x01\x01",
        bytes([0x80 | (MOST_RANGES + 1) & 0x7F, (MOST_RANGES + 1) >> 7]),
        b"\x00garbage",
    ],
)
def test_a_malformed_payload_is_a_broken_seal(payload: bytes) -> None:
    with pytest.raises(Problem) as caught:
        decompress(payload, plain_size=5, name="cases-1", earlier=lambda _: ())
    assert caught.value.code is Code.SEAL_BROKEN


def test_other_entries_than_those_meant_never_pass_for_the_plain() -> None:
    """The frame has no checksum; bytes that come out wrong break the chain."""
    text = hashlib.shake_128(b"words").hexdigest(250).encode()
    after = text + b"2"
    payload, name = compress(
        after, Context("cases-1", (EntryRange(1, 1, 1),), (text + b"1",))
    )
    assert opened(payload, after, name, text + b"1") == after
    assert opened(payload, after, name, b"b" * len(after)) != after


def test_a_batch_leaning_on_others_opens_and_tells_a_blind_reader_nothing() -> None:
    desk, district = SigningKey.generate(), SealingKey.generate()
    device = suite1.device_id(desk.public, SealingKey.generate().public)
    earlier, entries = (b'{"a":"one"}', b'{"a":"two"}'), (b'{"a":"three"}',)
    before = chain_over(suite1.digest, chain_start(suite1.digest, device, 1), earlier)
    context = Context("cases-1", (EntryRange(1, 1, 2),), earlier)
    after = chain_over(suite1.digest, before, entries)
    run = Run(device, 1, 3, entries, before, after, context)
    noon = datetime(2026, 11, 23, 4, tzinfo=UTC)
    batch = read_batch(
        close_batch(run, recipient=district.public, signing=desk, now=noon).raw
    )

    asked: list[EntryRange] = []

    def look_up(some: EntryRange) -> tuple[bytes, ...]:
        asked.append(some)
        return earlier

    assert open_batch(batch, district, earlier=look_up) == entries
    assert asked == [EntryRange(1, 1, 2)]
    assert set(batch.header.model_dump()) == set(type(batch.header).model_fields)
    assert batch.header.dictionary == "cases-1"
