"""How a desk and a district come to know each other's keys.

1. The district makes an `Invitation` (a file) or its short code: one-time secret +
   the first bytes of the digest of its `Charter`. 2. The desk makes its keys and a
   signed `EnrolmentRequest`, proving the secret. 3. A person at the district compares
   fingerprints and approves: a signed `Grant` with the documents it names.
Every public key here is base64url of its raw bytes; its meaning is the suite's.
"""

from typing import Literal

from pydantic import Field

from schemas.base import Base64, Digest, Kept, Ordinal, UtcTime
from schemas.ids import DeviceId, Terminal, TownCode


class Charter(Kept):
    """The district's identity: what a desk pins. Signed by the answers key."""

    suite: Ordinal
    district: str = Field(pattern=r"^[0-9]{6}$")
    name: str = Field(min_length=1, max_length=60)
    urls: tuple[str, ...]
    ca_pem: str
    sealing_key: Base64
    receipt_key: Base64
    answers_key: Base64
    made_at: UtcTime
    signature: Base64


class Succession(Kept):
    """The next charter of a district, signed by the answers key of the last one.

    `edition` counts charters; the first is 1 and has no succession.
    """

    suite: Ordinal
    edition: Ordinal
    predecessor: Digest
    charter: Charter
    made_at: UtcTime
    signature: Base64


class Invitation(Kept):
    """File form of an enrolment code: the charter and the one-time secret."""

    charter: Charter
    secret: Base64
    town: TownCode
    expires_at: UtcTime


class EnrolmentRequest(Kept):
    """The desk's public keys and name; signed by the device, proving the secret.

    `proof` is HMAC-SHA-256 of the request without `proof` and `signature`, keyed by
    the secret. The secret itself never travels; `invitation` names which one it was.
    """

    suite: Ordinal
    invitation: Digest
    device: DeviceId
    signing_key: Base64
    sealing_key: Base64
    town: TownCode
    desk_name: str = Field(min_length=1, max_length=60)
    program: str = Field(min_length=1, max_length=40)
    made_at: UtcTime
    proof: Base64
    signature: Base64


class NamedDocument(Kept):
    """A text the grant vouches for by digest: catalogue edition or calendar."""

    kind: Literal["edition", "holidays", "closed_seasons"]
    digest: Digest
    text: str


class Grant(Kept):
    """The district's yes, signed by its answers key."""

    suite: Ordinal
    device: DeviceId
    device_number: Ordinal
    town: TownCode
    terminal: Terminal
    charter_digest: Digest
    documents: dict[str, Digest]
    granted_at: UtcTime
    device_certificate: Base64 = ""
    """By which slips prove whose key signed them (sync.seal.slips)."""
    signature: Base64


class GrantPackage(Kept):
    """What travels: the charter, the grant, and the documents it names.

    `successions` lead from the charter that the desk asked by, if keys changed since.
    """

    charter: Charter
    grant: Grant
    documents: tuple[NamedDocument, ...]
    successions: tuple[Succession, ...] = ()


class EnrolmentStatus(Kept):
    """What intake says to a desk that asks: wait, no, or the package."""

    state: Literal["pending", "refused", "granted"]
    reason: str = ""
    package: GrantPackage | None = None
