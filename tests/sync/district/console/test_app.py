"""The console in a real browser: sign in, look at a case, return it, decide another."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from playwright.sync_api import sync_playwright

from schemas.case import CaseState
from sync.district.boot.district import add_staff, utc_now
from sync.district.boot.staffing import console_parts
from sync.district.console.app import make_console
from sync.district.reconcile.filing import reconcile_once
from tests.support.faults import received_again
from tests.support.rigs import Island, an_island, free_port, take_case

PICTURES = Path(__file__).parents[4] / "build" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSPHRASE = "reviewer passphrase"


@contextmanager
def _console(island: Island) -> Iterator[str]:
    district = island.district
    add_staff(
        district, login="reviewer", name="区审核", role="administrator",
        passphrase=PASSPHRASE,
    )  # fmt: skip
    parts = console_parts(district)
    port = free_port()
    config = uvicorn.Config(make_console(parts), port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def _there_and_filed(island: Island) -> None:
    asyncio.run(island.desk.sync(impatient=True))
    district = island.district
    reconcile_once(district.sealed, district.record, district.keys, now=utc_now())


def test_a_reviewer_returns_one_case_and_grants_another(tmp_path: Path) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with an_island(tmp_path) as island, _console(island) as url:
        first = take_case(island.desk, "HY01-02", seed=0)
        second = take_case(island.desk, "HY05-01", seed=1)
        received_again(island, first, as_number=first)
        _there_and_filed(island)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path="/usr/bin/chromium", args=FLAGS
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(url)
            page.screenshot(path=PICTURES / "console-sign-in.png")
            page.fill("input[name=login]", "reviewer")
            page.fill("input[name=passphrase]", PASSPHRASE)
            page.press("input[name=passphrase]", "Enter")
            page.wait_for_selector(".cards")
            page.screenshot(path=PICTURES / "console-home.png")
            page.goto(f"{url}/cases?text={first}")
            page.screenshot(path=PICTURES / "console-cases.png")
            page.click(f"text={first}")
            page.screenshot(path=PICTURES / "console-case.png", full_page=True)
            returning = page.locator("form", has=page.locator("textarea[name=missing]"))
            returning.locator("textarea[name=missing]").fill("渔捞日志\n船舶照片")
            returning.locator("input[name=reason]").fill("材料不全")
            returning.locator("button").click()
            page.wait_for_selector("text=渔捞日志")
            page.goto(f"{url}/cases/{second}")
            page.fill("input[name=licence]", "(示)证第0002号")
            page.press("input[name=licence]", "Enter")
            page.wait_for_selector("text=(示)证第0002号")
            page.goto(f"{url}/devices")
            page.screenshot(path=PICTURES / "console-devices.png", full_page=True)
            page.goto(f"{url}/publish")
            page.fill("textarea[name=text]", "台风将至，午后停办")
            page.locator("form", has=page.locator("textarea[name=text]")).locator(
                "button"
            ).click()
            page.wait_for_selector("text=已送达，尚未答复")
            page.screenshot(path=PICTURES / "console-publish.png", full_page=True)
            page.goto(f"{url}/quarantine")
            page.click(f"text={first}")
            page.wait_for_selector("text=渔捞日志")
            page.go_back()
            page.screenshot(path=PICTURES / "console-quarantine.png", full_page=True)
            browser.close()
        asyncio.run(island.desk.sync(impatient=True))
        assert island.desk.case(first).row.state is CaseState.RETURNED
        assert island.desk.case(second).row.state is CaseState.GRANTED


def test_nothing_is_shown_or_done_without_signing_in(tmp_path: Path) -> None:
    with an_island(tmp_path) as island, _console(island) as url:
        number = take_case(island.desk, "HY12-01", seed=0)
        _there_and_filed(island)
        for path in ("/", "/cases", f"/cases/{number}", "/devices", "/quarantine"):
            answer = httpx.get(url + path, trust_env=False)
            assert answer.status_code == 303, path
        act = {"act": "granted", "licence": "x", "csrf": "guess"}
        httpx.post(f"{url}/cases/{number}", data=act, trust_env=False)
        with httpx.Client(base_url=url, trust_env=False) as client:
            entry = {"login": "reviewer", "passphrase": PASSPHRASE}
            client.post("/sign-in", data=entry)
            bent = client.post(f"/cases/{number}", data=act)
            assert "[357]" in bent.text
            home = client.get("/")
            assert "frame-ancestors 'none'" in home.headers["content-security-policy"]
        wrong = {"login": "reviewer", "passphrase": "not the passphrase"}
        refused = httpx.post(f"{url}/sign-in", data=wrong, trust_env=False)
        assert "[352]" in refused.text
        filed = island.district.record.case(number)
        assert filed is not None
        assert filed.state == CaseState.RECEIVED
