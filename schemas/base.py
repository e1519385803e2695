"""The two shapes every model of the house takes, and the value types they share.

Rule 1: frozen everywhere; a change is a new value.
Rule 2: `Frozen` refuses fields it does not know (our own edges); `Kept` keeps them
        (journal entries and signed documents may come from a newer version, P10).
Rule 3: no floats: decimals travel as strings, times as UTC with milliseconds.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    Strict,
)
from pydantic import StringConstraints as Text

_WIRE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


class Frozen(BaseModel):
    """A value of ours: immutable, and closed against unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kept(BaseModel):
    """A value that may come from a newer version: unknown fields stay in it."""

    model_config = ConfigDict(frozen=True, extra="allow")


def _utc_milliseconds(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        message = "a moment needs its offset"
        raise ValueError(message)
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def utc_text(moment: datetime) -> str:
    """Return `moment` as `2026-11-23T02:03:04.567Z`, the one form on the wire."""
    moment = _utc_milliseconds(moment)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _in_wire_form(given: object) -> object:
    # Two texts for one instant would give one document two identities.
    if isinstance(given, str) and not _WIRE_TIME.fullmatch(given):
        message = "a time is written as 2026-11-23T02:03:04.567Z"
        raise ValueError(message)
    return given


UtcTime = Annotated[
    datetime,
    BeforeValidator(_in_wire_form),
    AfterValidator(_utc_milliseconds),
    PlainSerializer(utc_text, return_type=str),
]
"""An instant: aware, in UTC, cut to milliseconds."""

Count = Annotated[int, Strict(), AfterValidator(lambda n: _at_least(n, 0))]
"""A whole number from 0 to 2**53 - 1 (the exact range of RFC 8785 numbers)."""

Ordinal = Annotated[int, Strict(), AfterValidator(lambda n: _at_least(n, 1))]
"""A whole number from 1 to 2**53 - 1."""

Digest = Annotated[str, Text(pattern=r"^[0-9a-f]{64}$")]
"""A 32-byte digest in lower-case hexadecimal; the algorithm is the suite's."""

KeyId = Annotated[str, Text(pattern=r"^[0-9a-f]{32}$")]
"""The first 16 bytes of the digest of a public key, in hexadecimal."""

Base64 = Annotated[str, Text(pattern=r"^[A-Za-z0-9_-]*$")]
"""Bytes in base64url without padding (RFC 4648 section 5)."""

_LARGEST_EXACT = 2**53 - 1


def _at_least(number: int, least: int) -> int:
    if not least <= number <= _LARGEST_EXACT:
        message = f"must be a whole number from {least} to {_LARGEST_EXACT}"
        raise ValueError(message)
    return number
