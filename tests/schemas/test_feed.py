"""Bodies of the feed: each known kind is read as itself, others are kept whole."""

from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas import feed
from schemas.encoding import canonical
from schemas.feed import CaseAnswered, EntryQuarantined, FeedBody, UnknownFeedBody

READ: TypeAdapter[Any] = TypeAdapter(FeedBody)
MODELS: list[type[BaseModel]] = [
    get_args(each)[0] for each in get_args(get_args(FeedBody)[0])
]
KINDS = {
    model.model_fields["kind"].default: model
    for model in MODELS
    if model is not UnknownFeedBody
}
ANSWERED: dict[str, Any] = {
    "kind": "case_answered", "number": "350305107-01-20261123-0001-7", "revision": 0,
    "answered_at": "2026-11-23T04:00:00.000Z", "answered_by": "区审核",
    "answer": {"kind": "granted", "licence_number": "示 1"},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_known_kind_is_never_taken_for_an_unknown_one(kind: str) -> None:
    """A kind left out of the list would pass without a check and without effect."""
    assert kind in feed._KNOWN
    try:
        body = READ.validate_python({"kind": kind})
    except ValidationError as error:
        assert {each["loc"][0] for each in error.errors()} == {kind}  # noqa: PT017 - a kind whose fields all have defaults is read
    else:
        assert type(body) is KINDS[kind]


def test_every_known_kind_has_its_model() -> None:
    assert set(KINDS) == feed._KNOWN


def test_p10_a_kind_of_a_newer_district_is_kept_whole() -> None:
    newer = {"kind": "tide_published", "table": [{"at": "06:00", "m": "3.2"}]}
    body = READ.validate_python(newer)
    assert type(body) is UnknownFeedBody
    assert canonical(body) == canonical(newer)
    assert type(READ.validate_python(body)) is UnknownFeedBody


def test_an_answer_is_read_with_what_it_carries() -> None:
    body = READ.validate_python({**ANSWERED, "salt": "ab"})
    assert isinstance(body, CaseAnswered)
    assert body.answer.kind == "granted"
    assert READ.validate_json(canonical(body)) == body
    assert body.model_dump()["salt"] == "ab"


@pytest.mark.parametrize(
    "change",
    [
        {"answer": {"kind": "perhaps"}}, {"answered_by": ""}, {"number": "1"},
        {"revision": -1},
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_refused_not_half_used(
    change: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python({**ANSWERED, **change})


@pytest.mark.parametrize("body", [{}, {"kind": None}, {"kind": ["x"]}, "x", None, 7])
def test_what_has_no_kind_is_no_body(body: Any) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(body)


def test_p03_a_quarantined_entry_has_a_place_and_a_reason() -> None:
    given = {"kind": "entry_quarantined", "epoch": 1, "sequence": 2, "problem": 9999}
    read = READ.validate_python({**given, "reason": "示例"})
    assert isinstance(read, EntryQuarantined)
    assert read.problem == 9999, "a number of a newer district is kept as it is"
    with pytest.raises(ValidationError):
        READ.validate_python({**given, "reason": ""})
