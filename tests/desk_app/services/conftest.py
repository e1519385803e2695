"""One enrolled desk for a module's tests, without a line; each begins on a Monday."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_app.services.desk import Desk
from desk_app.services.hands import Workplace
from tests.support.counter import MONDAY, Counter, a_counter
from tests.support.put_back import PutBack, a_desk_put_back


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


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Counter]:
    """A counter for one test alone, whose folder may be copied and put back."""
    with a_counter(tmp_path / "desk") as made:
        yield made


@pytest.fixture
def put_back(own: Counter, tmp_path: Path) -> PutBack:
    """It was put back to before its second case."""
    return a_desk_put_back(own, tmp_path)
