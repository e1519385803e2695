"""Journal entries: each known kind is read as itself, a newer desk's stays whole."""

from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas import journal
from schemas.encoding import canonical
from schemas.journal import Body, JournalEntry, UnknownBody

READ: TypeAdapter[Any] = TypeAdapter(Body)
MODELS: list[type[BaseModel]] = [
    get_args(each)[0] for each in get_args(get_args(Body)[0])
]
KINDS = {
    model.model_fields["kind"].default: model
    for model in MODELS
    if model is not UnknownBody
}
CLOCKS = {"wall": "2026-11-23T04:00:00.000Z", "boot": "b", "monotonic_ms": 1}
NUMBER = "350305107-01-20261123-0001-7"
ENTRY: dict[str, Any] = {
    "entry_id": "e" * 32, "device": "d" * 32, "epoch": 1, "sequence": 1,
    "operator": "a" * 16, "clocks": CLOCKS,
    "body": {"kind": "case_closed", "number": NUMBER, "at": CLOCKS["wall"]},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_known_kind_is_never_taken_for_an_unknown_one(kind: str) -> None:
    """A kind left out of the list would be filed without being looked at."""
    assert kind in journal._KNOWN
    with pytest.raises(ValidationError) as refused:
        READ.validate_python({"kind": kind})
    assert {each["loc"][0] for each in refused.value.errors()} == {kind}


def test_every_known_kind_has_its_model() -> None:
    assert set(KINDS) == journal._KNOWN


def test_an_entry_comes_back_from_its_bytes() -> None:
    entry = JournalEntry.model_validate(ENTRY)
    assert (entry.version, entry.again) == (1, None)
    assert type(entry.body) is KINDS["case_closed"]
    assert JournalEntry.model_validate_json(canonical(entry)) == entry


def test_p10_an_entry_of_a_newer_desk_loses_nothing() -> None:
    newer = {
        **ENTRY, "version": 9, "later": 1, "clocks": {**CLOCKS, "later": 2},
        "body": {"kind": "tide_noted", "metres": "3.2", "deep": {"x": [1]}},
    }  # fmt: skip
    entry = JournalEntry.model_validate(newer)
    assert type(entry.body) is UnknownBody
    kept = entry.model_dump(mode="json", exclude_unset=True)
    assert canonical(kept) == canonical(newer)


def test_p10_a_known_body_keeps_a_field_of_the_future() -> None:
    body = {**ENTRY["body"], "later": 1}
    entry = JournalEntry.model_validate({**ENTRY, "body": body})
    assert type(entry.body) is KINDS["case_closed"]
    assert entry.model_dump()["body"]["later"] == 1


def test_p08_an_entry_offered_again_says_where_it_first_stood() -> None:
    first = {"epoch": 1, "sequence": 7, "entry_id": "f" * 32, "clocks": CLOCKS}
    entry = JournalEntry.model_validate({**ENTRY, "epoch": 2, "again": first})
    assert entry.again is not None
    assert (entry.again.epoch, entry.again.sequence) == (1, 7)


@pytest.mark.parametrize("body", [{}, {"kind": None}, {"kind": ["x"]}, "x", None, 7])
def test_what_has_no_kind_is_no_body(body: Any) -> None:
    """An error of another sort would stop whoever reads the journal, not this entry."""
    with pytest.raises(ValidationError):
        READ.validate_python(body)


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 0}, {"epoch": 0}, {"entry_id": "e"}, {"device": "D" * 32},
        {"operator": "a" * 15}, {"version": 0}, {"clocks": {}}, {"body": {}},
        {"again": {"epoch": 1}},
    ],
)  # fmt: skip
def test_what_has_no_place_in_a_journal_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        JournalEntry.model_validate({**ENTRY, **change})
    assert {each["loc"][0] for each in refused.value.errors()} == set(change)
