"""What a desk needs to speak with its district: its own keys, and the pinned ones.

While a district changes keys, both the former and the present ones are believed, each
by its id; what is sealed goes to the present one.
"""

from dataclasses import dataclass, replace

from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.keys import SealingKey, SigningKey


@dataclass(frozen=True)
class Keys:
    """Own key pairs, and the district's public halves (raw bytes)."""

    device: str
    signing: SigningKey
    sealing: SealingKey
    district_sealing: bytes
    district_receipts: bytes
    district_answers: bytes
    former_sealing: tuple[SealingKey, ...] = ()
    former_receipts: tuple[bytes, ...] = ()
    former_answers: tuple[bytes, ...] = ()

    def receipts_public(self, key_id: str) -> bytes:
        """Return the receipt key of this id; `Problem(SIGNATURE_INVALID)`."""
        return _named(key_id, (self.district_receipts, *self.former_receipts))

    def answers_public(self, key_id: str) -> bytes:
        """Return the answers key of this id; `Problem(SIGNATURE_INVALID)`."""
        return _named(key_id, (self.district_answers, *self.former_answers))

    def sealing_of(self, key_id: str) -> SealingKey:
        """Return the own key that a message was sealed to; the present one if none."""
        known = {each.key_id: each for each in self.former_sealing}
        return known.get(key_id, self.sealing)

    def sending_as(self, other: "Keys") -> "Keys":
        """Return these keys with the signing key of `other`.

        A conversation ends with the signing key that it began with: the district takes
        the next one from the next greeting on.
        """
        return replace(self, signing=other.signing)


def _named(key_id: str, publics: tuple[bytes, ...]) -> bytes:
    for public in publics:
        if suite1.key_id(public) == key_id:
            return public
    raise Problem(Code.SIGNATURE_INVALID)
