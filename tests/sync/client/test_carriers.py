"""What a carrier is: the verbs, and that the one over HTTPS has each as it is asked."""

import inspect

import pytest

from sync.client.carriers import Carrier
from sync.client.http import HttpCarrier

VERBS = [name for name in vars(Carrier) if not name.startswith("_")]


@pytest.mark.parametrize("verb", VERBS)
def test_a_carrier_can_be_asked_for_each_verb_as_the_port_says(verb: str) -> None:
    asked = inspect.signature(getattr(Carrier, verb))
    has = inspect.signature(getattr(HttpCarrier, verb))
    assert inspect.iscoroutinefunction(getattr(HttpCarrier, verb))
    for name, parameter in asked.parameters.items():
        assert has.parameters[name].kind is parameter.kind, name
        assert has.parameters[name].default == parameter.default, name
    more = set(has.parameters) - set(asked.parameters)
    assert all(has.parameters[n].default is not inspect.Parameter.empty for n in more)


def test_a_carrier_has_nothing_that_lets_go_of_anything() -> None:
    """It brings what was said; only the receipt's signature releases (P6)."""
    assert set(VERBS) == {"contact", "upload", "push", "held_pieces", "feed"}
