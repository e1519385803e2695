"""The keys beside the record, on the disk as reconcile finds them."""

from pathlib import Path

import pytest

from schemas.encoding import base64_text
from sync.district.config.keyring import ReconcileKeys, put_charter, write_private
from sync.district.config.places import DistrictPlaces
from tests.support.ledgers import the_keys


@pytest.fixture
def keys(tmp_path: Path) -> ReconcileKeys:
    places = DistrictPlaces(tmp_path)
    places.make()
    for name, raw in (
        ("opening", the_keys().opening.to_bytes()),
        ("answers", the_keys().answers.to_bytes()),
    ):
        write_private(places.reconcile / f"{name}.key", base64_text(raw))
    put_charter(places, the_keys().charter())
    return ReconcileKeys(places)
