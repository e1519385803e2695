"""One enrolled desk for a module's tests, without a line; each begins on a Monday."""

from collections.abc import Iterator

import pytest

from desk_app.services.desk import Desk
from desk_app.services.hands import Workplace
from tests.support.counter import MONDAY, Counter, a_counter


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with a_counter(tmp_path_factory.mktemp("counter")) as counter:
        yield counter


@pytest.fixture
def counter(made: Counter) -> Counter:
    """The counter on a Monday morning, and a supervisor at it."""
    made.watch.now = MONDAY
    session = made.desk.session
    if session is None or session.login != "lin":
        made.as_("lin")
    return made


@pytest.fixture
def desk(counter: Counter) -> Desk:
    return counter.desk


@pytest.fixture
def place(counter: Counter) -> Workplace:
    return counter.place
