"""Editions and calendars as a district publishes them: packed, named, signed.

An edition travels as a difference where the desk has the one before: a zstd frame that
has the older text as its raw dictionary. What comes out must have the signed digest, so
that a wrong base or a damaged frame puts nothing into use.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import zstandard

from schemas.encoding import JsonObject, base64_bytes, base64_text, canonical
from schemas.problems import Code, Problem
from schemas.publications import CalendarPublished, EditionPublished
from sync.seal.enrolment import document_digest
from sync.seal.keys import SigningKey, verify

EDITION: Final = "island-desk/edition/1"
CALENDAR: Final = "island-desk/calendar/1"
# Bytes; twenty times today's catalogue, and what one unpacking may take of memory.
LARGEST_EDITION: Final = 20 * 2**20
_LEVEL: Final = 19
# The window must reach over the whole older text, or a difference is no difference.
_SMALLEST_WINDOW_LOG: Final = 10


@dataclass(frozen=True, slots=True)
class Published:
    """What a district puts into use: the number, since when, and the text."""

    number: int
    effective_from: date
    text: str


def _said(number: int, effective_from: date, digest: str) -> JsonObject:
    return {
        "digest": digest,
        "effective_from": effective_from.isoformat(),
        "number": number,
    }


def sign_publication(
    published: Published, label: str, answers: SigningKey
) -> tuple[str, str]:
    """Return (digest, signature) of a publication."""
    digest = document_digest(published.text)
    body = canonical(_said(published.number, published.effective_from, digest))
    return digest, base64_text(answers.sign(label, body))


def publish_edition(
    published: Published, *, base: str | None, answers: SigningKey
) -> EditionPublished:
    """Return an edition as a difference from `base`, or whole where it is None."""
    digest, signature = sign_publication(published, EDITION, answers)
    plain = published.text.encode()
    return EditionPublished(
        edition=published.number,
        effective_from=published.effective_from,
        digest=digest,
        size=len(plain),
        base=document_digest(base) if base is not None else None,
        packed=base64_text(_pack(plain, base)),
        signature=signature,
    )


def publish_calendar(
    published: Published, *, calendar: str, answers: SigningKey
) -> CalendarPublished:
    """Return a calendar as it travels."""
    digest, signature = sign_publication(published, CALENDAR, answers)
    return CalendarPublished.model_validate(
        {
            "calendar": calendar,
            "number": published.number,
            "effective_from": published.effective_from,
            "digest": digest,
            "text": published.text,
            "signature": signature,
        }
    )


def edition_text(body: EditionPublished, *, base: str | None) -> str:
    """Return the whole text; `Problem(PUBLICATION_BROKEN)` unless it is the signed one.

    `base` is the text that `body.base` names; None for an edition that came whole.
    """
    if body.size > LARGEST_EDITION or (base is None) != (body.base is None):
        raise Problem(Code.PUBLICATION_BROKEN, number=body.edition)
    try:
        plain = _unpack(base64_bytes(body.packed), base, size=body.size)
        text = plain.decode()
    except (zstandard.ZstdError, ValueError) as error:
        raise Problem(Code.PUBLICATION_BROKEN, number=body.edition) from error
    if document_digest(text) != body.digest:
        raise Problem(Code.PUBLICATION_BROKEN, number=body.edition)
    return text


def publication_is_genuine(
    body: EditionPublished | CalendarPublished, answers_public: bytes
) -> bool:
    """Say whether the answers key signed this number, day and digest."""
    is_edition = isinstance(body, EditionPublished)
    number = body.edition if isinstance(body, EditionPublished) else body.number
    said = canonical(_said(number, body.effective_from, body.digest))
    try:
        signature = base64_bytes(body.signature)
    except ValueError:
        return False
    label = EDITION if is_edition else CALENDAR
    return verify(answers_public, label, said, signature)


def _dictionary(base: str | None) -> zstandard.ZstdCompressionDict | None:
    if base is None:
        return None
    return zstandard.ZstdCompressionDict(
        base.encode(), dict_type=zstandard.DICT_TYPE_RAWCONTENT
    )


def _pack(plain: bytes, base: str | None) -> bytes:
    reach = len(plain) + len(base.encode() if base is not None else b"")
    window_log = max(_SMALLEST_WINDOW_LOG, reach.bit_length())
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL,
        source_size=len(plain),
        window_log=window_log,
        enable_ldm=base is not None,
        write_content_size=True,
    )
    compressor = zstandard.ZstdCompressor(
        compression_params=parameters, dict_data=_dictionary(base)
    )
    return compressor.compress(plain)


def _unpack(packed: bytes, base: str | None, *, size: int) -> bytes:
    # The signed digest is checked after; the size bounds what a bomb can fill.
    if zstandard.frame_content_size(packed) != size:
        message = "another size than was said"
        raise ValueError(message)
    dictionary = _dictionary(base)
    decompressor = zstandard.ZstdDecompressor(dict_data=dictionary)
    return decompressor.decompress(packed, max_output_size=size)
