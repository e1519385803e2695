"""The desk's own keys that are in force, as the vault keeps them."""

from desk_app.services.journalling import require_setting
from desk_app.store.vault import Transaction
from schemas.encoding import base64_bytes
from sync.seal.keys import SealingKey, SigningKey


def signing_key(tx: Transaction) -> SigningKey:
    """Return the key that signs what the desk sends and prints."""
    return SigningKey(base64_bytes(require_setting(tx, "signing_key")))


def sealing_key(tx: Transaction) -> SealingKey:
    """Return the key that opens what the district seals to the desk."""
    return SealingKey(base64_bytes(require_setting(tx, "sealing_key")))
