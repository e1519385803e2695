"""The slip that a resident takes home: its QR text, signed, checked without a line.

`IDS1` then, between `|`: case number, day, item, commitment, the device's signing key,
the district's certificate of that key, the device's signature over all before it. Keys
and signatures are base64url. Who has the district's public answers key needs no more.

The commitment is H(label, salt, name, identity). The salt stays in the vault, so that
the QR says nothing that the slip does not show; a desk can open the commitment later.
"""

from dataclasses import dataclass

from schemas.encoding import JsonObject, base64_bytes, base64_text, canonical
from schemas.ids import read_case_number
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.keys import SigningKey, verify

SLIP = "island-desk/slip/1"
DEVICE_KEY = "island-desk/device-key/1"
_MAGIC = "IDS1"
_PARTS = 8


@dataclass(frozen=True, slots=True)
class SlipFields:
    """What a slip says and signs."""

    number: str
    day: str
    item: str
    commitment: str


def certificate_body(signing_public: bytes, town: str, terminal: str) -> bytes:
    """Return the bytes by which a district says whose key this is."""
    body: JsonObject = {
        "signing_key": base64_text(signing_public),
        "town": town,
        "terminal": terminal,
    }
    return canonical(body)


def certify_device(
    signing_public: bytes, *, town: str, terminal: str, answers: SigningKey
) -> str:
    """Return the district's certificate of a desk's signing key."""
    body = certificate_body(signing_public, town, terminal)
    return base64_text(answers.sign(DEVICE_KEY, body))


def is_certified(
    signing_public: bytes, certificate: str, *, town: str, terminal: str,
    answers_public: bytes,
) -> bool:  # fmt: skip
    """Say whether a certificate is the district's, and of this very signing key."""
    body = certificate_body(signing_public, town, terminal)
    try:
        said = base64_bytes(certificate)
    except ValueError:
        return False
    return verify(answers_public, DEVICE_KEY, body, said)


def commitment(salt: bytes, *, name: str, identity: str) -> str:
    """Return the commitment to a person, 32 hexadecimal digits."""
    text = f"{name}\n{identity}".encode()
    return suite1.digest(b"island-desk/person/1\n" + salt + b"\n" + text)[:32]


def slip_text(fields: SlipFields, *, key: SigningKey, certificate: str) -> str:
    """Return the text of the QR."""
    said = "|".join(
        (
            _MAGIC, fields.number, fields.day, fields.item, fields.commitment,
            base64_text(key.public), certificate,
        )
    )  # fmt: skip
    return f"{said}|{base64_text(key.sign(SLIP, said.encode()))}"


def check_slip(text: str, *, answers_public: bytes) -> SlipFields:
    """Return what a genuine slip says, or raise `Problem(SLIP_NOT_GENUINE)`."""
    parts = text.strip().split("|")
    try:
        magic, number, day, item, committed, public, certificate, signature = parts
        key = base64_bytes(public)
        named = read_case_number(number)
        body = certificate_body(key, named.town, named.terminal)
        genuine = (
            magic == _MAGIC
            and len(parts) == _PARTS
            and verify(answers_public, DEVICE_KEY, body, base64_bytes(certificate))
            and verify(
                key, SLIP, "|".join(parts[:-1]).encode(), base64_bytes(signature)
            )
        )
    except (ValueError, Problem) as error:
        raise Problem(Code.SLIP_NOT_GENUINE) from error
    if not genuine:
        raise Problem(Code.SLIP_NOT_GENUINE)
    return SlipFields(number, day, item, committed)
