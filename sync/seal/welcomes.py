"""Welcomes: intake signs them, a desk believes no other word on what is held."""

from schemas.contact import Welcome
from schemas.encoding import JsonObject
from sync.seal.documents import WELCOME, check_document, sign_document
from sync.seal.keys import SigningKey


def sign_welcome(fields: JsonObject, key: SigningKey) -> Welcome:
    """Return the signed welcome from its fields (schemas.contact.Welcome)."""
    document = {**fields, "receipt_key": key.key_id, "signature": ""}
    # As the model writes them: defaults are part of what is signed.
    whole = Welcome.model_validate(document).model_dump(mode="json")
    return Welcome.model_validate(sign_document(whole, key, WELCOME))


def welcome_is_genuine(welcome: Welcome, receipt_public: bytes) -> bool:
    """Say whether the district's receipt key signed these very fields."""
    # As received: what only this version knows is not in what was signed.
    received = welcome.model_dump(mode="json", exclude_unset=True)
    return check_document(received, receipt_public, WELCOME)
