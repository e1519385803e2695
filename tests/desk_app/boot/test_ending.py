"""How the window ends: nothing typed is lost, and no cross is pressed in vain."""

import subprocess
import sys
import threading
import time

import pytest

from desk_app.boot.ending import Ending, client_of_mine, end_with_me
from desk_app.services.desk import Desk
from schemas.problems import Code, Problem
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import PASSPHRASE


async def type_an_address(seen: Seen, text: str) -> None:
    await seen.shell.go("new")
    await seen.type("查找事项", "HY1201", enter=True)
    await seen.until_shown("申请人类型")
    await seen.type("住址", text)


def is_gone(seen: Seen) -> bool:
    return "destroy" in seen.asked_of(seen.shell.page.window)


def kept_address(desk: Desk) -> str:
    desk.unlock("lin", PASSPHRASE)
    (row,) = desk.drafts()
    return desk.draft(row.draft_id).applicant["address"]


async def test_the_cross_keeps_what_was_typed_a_moment_ago(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        Ending(seen.shell.page, seen.shell).watch()
        await type_an_address(seen, "南日镇山初村")
        await seen.close()
        await seen.until(lambda: is_gone(seen))
        assert desk.session is None
    assert kept_address(desk) == "南日镇山初村"


async def test_a_signal_keeps_what_was_typed_a_moment_ago(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await type_an_address(seen, "南日镇东岱村")
        await Ending(seen.shell.page, seen.shell).by_signal()
        assert is_gone(seen)
        assert desk.session is None
    assert kept_address(desk) == "南日镇东岱村"


async def test_only_a_screen_that_holds_something_is_asked_before_it_closes(
    desk: Desk,
) -> None:
    """Elsewhere the cross works without us, were we ever to hang."""
    async with a_headless_window(desk) as seen:
        window = seen.shell.page.window
        await seen.shell.go("board")
        assert not window.prevent_close
        await type_an_address(seen, "南日镇沙洋村")
        assert window.prevent_close
        await seen.shell.go("board")
        assert not window.prevent_close


async def test_a_locked_window_closes(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        Ending(seen.shell.page, seen.shell).watch()
        await type_an_address(seen, "南日镇")
        await seen.key("F12")
        await seen.until_shown("登录名")
        await seen.close()
        await seen.until(lambda: is_gone(seen))


async def test_what_cannot_be_kept_is_said_and_a_second_press_closes(
    desk: Desk,
) -> None:
    async def disk_is_full() -> None:
        raise Problem(Code.DISK_FULL)

    async with a_headless_window(desk) as seen:
        Ending(seen.shell.page, seen.shell).watch()
        await seen.shell.go("board")
        seen.shell.before_leaving(disk_is_full)
        await seen.close()
        await seen.until_shown("[1100]", "407", "半分钟内再关一次")
        assert not is_gone(seen)
        assert desk.session is not None
        await seen.close()
        await seen.until(lambda: is_gone(seen))


async def test_a_vault_that_somebody_holds_delays_the_end_no_longer_than_the_limit(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        Ending(seen.shell.page, seen.shell, may_take_s=0.05).watch()
        await type_an_address(seen, "南日镇罗盘村")
        held, let_go = threading.Event(), threading.Event()

        def hold() -> None:
            with desk.place.vault.read():
                held.set()
                let_go.wait(20)

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait(20)
        await seen.close()
        await seen.until(lambda: is_gone(seen))
        let_go.set()
        holder.join(20)
        await seen.until(lambda: desk.session is None)
    # The threads went on when they could: what was typed is there all the same.
    assert kept_address(desk) == "南日镇罗盘村"


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the client of other platforms stays"
)
def test_the_client_does_not_outlive_a_program_that_was_killed() -> None:
    client = subprocess.Popen(["sleep", "60"])
    (leash,) = end_with_me(client_of_mine("sleep"))
    assert client.poll() is None
    assert leash.stdin is not None
    # What the kernel does for a program that was killed.
    leash.stdin.close()
    assert client.wait(timeout=20) < 0
    assert leash.wait(timeout=20) >= 0


def test_nobody_elses_program_is_ended() -> None:
    before = time.monotonic()
    assert client_of_mine("no-such-program") == []
    assert time.monotonic() - before < 5
