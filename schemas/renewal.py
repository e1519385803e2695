"""Keys that are changed while work goes on: the district's, and a desk's own.

A district's next charter is vouched for by the answers key of the one before
(`Succession`); it travels in the feed or as a file. A desk's next keys are vouched for
by its present signing key, in its journal; the district takes them in the feed, and
they are in force from the first message that they sign.
"""

from typing import Literal

from pydantic import Field

from schemas.base import Base64, Kept, KeyId, Ordinal, UtcTime
from schemas.enrolment import Succession
from schemas.ids import DeviceId, Terminal, TownCode


class DistrictKeysChanged(Kept):
    """Feed body: from here on the district is known by the next charter."""

    kind: Literal["district_keys_changed"] = "district_keys_changed"
    succession: Succession


class DistrictKeysRetired(Kept):
    """Feed body: the overlap is over; these keys prove nothing any more."""

    kind: Literal["district_keys_retired"] = "district_keys_retired"
    keys: tuple[KeyId, ...]


class DeviceKeysRenewed(Kept):
    """Journal body: a desk's next public keys.

    `endorsement` is the present signing key's signature over both, `possession` the
    next signing key's; label `island-desk/device-keys/1`.
    """

    kind: Literal["device_keys_renewed"] = "device_keys_renewed"
    signing_key: Base64
    sealing_key: Base64
    endorsement: Base64
    possession: Base64


class DeviceKeysTaken(Kept):
    """Feed body: the district knows the desk's next keys; they may be used now."""

    kind: Literal["device_keys_taken"] = "device_keys_taken"
    signing_key: KeyId
    sealing_key: KeyId
    device_certificate: Base64


class Standing(Kept):
    """What a desk was once granted, shown to a district that has forgotten it.

    `certificate` is the district's own, of this town, terminal and signing key.
    """

    town: TownCode
    terminal: Terminal
    desk_name: str = Field(min_length=1, max_length=60)
    program: str = Field(min_length=1, max_length=40)
    certificate: Base64


class KeysRequest(Kept):
    """What a desk asks whose own key is retired: to go on by fresh keys (ADR 25).

    It gives nobody anything by itself: people at the district compare fingerprints.
    `feed_cursor` is the last feed message that the vault has: what came after it was
    sealed to keys that are lost. `endorsement` is by the key `endorsed_by`, which the
    desk has or had; `signature` by the fresh signing key, over all of it.

    With a `standing` the keys are those that the desk works by, and the district does
    not know them (any more): the desk's own key endorses itself (ADR 26).
    """

    suite: Ordinal
    device: DeviceId
    signing_key: Base64
    sealing_key: Base64
    feed_cursor: int = Field(ge=0)
    standing: Standing | None = None
    made_at: UtcTime
    endorsed_by: KeyId
    endorsement: Base64
    signature: Base64
