"""Known answers at start: a broken library must not seal or sign anything."""

from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.keys import SealingKey, SigningKey, verify_bare

# RFC 8032 section 7.1, test 2; FIPS 180-4's "abc".
_SECRET = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"  # noqa: S105
_MESSAGE = "72"
_SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def self_test() -> None:
    """Check digest, signature and seal; `Problem(SELF_TEST_FAILED)` names none."""
    key = SigningKey(bytes.fromhex(_SECRET))
    message, signature = bytes.fromhex(_MESSAGE), bytes.fromhex(_SIGNATURE)
    sealing = SealingKey.generate()
    sealed = suite1.seal(b"abc", public=sealing.public, context=b"self-test")
    well = (
        suite1.digest(b"abc") == _ABC
        and key.sign_bare(message) == signature
        and verify_bare(key.public, message, signature)
        and not verify_bare(key.public, b"other", signature)
        and sealing.unseal(sealed, context=b"self-test") == b"abc"
    )
    if not well:
        raise Problem(Code.SELF_TEST_FAILED)
