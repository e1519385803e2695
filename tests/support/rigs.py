"""A real district on loopback and a real desk in a folder, for journeys."""

import asyncio
import dataclasses
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from schemas.case import MaterialTaken
from schemas.encoding import base64_text
from sync.district.boot.district import (
    District,
    NewDistrict,
    init,
    open_district,
)
from sync.district.boot.intake import intake_parts, served_intake
from sync.district.reconcile.approving import approve, invite
from sync.seal.keys import SigningKey
from tools.sample_cases import sample_applicant, sample_form, sample_materials

NANRI = "350305107"
PASSPHRASE = "correct horse battery staple"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, port: int) -> Iterator[None]:
    """Serve intake over TLS in a thread until the block ends."""
    where, parts = intake_parts(home)
    config = served_intake(where, parts, host="127.0.0.1", port=port)
    config.log_level = "error"
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    limit = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < limit, "intake did not start"
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        parts.ledger.close()


@dataclass(frozen=True)
class Island:
    """A desk and its district, joined by a real line."""

    desk: Desk
    district: District
    url: str


@contextmanager
def a_district(home: Path) -> Iterator[tuple[District, str]]:
    """Make and serve a district."""
    port = free_port()
    url = f"https://localhost:{port}"
    init(home, NewDistrict("350305", "秀屿区（示例）", url))
    district = open_district(home)
    with serving(home, port):
        yield district, url
    district.sealed.close()
    district.record.close()


def a_desk(home: Path) -> Desk:
    """Set up and unlock a desk of Nanri."""
    return a_desk_and_its_paper(home)[0]


def a_desk_and_its_paper(home: Path) -> tuple[Desk, str]:
    """Set up and unlock a desk of Nanri; the recovery key is shown this once."""
    desk = Desk(places(home), real_hands())
    recovery = desk.set_up(
        desk_name="南日镇一号窗口",
        town=NANRI,
        login="lin",
        name="林窗口",
        passphrase=PASSPHRASE,
    )
    desk.unlock("lin", PASSPHRASE)
    return desk, recovery


def enrol(desk: Desk, district: District, url: str, *, terminal: str = "01") -> None:
    """Join a desk to its district by a code, as people would."""
    now = datetime.now(UTC)
    secret = real_hands().random_bytes(10)
    code, _ = invite(
        district.sealed, district.charter, secret=secret, town=NANRI,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    assert asyncio.run(desk.enrol_with_code(url, code)) == "pending"
    pending = [each for each in district.sealed.devices() if each.state == "pending"]
    approve(
        district.sealed, district.charter, district.keys, device=pending[0].device,
        terminal=terminal, now=now,
    )  # fmt: skip
    assert asyncio.run(desk.poll_grant()) == "granted"


def known_by(district: District, key: SigningKey) -> None:
    """Let the district know its one desk by a key, as an older backup of it would."""
    with sqlite3.connect(district.places.sealed) as rows:
        rows.execute(
            "UPDATE devices SET signing_key = ?, signing_key_id = ?",
            (base64_text(key.public), key.key_id),
        )


@contextmanager
def an_island(folder: Path) -> Iterator[Island]:
    """A desk enrolled with a served district."""
    with a_district(folder / "district") as (district, url):
        desk = a_desk(folder / "desk")
        try:
            enrol(desk, district, url)
            yield Island(desk, district, url)
        finally:
            desk.lock()


def take_case(desk: Desk, code: str, *, seed: int) -> str:
    """Take one invented application of an item; returns its number."""
    return desk.receive_case(finished(desk, code, seed=seed)).number


def finished(desk: Desk, code: str, *, seed: int) -> str:
    """Fill in one invented application of an item; returns its draft's id."""
    edition = desk.edition()
    item = edition.item(code)
    assert item is not None
    draft = desk.new_draft(code)
    draft = dataclasses.replace(
        draft,
        applicant=sample_applicant(item, seed=seed),
        form=sample_form(item, edition, seed=seed),
        materials=tuple(
            MaterialTaken.model_validate(each) for each in sample_materials(item)
        ),
    )
    report = desk.check(draft)
    assert report.can_accept, [(f.field, f.code) for f in report.faults if f.blocks]
    desk.save_draft(draft)
    return draft.draft_id
