"""Somebody of the district's staff at the console, by its forms."""

from dataclasses import dataclass

from fastapi.testclient import TestClient

from sync.district.boot.district import add_staff, utc_now
from sync.district.boot.staffing import console_parts
from sync.district.console.app import make_console
from sync.district.reconcile.filing import ReconcileReport, reconcile_once
from tests.support.rigs import Island

PASSPHRASE = "reviewer passphrase"


@dataclass(frozen=True)
class Staff:
    """Somebody at the console."""

    island: Island
    browser: TestClient

    def post(self, path: str, *, file: str | None = None, **fields: str) -> str:
        """Send a form of this session; returns the page that follows."""
        page = self.browser.get("/publish").text
        csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
        sent = {"file": ("given.json", file.encode())} if file is not None else None
        return self.browser.post(path, data={"csrf": csrf, **fields}, files=sent).text

    def page(self, path: str) -> str:
        """Return a page as text."""
        return self.browser.get(path).text


def at_the_console(island: Island, login: str, role: str) -> Staff:
    """Let somebody in, and sign them in."""
    add_staff(
        island.district, login=login, name=login, role=role, passphrase=PASSPHRASE
    )
    browser = TestClient(make_console(console_parts(island.district)))
    browser.post("/sign-in", data={"login": login, "passphrase": PASSPHRASE})
    return Staff(island, browser)


def reconcile(island: Island) -> ReconcileReport:
    """Let the district open, file and answer what it has."""
    district = island.district
    return reconcile_once(
        district.sealed, district.record, district.keys, now=utc_now()
    )
