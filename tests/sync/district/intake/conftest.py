"""What intake works with, on a real ledger, at a clock that stands."""

from pathlib import Path

import pytest

from schemas.encoding import base64_text
from sync.district.config.keyring import ReceiptRing, put_charter, write_private
from sync.district.config.places import DistrictPlaces
from sync.district.intake.keeping import IntakeParts
from sync.district.ledger.sealed import SealedLedger
from tests.support.ledgers import NOW, the_keys


@pytest.fixture
def parts(sealed: SealedLedger, tmp_path: Path) -> IntakeParts:
    places = DistrictPlaces(tmp_path)
    receipt_key = base64_text(the_keys().receipts.to_bytes())
    write_private(places.intake / "receipt.key", receipt_key)
    put_charter(places, the_keys().charter())
    sealed.contacts.be_born("1" * 32, now=NOW)
    return IntakeParts(
        sealed, ReceiptRing(places), lambda: NOW,
        uploads=places.uploads, nonce=lambda: "a-name-nobody-knows",
    )  # fmt: skip
