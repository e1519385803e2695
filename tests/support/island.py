"""One enrolled desk for the screens' tests; each test begins locked."""

from collections.abc import Iterator

import pytest

from desk_app.services.desk import Desk
from tests.support.putting_back import settle
from tests.support.rigs import PASSPHRASE, Island, an_island


@pytest.fixture(scope="session")
def the_island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with an_island(tmp_path_factory.mktemp("island")) as island:
        island.desk.add_operator(
            login="chen", name="陈窗口", role="clerk", passphrase=PASSPHRASE,
            own=PASSPHRASE,
        )  # fmt: skip
        yield island


@pytest.fixture
def island(the_island: Island) -> Iterator[Island]:
    """The desk with nobody's drafts, and the supervisor at it."""
    desk = the_island.desk
    desk.unlock("lin", PASSPHRASE)
    for draft in desk.drafts():
        desk.discard_draft(draft.draft_id, "测试之间清理")
    yield the_island
    # Another test may leave the desk locked, and the rig ends it unlocked.
    desk.unlock("lin", PASSPHRASE)
    if desk.sync_status().scans_waiting:
        # A scan takes more rounds than the one that other tests talk for.
        settle(desk, the_island.district)


@pytest.fixture
def desk(island: Island) -> Desk:
    return island.desk
