"""Named settings: what was set last is what there is."""

from desk_app.store import settings
from desk_app.store.vault import Transaction


def test_what_was_never_set_is_none_and_an_empty_value_is_not(tx: Transaction) -> None:
    assert settings.get(tx, "desk_phone") is None
    settings.put(tx, "desk_phone", "")
    assert settings.get(tx, "desk_phone") == ""


def test_the_last_value_holds_and_touches_no_other_name(tx: Transaction) -> None:
    settings.put(tx, "device", "a")
    settings.put(tx, "Device", "b")
    settings.put(tx, "device", "渔船")
    assert settings.get(tx, "device") == "渔船"
    assert settings.get(tx, "Device") == "b"


def test_several_are_read_in_the_order_they_were_asked_for(tx: Transaction) -> None:
    settings.put(tx, "town", "350305107")
    settings.put(tx, "terminal", "01")
    asked = settings.several(tx, "terminal", "never set", "town")
    assert asked == ("01", None, "350305107")
