"""A second decoder, written from docs/wire-format.md alone, reads the wire vectors.

It shares no line with the product: HPKE's key schedule, the hybrid KEM, the chain and
the signatures are done here with primitives, so that the page is proved precise enough.
"""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VECTORS = Path(__file__).parents[2] / "docs" / "vectors" / "wire-1.json"
DICTIONARIES = Path(__file__).parents[2] / "assets" / "dictionaries"
KEM, KDF, AEAD = 0x647A, 0x0001, 0x0002
SUITE_ID = b"HPKE" + b"".join(n.to_bytes(2, "big") for n in (KEM, KDF, AEAD))


@pytest.fixture(scope="module")
def vectors() -> Any:
    return json.loads(VECTORS.read_text("utf-8"))


def jcs(value: Any) -> bytes:
    """RFC 8785, enough of it for objects of strings and whole numbers."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def extract(salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + SUITE_ID + label + ikm, "sha256")


def expand(prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE_ID + label + info
    made, block, counter = b"", b"", 1
    while len(made) < length:
        block = hmac.digest(prk, block + labelled + bytes([counter]), "sha256")
        made += block
        counter += 1
    return made[:length]


def hybrid_secret(enc: bytes, seed: bytes) -> bytes:
    """The ML-KEM-768 + X25519 combiner (X-Wing)."""
    curve = X25519PrivateKey.from_private_bytes(seed[64:])
    own = curve.public_key().public_bytes_raw()
    theirs = enc[1088:]
    kem = MLKEM768PrivateKey.from_seed_bytes(seed[:64]).decapsulate(enc[:1088])
    shared = curve.exchange(X25519PublicKey.from_public_bytes(theirs))
    return hashlib.sha3_256(kem + shared + theirs + own + rb"\.//^" + b"\\").digest()


def hpke_open(sealed: bytes, seed: bytes, info: bytes) -> bytes:
    enc, ciphertext = sealed[:1120], sealed[1120:]
    context = (
        b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    )
    secret = extract(hybrid_secret(enc, seed), b"secret", b"")
    key = expand(secret, b"key", context, 32)
    nonce = expand(secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, b"")


def test_the_batch_opens_and_proves_itself(vectors: Any) -> None:
    raw = base64.b64decode(vectors["batch"])
    assert raw[:4] == b"IDB1"
    length = int.from_bytes(raw[4:8], "big")
    header_bytes, sealed = raw[8 : 8 + length], raw[8 + length : -64]
    header = json.loads(header_bytes)

    assert jcs(header) == header_bytes
    label = b"island-desk/batch/1\n"
    assert hashlib.sha256(label + header_bytes).hexdigest() == vectors["batch_digest"]
    public = bytes.fromhex(vectors["desk_signing_public"])
    Ed25519PublicKey.from_public_bytes(public).verify(raw[-64:], label + header_bytes)
    assert header["sealed_digest"] == hashlib.sha256(sealed).hexdigest()

    info = {k: v for k, v in header.items() if not k.startswith("sealed_")}
    seed = bytes.fromhex(vectors["district_sealing_seed"])
    plain = zstandard.ZstdDecompressor().decompress(hpke_open(sealed, seed, jcs(info)))
    entries = plain.split(b"\n")
    assert [entry.decode() for entry in entries] == vectors["entries"]

    head = hashlib.sha256(
        f"island-desk/chain/1\n{header['device']}\n{header['epoch']}".encode()
    ).hexdigest()
    assert head == header["chain_before"]
    for entry in entries:
        link = b"island-desk/link/1\n" + head.encode() + b"\n" + entry
        head = hashlib.sha256(link).hexdigest()
    assert head == header["chain_after"]


def leb(raw: bytes) -> tuple[int, bytes]:
    value, shift = 0, 0
    while True:
        value |= (raw[0] & 0x7F) << shift
        more, raw, shift = raw[0] & 0x80, raw[1:], shift + 7
        if not more:
            return value, raw


def test_a_batch_that_leans_on_an_earlier_one_opens(vectors: Any) -> None:
    raw = base64.b64decode(vectors["leaning_batch"])
    length = int.from_bytes(raw[4:8], "big")
    header, sealed = json.loads(raw[8 : 8 + length]), raw[8 + length : -64]
    info = {k: v for k, v in header.items() if not k.startswith("sealed_")}
    seed = bytes.fromhex(vectors["district_sealing_seed"])
    payload = hpke_open(sealed, seed, jcs(info))

    ranges, payload = leb(payload)
    shared = (DICTIONARIES / f"{header['dictionary']}.zdict").read_bytes()
    for _ in range(ranges):
        epoch, payload = leb(payload)
        first, payload = leb(payload)
        count, payload = leb(payload)
        assert epoch == header["epoch"]
        named = vectors["entries"][first - 1 : first - 1 + count]
        shared += b"".join(entry.encode() for entry in named)
    frame = zstandard.ZstdDecompressor(zstandard.ZstdCompressionDict(shared))
    plain = frame.decompress(payload)
    assert len(plain) == header["plain_size"]
    assert [e.decode() for e in plain.split(b"\n")] == vectors["leaning_opened"]


def test_a_days_root_follows_from_its_records(vectors: Any) -> None:
    lines = b"island-desk/range/1\n"
    for sequence, entry in enumerate(vectors["day_entries"], start=1):
        own = hashlib.sha256(b"island-desk/record/1\n" + entry.encode()).hexdigest()
        lines += f"1 {sequence} {own}\n".encode()
    root = hashlib.sha256(lines).hexdigest()
    assert root == vectors["day_root"] == vectors["agreement"]["statement"]["root"]


def test_the_agreement_is_signed_by_the_answers_key(vectors: Any) -> None:
    agreement = dict(vectors["agreement"])
    signature = base64.urlsafe_b64decode(agreement.pop("signature") + "==")
    public = Ed25519PublicKey.from_public_bytes(
        bytes.fromhex(vectors["answers_public"])
    )
    public.verify(signature, b"island-desk/agreement/1\n" + jcs(agreement))


def test_a_piece_of_a_scan_opens_and_bears_its_name(vectors: Any) -> None:
    scan = vectors["scan"]
    names = [
        hmac.digest(
            bytes.fromhex(vectors["naming_key"]),
            f"island-desk/chunk-name/1\n{scan['digest']}\n{scan['piece']}\n{i}".encode(),
            "sha256",
        ).hex()
        for i in range(-(-scan["size"] // scan["piece"]))
    ]
    assert names == vectors["chunk_names"]

    raw = base64.b64decode(vectors["chunk"])
    assert raw[:4] == b"IDC1"
    length = int.from_bytes(raw[4:8], "big")
    header_bytes, sealed = raw[8 : 8 + length], raw[8 + length : -64]
    header = json.loads(header_bytes)
    assert jcs(header) == header_bytes
    label = b"island-desk/chunk/1\n"
    assert hashlib.sha256(label + header_bytes).hexdigest() == vectors["chunk_digest"]
    public = bytes.fromhex(vectors["desk_signing_public"])
    Ed25519PublicKey.from_public_bytes(public).verify(raw[-64:], label + header_bytes)
    assert header["chunk"] == names[1]
    info = {k: v for k, v in header.items() if not k.startswith("sealed_")}
    seed = bytes.fromhex(vectors["district_sealing_seed"])
    plain = hpke_open(sealed, seed, jcs(info))
    assert plain.decode() == vectors["chunk_opened"]
    assert len(plain) == header["plain_size"]

    receipt = dict(vectors["chunk_receipt"])
    signature = base64.urlsafe_b64decode(receipt.pop("signature") + "==")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vectors["receipt_public"]))
    key.verify(signature, b"island-desk/chunk-receipt/1\n" + jcs(receipt))
    assert receipt["chunk"] == names[1]


def test_the_receipt_is_the_districts(vectors: Any) -> None:
    receipt = dict(vectors["receipt"])
    signature = base64.urlsafe_b64decode(receipt.pop("signature") + "==")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vectors["receipt_public"]))

    key.verify(signature, b"island-desk/receipt/1\n" + jcs(receipt))
    assert receipt["batch_digest"] == vectors["batch_digest"]
