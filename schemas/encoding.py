"""Bytes and values as text, one way each: RFC 8785 JSON and base64url."""

import base64
import binascii
import json
from collections.abc import Mapping
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


def _is_plain(value: object) -> bool:
    """Say whether the standard library writes this exactly as RFC 8785 asks.

    True for names below the surrogates (there both sort alike), no fractions, integers
    that a double holds: all that we make.
    There it is ten times as fast; a property test holds the two together.
    """
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -_SAFE_INTEGER <= value <= _SAFE_INTEGER
    if isinstance(value, Mapping):
        return all(
            isinstance(name, str)
            and max(name, default="") < _SURROGATES
            and _is_plain(each)
            for name, each in value.items()
        )
    return isinstance(value, list | tuple) and all(map(_is_plain, value))


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
