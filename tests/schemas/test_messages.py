"""A feed message as it travels: bytes of 0.1 stay, pages say how far there is."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.messages import FeedHeader, FeedPage

HEADER: dict[str, Any] = {
    "suite": 1, "device": "d" * 32, "answers_key": "ab" * 16, "sealing_key": "ab" * 16,
    "position": 1, "made_at": "2026-11-23T04:00:00.000Z", "sealed_size": 0,
    "sealed_digest": "ab" * 32,
}  # fmt: skip


def test_p10_a_header_of_version_0_1_keeps_its_bytes() -> None:
    """It named no message before it: `previous` is left out, not null."""
    assert canonical(FeedHeader.model_validate(HEADER)) == canonical(HEADER)
    named = {**HEADER, "previous": "cd" * 32}
    assert canonical(FeedHeader.model_validate(named)) == canonical(named)


def test_p10_a_field_of_a_newer_district_is_in_the_bytes() -> None:
    newer = {**HEADER, "body_commitment": "ab" * 32, "later": 1}
    assert canonical(FeedHeader.model_validate(newer)) == canonical(newer)


@pytest.mark.parametrize(
    "change",
    [{"position": 0}, {"sealed_size": -1}, {"previous": "x"}, {"device": ""}],
)
def test_what_has_no_place_in_a_feed_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        FeedHeader.model_validate({**HEADER, **change})
    assert {each["loc"][0] for each in refused.value.errors()} == set(change)


def test_a_page_may_be_empty_and_still_says_how_far_there_is() -> None:
    page = FeedPage.model_validate({"messages": [], "head": 7})
    assert (page.messages, page.head) == ((), 7)
    message = {"header": HEADER, "sealed": "AA", "signature": "AA"}
    full = FeedPage.model_validate({"messages": [message], "head": 1})
    assert FeedPage.model_validate_json(canonical(full)) == full
