"""Bytes and values as text, one way each: RFC 8785 JSON and base64url."""

import base64
import binascii
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
    # rfc8785's private alias has tuples where JsonValue has lists: same values.
    return rfc8785.dumps(cast("dict[str, None]", plain))


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
