"""Bytes and values as text, one way each: RFC 8785 JSON and base64url."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast

import rfc8785
from pydantic import BaseModel, JsonValue

JsonObject: TypeAlias = dict[str, JsonValue]
"""A JSON object as parsed; floats never occur in what we make."""


def canonical(value: BaseModel | Mapping[str, JsonValue]) -> bytes:
    """Return the RFC 8785 bytes of a model or JSON object.

    Unknown fields that a `Kept` model carries are part of the bytes, so a signature
    made by a newer version still verifies here.
    """
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    if _is_plain(plain):
        text = json.dumps(
            plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return text.encode()
    # rfc8785's private alias has tuples where JsonValue has lists: same values.
    return rfc8785.dumps(cast("dict[str, None]", plain))


_SAFE_INTEGER = 2**53 - 1
_SURROGATES = "\ud800"
# What is one value, and the same in every encoder.
_LEAVES = frozenset({str, bool, type(None)})


def _is_plain(value: object) -> bool:
    """Say whether the standard library writes this exactly as RFC 8785 asks.

    True for names below the surrogates (there both sort alike), no fractions, integers
    that a double holds: all that we make. There it is ten times as fast; a property
    test holds the two together.
    """
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            if not _are_plain_names(each):
                return False
            left += [part for part in each.values() if type(part) not in _LEAVES]
        elif isinstance(each, list | tuple):
            left += [part for part in each if type(part) not in _LEAVES]
        elif not isinstance(each, int | str | None) or (
            isinstance(each, int) and abs(each) > _SAFE_INTEGER
        ):
            return False
    return True


def _are_plain_names(names: Iterable[object]) -> bool:
    try:
        together = "".join(cast("Iterable[str]", names))
    except TypeError:
        return False
    return together.isascii() or max(together) < _SURROGATES


def base64_text(raw: bytes) -> str:
    """Return `raw` in base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def base64_bytes(text: str) -> bytes:
    """Return the bytes of a base64url text; `ValueError` if it is not one."""
    try:
        raw = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4),
            altchars=b"-_",
            validate=True,
        )
    except (binascii.Error, UnicodeEncodeError) as error:
        message = "not base64url"
        raise ValueError(message) from error
    # Two texts for the same bytes would give one message two identities.
    if base64_text(raw) != text:
        message = "not canonical base64url"
        raise ValueError(message)
    return raw
