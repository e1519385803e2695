"""A desk as the district knows it is exactly what the desk asked with."""

from sync.district.ledger.sealed import SealedLedger
from tests.support.ledgers import TOWN, Writer, granted


def test_a_desk_that_asked_is_known_by_its_own_keys(sealed: SealedLedger) -> None:
    from_desk = Writer()
    sealed.ask(from_desk.request(), now=from_desk.request().made_at)

    known = sealed.device(from_desk.device)

    assert known is not None
    assert known.signing_public == from_desk.signing.public
    assert known.sealing_public == from_desk.sealing.public
    assert (known.town, known.desk_name) == (TOWN, "一号窗口")


def test_a_desk_that_waits_has_no_number_and_no_terminal(sealed: SealedLedger) -> None:
    from_desk = Writer()
    sealed.ask(from_desk.request(), now=from_desk.request().made_at)

    known = sealed.device(from_desk.device)

    assert known is not None
    assert (known.state, known.number, known.terminal) == ("pending", None, None)
    assert known.last_contact_at is None


def test_a_desk_that_was_let_in_has_both(sealed: SealedLedger) -> None:
    known = sealed.device(granted(sealed, "07").device)

    assert known is not None
    assert (known.state, known.number, known.terminal) == ("granted", 1, "07")
