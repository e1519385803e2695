"""The line's screen: where the conversation stands, or the way to a district."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_app.services import fresh_keys
from desk_app.services.desk import Desk
from desk_app.services.syncing import keys_of
from schemas.encoding import base64_text
from sync.district.ledger.device_keys import Place
from sync.seal.keys import SigningKey
from tests.support.headless import a_headless_window
from tests.support.rigs import Island, a_desk, an_island, known_by, take_case

ITEM = "HY12-01"


async def test_it_says_what_waits_and_after_sending_that_nothing_does(
    desk: Desk,
) -> None:
    take_case(desk, ITEM, seed=71)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        waiting = desk.sync_status().waiting
        await seen.until_shown(f"待发送 {waiting} 条", "最早一条等待自")
        await seen.press("立即发送")
        await seen.until_shown("待发送 0 条", "已发送")
        assert "最早一条等待自" not in seen.texts()


async def test_both_fingerprints_are_shown_to_be_read_out(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        await seen.until_shown(
            f"本机指纹：{desk.fingerprint()}",
            f"区级指纹：{desk.district_fingerprint()}",
        )


async def test_a_desk_alone_is_offered_the_ways_to_enrol_and_no_stick(
    tmp_path: Path,
) -> None:
    desk = a_desk(tmp_path / "desk")
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        await seen.until_shown("区级地址", "注册码", "批准文件路径", desk.fingerprint())
        assert "优盘" not in seen.texts()
        await seen.type("批准文件路径", str(tmp_path / "none.json"))
        await seen.press("使用批准文件")
        await seen.until_shown("none.json", "[")
        await seen.type("区级地址", "https://localhost:1")
        await seen.type("注册码", "AAAA-BBBB")
        await seen.press("提交注册")
        await seen.until_shown("[")
        # What was typed stays: a line that is down is no reason to type it again.
        assert seen.field("区级地址").value == "https://localhost:1"
    desk.lock()


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    """A desk of this test's own: its keys are asked for."""
    with an_island(tmp_path) as made:
        yield made


async def test_a_desk_whose_key_is_retired_is_told_what_to_do_and_asks(
    island: Island,
) -> None:
    """The fingerprint to read out stands there until the district has decided."""
    desk, sealed = island.desk, island.district.sealed
    (known,) = sealed.devices()
    following, now = SigningKey.generate(), desk.place.hands.now()
    sealed.keys.offer(
        known.device, signing_key=base64_text(following.public),
        sealing_key=base64_text(known.sealing_public), now=now,
    )  # fmt: skip
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        await seen.until_shown("立即发送")
        assert "申请启用新密钥" not in seen.texts()
        sealed.keys.in_use(following.key_id, up_to=Place(1, 0), now=now)
        await seen.press("立即发送")
        await seen.until_shown("[320]", "打电话把显示的指纹念给区级")
        await seen.press("申请启用新密钥（主管）")
        await seen.until(lambda: fresh_keys.asked(desk.place))
        request = fresh_keys.asked(desk.place)
        assert request is not None
        mark = fresh_keys.asked_fingerprint(request)
        await seen.until_shown(f"新密钥指纹：{mark}", "等待区级批准")
        await seen.until(sealed.keys_requests.pending)


async def test_a_desk_that_the_district_forgot_shows_who_it_is(island: Island) -> None:
    """Its keys stay; and where the district knows it after all, nothing is asked."""
    desk, sealed = island.desk, island.district.sealed
    own = keys_of(desk.place).signing
    known_by(island.district, SigningKey.generate())
    async with a_headless_window(desk) as seen:
        await seen.shell.go("sync")
        await seen.press("立即发送")
        await seen.until_shown("[300]", "多半是区级换回了旧备份")
        await seen.press("请区级重新认可（主管）")
        await seen.until_shown(f"本机指纹：{desk.fingerprint()}", "已出示")
        await seen.until(sealed.keys_requests.pending)
        assert keys_of(desk.place).signing == own
        known_by(island.district, own)
        await seen.press("立即发送")
        await seen.until(lambda: fresh_keys.asked(desk.place) is None)
