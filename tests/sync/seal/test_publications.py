"""Editions and calendars as published: packed, whole or as a difference, signed."""

from datetime import date
from importlib.resources import files

import pytest

from schemas.encoding import base64_bytes, base64_text
from schemas.problems import Code, Problem
from schemas.publications import EditionPublished
from sync.seal.keys import SigningKey
from sync.seal.publications import (
    Published,
    edition_text,
    publication_is_genuine,
    publish_calendar,
    publish_edition,
)

ANSWERS = SigningKey(bytes(range(32)))
BASE = files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
NEXT = BASE.replace('"edition": 1', '"edition": 2', 1).replace("渔业", "海洋渔业", 9)
SECOND = Published(2, date(2026, 12, 1), NEXT)


def _edition(base: str | None) -> EditionPublished:
    return publish_edition(SECOND, base=base, answers=ANSWERS)


def test_a_difference_costs_almost_nothing_and_gives_the_whole_text() -> None:
    """A megabyte of catalogue, nine changed words: under a thousandth of it."""
    difference, whole = _edition(BASE), _edition(None)

    assert len(difference.packed) < len(BASE) / 1000
    assert len(whole.packed) < len(BASE) / 10
    assert edition_text(difference, base=BASE) == NEXT
    assert edition_text(whole, base=None) == NEXT
    assert publication_is_genuine(difference, ANSWERS.public)


def test_another_base_gives_nothing() -> None:
    other = BASE.replace("渔", "鱼")

    with pytest.raises(Problem) as refused:
        edition_text(_edition(BASE), base=other)

    assert refused.value.code is Code.PUBLICATION_BROKEN


def test_every_flipped_byte_of_a_difference_is_found() -> None:
    """Whatever the damage, no text comes out but the signed one."""
    body = _edition(BASE)
    packed = base64_bytes(body.packed)
    for place in range(len(packed)):
        damaged = bytearray(packed)
        damaged[place] ^= 0x40
        broken = body.model_copy(update={"packed": base64_text(bytes(damaged))})
        try:
            text = edition_text(broken, base=BASE)
        except Problem as problem:
            assert problem.code is Code.PUBLICATION_BROKEN  # noqa: PT017 - or the text
        else:
            assert text == NEXT


def test_a_size_that_lies_fills_no_memory() -> None:
    body = _edition(None)

    for size in (body.size - 1, body.size + 1, 2**40):
        with pytest.raises(Problem) as refused:
            edition_text(body.model_copy(update={"size": size}), base=None)
        assert refused.value.code is Code.PUBLICATION_BROKEN


@pytest.mark.parametrize(
    "change",
    [
        {"edition": 3},
        {"effective_from": date(2026, 11, 1)},
        {"digest": "0" * 64},
        {"signature": base64_text(bytes(64))},
        {"signature": "!"},
    ],
)
def test_number_day_and_text_are_signed(change: dict[str, object]) -> None:
    body = _edition(None)

    assert not publication_is_genuine(body.model_copy(update=change), ANSWERS.public)


def test_a_calendar_cannot_pass_for_an_edition() -> None:
    """A label a kind: a signature of one is none of the other."""
    calendar = publish_calendar(SECOND, calendar="holidays", answers=ANSWERS)
    edition = _edition(None)

    assert publication_is_genuine(calendar, ANSWERS.public)
    swapped = calendar.model_copy(update={"signature": edition.signature})
    assert not publication_is_genuine(swapped, ANSWERS.public)
