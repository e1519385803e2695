"""What the verbs hand to screens: frozen values, and no keys among them."""

import dataclasses
import typing

import pytest

from desk_app.services import shown
from desk_app.services.shown import Draft, SyncStatus

SHAPES = [each for each in vars(shown).values() if dataclasses.is_dataclass(each)]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: each.__name__)
def test_what_is_shown_cannot_be_changed_by_a_screen(shape: type) -> None:
    made = object.__new__(shape)
    first = dataclasses.fields(shape)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, first, "changed")
    with pytest.raises((AttributeError, TypeError)):
        made.something_else = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: each.__name__)
def test_p02_no_key_and_no_vault_is_handed_out(shape: type) -> None:
    for name, kind in typing.get_type_hints(shape).items():
        # The one thing of bytes is the paper that the clerk hands over.
        assert kind is not bytes or name == "pdf"
        assert "desk_app.store" not in str(kind)
        assert not {"key", "passphrase", "secret"} & set(name.split("_"))


def test_a_draft_begins_empty_and_belongs_to_no_case() -> None:
    draft = Draft("d", "HY01-02")
    assert (draft.applicant, draft.form, draft.materials) == ({}, {}, ())
    assert draft.answers_case is None
    assert dataclasses.replace(draft, form={"a": 1}).form == {"a": 1}
    assert draft.form == {}, "one draft's answers are not another's"


def test_a_desk_that_never_spoke_says_nothing_is_off() -> None:
    fresh = SyncStatus(
        enrolled=False, waiting=0, in_flight=0, oldest_waiting_at=None,
        last_contact_at=None, last_problem=None, next_try_at=None, refused=(),
    )  # fmt: skip
    assert (fresh.clock_off, fresh.quarantined, fresh.scans_waiting) == (None, 0, 0)
