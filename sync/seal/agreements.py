"""Countersigned statements: the answers key signs what both hold of a day (P7)."""

from pydantic import ValidationError

from schemas.encoding import JsonObject
from schemas.statement import Agreement, DayClosed
from sync.seal.documents import AGREEMENT, check_document, sign_document
from sync.seal.keys import SigningKey


def sign_agreement(fields: JsonObject, key: SigningKey) -> JsonObject:
    """Return the signed agreement from its fields (schemas.statement.Agreement)."""
    document = {**fields, "answers_key": key.key_id, "signature": ""}
    # As the model writes them: defaults are part of what is signed.
    whole = Agreement.model_validate(document).model_dump(mode="json")
    return sign_document(whole, key, AGREEMENT)


def agreement_is_genuine(
    document: JsonObject, answers_public: bytes, *, closed: tuple[int, int],
    body: str,
) -> bool:  # fmt: skip
    """Say whether the district signed this very closing.

    `closed` is the place of the desk's own closing entry and `body` its JSON. Where no
    exception is named, both sides must hold the same records.
    """
    if not check_document(document, answers_public, AGREEMENT):
        return False
    try:
        said = Agreement.model_validate(document)
        own = DayClosed.model_validate_json(body).statement
    except ValidationError:
        return False
    theirs = said.statement
    same = (theirs.device, theirs.day, theirs.version, theirs.before) == (
        own.device,
        own.day,
        own.version,
        own.before,
    )
    placed = (said.closed.epoch, said.closed.sequence) == closed
    return same and placed and (bool(said.exceptions) or theirs.root == own.root)
