"""A desk as the district knows it is exactly what the desk asked with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from sync.district.ledger.database import climb
from sync.district.ledger.sealed import SealedLedger
from tests.support.ledgers import TOWN, Writer, granted

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


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


def test_p10_a_desks_package_and_last_contact_climb_with_it(tmp_path: Path) -> None:
    """Rung 7 moves both out of the row that every request reads."""
    path = tmp_path / "ledger.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        climb(connection, "sealed", to="0006")
        for device, package, at in (("a", "{}", "then"), ("b", None, None)):
            connection.execute(
                text(
                    "INSERT INTO devices (device, state, town, signing_key,"
                    " signing_key_id, sealing_key, desk_name, request, package,"
                    " asked_at, last_contact_at) VALUES (:device, 'granted', 't',"
                    " 'AAAA', :device, 'AAAA', 'n', '{}', :package, :device, :at)"
                ),
                {"device": device, "package": package, "at": at},
            )
    engine.dispose()
    sealed = SealedLedger(path)
    newest, oldest = sealed.devices()
    assert (oldest.device, oldest.last_contact_at) == ("a", "then")
    assert (newest.device, newest.last_contact_at) == ("b", None)
    assert sealed.device("b") == newest
    sealed.contacted("b", now=NOON)
    sealed.contacted("b", now=NOON + timedelta(hours=1))
    heard = sealed.device("b")
    assert heard is not None
    assert heard.last_contact_at == "2026-11-25T13:00:00.000Z"
    with sealed._engine.connect() as connection:
        kept = connection.execute(text("SELECT device, package FROM packages")).all()
    assert kept == [("a", "{}")]
    sealed.close()
