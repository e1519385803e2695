"""What the district did not take: a reason, a task, and two ways to end it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_app.services import quarantining
from desk_app.services.desk import Desk
from schemas.problems import Code, Problem
from sync.district.intake import keeping
from sync.district.intake.keeping import IntakeParts
from sync.seal.batches import MAGIC, read_batch
from tests.support.headless import a_headless_window
from tests.support.rigs import an_island, take_case


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk whose first case the district chokes on, alone in quarantine."""
    real = keeping.keep_batch

    def keep(parts: IntakeParts, raw: bytes) -> str:
        header = read_batch(raw).header
        if header.first <= 1 <= header.last and not header.withheld:
            raise Problem(Code.MESSAGE_MALFORMED)
        return real(parts, raw)

    with an_island(tmp_path) as island:
        take_case(island.desk, "HY12-01", seed=1)
        monkeypatch.setitem(keeping.KEEPERS, MAGIC, keep)
        yield island.desk


async def test_it_is_said_everywhere_and_is_a_task_with_its_reason(
    poisoned: Desk,
) -> None:
    async with a_headless_window(poisoned) as seen:
        await seen.shell.go("sync")
        await seen.key("F9")
        await seen.until_shown("隔离的记录", f"[{int(Code.MESSAGE_MALFORMED)}]")
        await seen.until_shown("待处理", "隔离 1")
        await seen.shell.go("board")
        await seen.until_shown("有 1 条记录被隔离")


async def test_it_is_settled_with_words_alone_and_offered_again_by_a_press(
    poisoned: Desk,
) -> None:
    async with a_headless_window(poisoned) as seen:
        await seen.shell.go("sync")
        await seen.key("F9")
        await seen.until_shown("隔离的记录")
        await seen.press("办结")
        await seen.until_shown("[")
        assert len(quarantining.tasks(poisoned.place)) == 1
        await seen.press("重试")
        await seen.until_shown("已重新提交，等待回执")
        await seen.type("处理结果", "已电话核对，改用纸面")
        await seen.press("办结")
        await seen.until(lambda: not quarantining.tasks(poisoned.place))
        await seen.until(lambda: "隔离的记录" not in seen.texts())
