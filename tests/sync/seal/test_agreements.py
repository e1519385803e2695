"""Countersigned days: this closing, this place, these records, and no others."""

import json
from pathlib import Path

import pytest

from schemas.encoding import JsonObject
from schemas.statement import DayClosed, Statement
from sync.seal.agreements import agreement_is_genuine, sign_agreement
from sync.seal.keys import SigningKey

ANSWERS, STRANGER = SigningKey(bytes(range(32, 64))), SigningKey(b"\x01" * 32)
VECTORS = Path(__file__).parents[3] / "docs" / "vectors" / "wire-1.json"
FROZEN: JsonObject = json.loads(VECTORS.read_text("utf-8"))["agreement"]
STATEMENT = Statement.model_validate(FROZEN["statement"])
CLOSED = (1, 3)


def closing(statement: Statement = STATEMENT) -> str:
    """The desk's own entry body, as its journal keeps it."""
    return DayClosed(
        statement=statement, operator_name="example", closed_at=FROZEN["agreed_at"]
    ).model_dump_json()


def signed(**changes: object) -> JsonObject:
    fields = {k: v for k, v in FROZEN.items() if k not in {"signature", "answers_key"}}
    return sign_agreement({**fields, **changes}, ANSWERS)


def genuine(
    document: JsonObject, *, closed: tuple[int, int] = CLOSED, body: str | None = None,
    public: bytes = ANSWERS.public,
) -> bool:  # fmt: skip
    return agreement_is_genuine(
        document, public, closed=closed, body=closing() if body is None else body
    )


def test_p07_the_frozen_agreement_is_genuine_and_is_signed_so_again() -> None:
    assert genuine(FROZEN)
    assert signed() == FROZEN


def test_p07_it_is_the_answers_keys_word_on_one_place_of_the_journal() -> None:
    assert not genuine(FROZEN, public=STRANGER.public)
    for place in ((1, 4), (2, 3)):
        assert not genuine(FROZEN, closed=place)


@pytest.mark.parametrize("name", sorted(FROZEN))
def test_p07_no_field_can_be_bent(name: str) -> None:
    value = FROZEN[name]
    other = {"closed": {"epoch": 9, "sequence": 9}, "exceptions": [{}]}.get(
        name, f"{value}0"
    )
    assert not genuine({**FROZEN, name: other})


@pytest.mark.parametrize(
    "change",
    [
        {"day": "2026-11-24"},
        {"version": 2},
        {"device": "0" * 32},
        {"root": "0" * 64},
    ],
)
def test_p07_another_statement_than_the_desks_own_is_none_of_it(
    change: dict[str, object],
) -> None:
    own = closing(STATEMENT.model_copy(update=change))
    assert not genuine(FROZEN, body=own)


def test_p07_other_records_are_agreed_on_only_with_a_ruled_exception() -> None:
    """People looked into the difference: its ruling stands in what is signed."""
    ruled = {
        "difference": {"what": "changed", "epoch": 1, "sequence": 1},
        "ruling": "示例：以区为准", "ruled_by": "区审核",
        "ruled_at": "2026-11-24T01:00:00.000Z",
    }  # fmt: skip
    own = closing(STATEMENT.model_copy(update={"root": "0" * 64}))
    assert genuine(signed(exceptions=[ruled]), body=own)
    assert not genuine(signed(), body=own)


def test_a_body_that_is_no_closing_proves_nothing() -> None:
    assert not genuine(FROZEN, body="{}")


def test_p10_what_a_newer_district_adds_is_signed_and_kept() -> None:
    newer = signed(witness="later")
    assert newer["witness"] == "later"
    assert genuine(newer)
    assert not genuine({**newer, "witness": "bent"})
