"""The desk's own keys: those that its district knows it by."""

from desk_app.services.enrolling import own_fingerprint
from desk_app.services.own_keys import sealing_key, signing_key
from schemas.problems import Code
from sync.seal.enrolment import fingerprint
from tests.support.counter import Counter, refused


def test_they_are_the_keys_whose_fingerprint_is_read_out(counter: Counter) -> None:
    with counter.place.vault.read() as tx:
        raw = signing_key(tx).public + sealing_key(tx).public
    assert fingerprint(raw) == own_fingerprint(counter.place)


def test_without_them_the_desk_belongs_to_nobody(own: Counter) -> None:
    with own.place.vault.write() as tx:
        tx.run("DELETE FROM settings WHERE name LIKE '%ing_key'")
    with own.place.vault.read() as tx:
        for key in (signing_key, sealing_key):
            refused(Code.NOT_ENROLLED, key, tx)
