"""Where things lie on a stick, and what their names say: pure.

    island-desk/<device>/out/<digest>.<kind>    from the desk
    island-desk/<device>/in/<digest>.<kind>     from the district

Rule 1: a file's name is the SHA-256 of its content, so that a file which was cut short
        or changed is seen before anything reads it, and the same content is one file.
Rule 2: names are lower-case ASCII without anything that FAT or Windows forbids.
Rule 3: what ends in `.part` is being written; nobody reads it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from sync.seal import suite1

ROOT: Final = "island-desk"
PART: Final = ".part"
Side = Literal["out", "in"]
_DEVICE: Final = re.compile(r"[0-9a-f]{32}")
_NAME: Final = re.compile(r"([0-9a-f]{64})\.([a-z]{1,12})")


class Kind(StrEnum):
    """What a file is; a batch or chunk as over the line, byte for byte."""

    BATCH = "batch"
    CHUNK = "chunk"
    CONTACT = "contact"
    RECEIPT = "receipt"
    REFUSAL = "refusal"
    WELCOME = "welcome"
    FEED = "feed"


# Bytes. A batch is at most what intake takes over the line; the rest is small.
LARGEST: Final[dict[Kind, int]] = {
    Kind.BATCH: 20 * 2**20,
    Kind.CHUNK: 20 * 2**20,
    Kind.CONTACT: 64 * 2**10,
    Kind.RECEIPT: 64 * 2**10,
    Kind.REFUSAL: 64 * 2**10,
    Kind.WELCOME: 64 * 2**10,
    Kind.FEED: 32 * 2**20,
}


@dataclass(frozen=True, slots=True)
class Name:
    """A file's name: the digest of its content, and its kind."""

    digest: str
    kind: Kind

    def __str__(self) -> str:
        """Return it as it is on the stick."""
        return f"{self.digest}.{self.kind}"


def name_of(content: bytes, kind: Kind) -> Name:
    """Return the name that this content must have."""
    return Name(suite1.digest(content), kind)


def read_name(text: str) -> Name | None:
    """Return what a file name says, or None where it is none of ours."""
    found = _NAME.fullmatch(text)
    if found is None or found.group(2) not in set(Kind):
        return None
    return Name(found.group(1), Kind(found.group(2)))


def is_device(text: str) -> bool:
    """Say whether a folder's name is a device's."""
    return _DEVICE.fullmatch(text) is not None
