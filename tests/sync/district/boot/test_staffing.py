"""The console's program: pages beside the record, and the record kept up to date."""

import asyncio
import socket

import httpx
import pytest
import uvicorn

from schemas.problems import Code, Problem
from sync.district.boot import staffing
from sync.district.boot.district import District
from sync.district.boot.staffing import console_parts, serve_console
from sync.district.console.app import make_console
from tests.support.ledgers import granted, keep
from tests.support.rigs import free_port


def test_without_the_key_that_opens_there_is_no_console(district: District) -> None:
    """Pages that show an ever older record would be worse than none."""
    (district.places.reconcile / "opening.key").unlink()
    with pytest.raises(Problem) as refused:
        serve_console(district, host="127.0.0.1", port=free_port())
    assert refused.value.code is Code.OPENING_KEY_MISSING


def test_an_address_that_is_taken_is_said_before_anything_begins(
    district: District,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Problem) as refused:
            serve_console(district, host="127.0.0.1", port=taken.getsockname()[1])
    assert refused.value.code is Code.ADDRESS_IN_USE


def test_the_pages_work_on_this_districts_own_record(district: District) -> None:
    parts = console_parts(district)
    assert (parts.record, parts.sealed) == (district.record, district.sealed)
    assert parts.charter == district.charter
    offset = parts.now().utcoffset()
    assert offset is not None
    assert not offset


async def test_what_intake_kept_is_filed_while_pages_are_served(
    district: District, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = granted(district.sealed)
    keep(district.sealed, desk.batch(1, 3, to=district.keys.opening.public))
    port = free_port()
    config = uvicorn.Config(
        make_console(console_parts(district)), host="127.0.0.1", port=port,
        log_level="error",
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(staffing._console(district, server, "here"))
    while district.sealed.unopened() or "here" not in capsys.readouterr().out:
        await asyncio.sleep(0)
        assert not serving.done()
    async with httpx.AsyncClient(trust_env=False) as client:
        page = await client.get(f"http://127.0.0.1:{port}/", follow_redirects=True)
    server.should_exit = True
    await serving

    assert page.status_code == 200
    head = district.record.chain(desk.device, 1)
    assert head is not None
    assert (head.sequence, head.chain) == (3, desk.head(3).chain)
