"""Freeze a released version (`python -m tools.make_golden 0.1.0`).

Its files and wire bytes go to `tests/golden/VERSION`.
Run once at a release, from its own commit, into `tests/golden/VERSION`; never again.
Every later version must open what it finds there (P10). The keys and passphrases in it
are made for this and open nothing else. Two items of the catalogue keep it small.
"""

import asyncio
import contextlib
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from desk_app.boot.hands import real_hands
from desk_app.services import sticks
from desk_app.services.desk import Desk
from desk_app.services.enrolling import PROGRAM, carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from schemas.case import Granted, Received, ReturnedForCorrection
from sync.district.boot.district import District
from sync.district.boot.intake import intake_parts
from sync.district.intake.sticks import take_stick
from sync.district.reconcile import approving
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from sync.protocol import paths
from sync.seal.batches import close_batch
from sync.seal.requests import Target, sign_request
from sync.stick.stick import Stick
from tests.support.rigs import PASSPHRASE, a_desk, a_district, enrol, take_case

ROOT = Path(__file__).parent.parent
ITEMS = ("HY01-02", "HY12-01")


def now() -> datetime:
    return datetime.now(UTC)


@contextlib.contextmanager
def few_items(folder: Path) -> Iterator[str]:
    """Let the district grant a catalogue of two items; yields the edition's text."""
    shipped = ROOT / "assets" / "catalogue"
    shutil.copytree(shipped, folder / "catalogue")
    edition = json.loads((shipped / "edition-1.json").read_text("utf-8"))
    # Texts that no program reads by name; the rest keeps the file small.
    edition["reference"], edition["about"] = {}, {}
    edition["items"] = [item for item in edition["items"] if item["code"] in ITEMS]
    text = json.dumps(edition, ensure_ascii=False, separators=(",", ":"))
    (folder / "catalogue" / "edition-1.json").write_text(text, "utf-8")
    with mock.patch.object(approving, "files", return_value=folder):
        yield text


def sync(desk: Desk) -> None:
    report = asyncio.run(desk.sync(impatient=True))
    if report.problem is not None:
        sys.exit(f"the desk could not sync: {report.problem!r}")


def reconcile(district: District) -> None:
    report = reconcile_once(district.sealed, district.record, district.keys, now=now())
    if report.waiting or report.set_aside:
        sys.exit(f"the district could not file: {report}")


def take(desk: Desk, code: str, *, seed: int) -> str:
    """Take a case and print no receipt: PDFs would be most of a small file."""
    with mock.patch.object(Desk, "receipt_pdf", return_value=b""):
        return take_case(desk, code, seed=seed)


def live(desk: Desk, district: District) -> dict[str, object]:
    """Let a few cases get to every place that a case can be in."""
    record = district.record
    decided = take(desk, "HY01-02", seed=1)
    returned = take(desk, "HY12-01", seed=2)
    sync(desk)
    reconcile(district)
    received = Received(official_number="示0001")
    answer_case(record, decided, received, by="区审核", now=now())
    lacking = ReturnedForCorrection(what_is_missing=("渔捞日志",), reason="材料不全")
    answer_case(record, returned, lacking, by="区审核", now=now())
    reconcile(district)
    sync(desk)
    # At the district, not yet fetched.
    granted = Granted(licence_number="(示)证第0001号")
    answer_case(record, decided, granted, by="区审核", now=now())
    reconcile(district)
    # In a batch that was written down and never sent.
    in_flight = take(desk, "HY12-01", seed=3)
    port, keys = VaultPort(desk.place), keys_of(desk.place)
    run = port.pending_run()
    if run is None:
        sys.exit("nothing to seal")
    port.save_batch(
        close_batch(
            run, recipient=keys.district_sealing, signing=keys.signing, now=now()
        )
    )
    return {"decided": decided, "returned": returned, "in_flight": in_flight}


def live_on(desk: Desk, returned: str) -> dict[str, object]:
    """Let there be entries that are in no batch yet, and a draft."""
    draft = desk.correction_draft(returned)
    desk.resubmit(draft, "已补交渔捞日志")
    waiting = take(desk, "HY01-02", seed=4)
    desk.new_draft("HY12-01")
    return {"waiting": waiting, "drafts": 1}


def wire(desk: Desk, district: District, target: Path) -> None:
    """Keep the bytes of one conversation: what goes out, what comes back."""
    target.mkdir()
    keys = keys_of(desk.place)
    batch = VaultPort(desk.place).open_batch()
    if batch is None:
        sys.exit("no batch in flight")
    (target / "batch.bin").write_bytes(batch.raw)
    signed = sign_request(
        Target("GET", paths.FEED, "after=0"),
        b"",
        key=keys.signing,
        nonce=real_hands().random_bytes(12).hex(),
        now=now(),
    )
    request = {"path": f"{paths.FEED}?after=0", "headers": dict(signed)}
    (target / "feed-request.json").write_text(json.dumps(request, indent=1))
    receipted = sqlite3.connect(district.places.sealed)
    raw, receipt = receipted.execute("SELECT raw, receipt FROM batches").fetchone()
    receipted.close()
    (target / "receipted-batch.bin").write_bytes(raw)
    (target / "receipt.json").write_text(receipt, "utf-8")

    async def page() -> str:
        carrier = carrier_of(desk.place)
        try:
            return (await carrier.feed(0)).model_dump_json(indent=1)
        finally:
            await carrier.close()

    (target / "feed-page.json").write_text(asyncio.run(page()), "utf-8")
    (target / "contact-answer.json").write_text(asyncio.run(greeting(desk)), "utf-8")
    stick(desk, district, target / "stick")
    with desk.place.vault.read() as tx:
        seed = tx.row("SELECT value FROM settings WHERE name = 'sealing_key'")
        signing = tx.row("SELECT value FROM settings WHERE name = 'signing_key'")
    (target / "throw-away-keys.json").write_text(
        json.dumps(
            {
                "sealing_key": str(seed[0]) if seed else "",
                "signing_key": str(signing[0]) if signing else "",
            },
            indent=1,
        )
    )


async def greeting(desk: Desk) -> str:
    """Return what a district answers to a greeting."""
    contact = VaultPort(desk.place).next_contact()
    carrier = carrier_of(desk.place)
    try:
        answer = await carrier.contact(contact)
    finally:
        await carrier.close()
    if answer is None:
        sys.exit("the district does not greet")
    return answer.model_dump_json(indent=1)


def stick(desk: Desk, district: District, target: Path) -> None:
    """Keep a stick on its way back: out, taken in, answered, not taken back."""
    target.mkdir()
    sticks.export(desk.place, target)
    _, parts = intake_parts(district.places.home)
    take_stick(parts, Stick(target))
    parts.ledger.close()


def settle(path: Path) -> None:
    """Bring a SQLite file's log into it, and shrink it."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("VACUUM")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def freeze(version: str) -> Path:
    target = ROOT / "tests" / "golden" / version
    if target.exists():
        sys.exit(f"{version} is frozen already")
    if not PROGRAM.endswith(version):
        sys.exit(f"this program is {PROGRAM}")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with (
            few_items(folder / "assets") as edition,
            a_district(folder / "district") as (district, url),
        ):
            desk = a_desk(folder / "desk")
            enrol(desk, district, url)
            expected = live(desk, district)
            target.mkdir(parents=True)
            wire(desk, district, target / "wire")
            expected |= live_on(desk, str(expected["returned"]))
            with desk.place.vault._lock:  # noqa: SLF001 - a file at rest, compact
                desk.place.vault._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # noqa: SLF001
                desk.place.vault._connection.execute("VACUUM")  # noqa: SLF001
            desk.lock()
        for half in (district.places.sealed, district.places.record):
            settle(half)
        (target / "edition.json").write_text(edition, "utf-8")
        expected["program"] = PROGRAM
        expected["login"], expected["passphrase"] = "lin", PASSPHRASE
        (target / "expected.json").write_text(
            json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
        archive(folder, target)
    return target


def archive(folder: Path, target: Path) -> None:
    """Pack both homes: a vault does not shrink, a ledger does."""
    for home in ("desk", "district"):
        for left in (folder / home).rglob("*"):
            if left.name.endswith(("-wal", "-shm")):
                left.unlink()
        shutil.make_archive(str(target / home), "zip", folder / home)


if __name__ == "__main__":
    print(freeze(sys.argv[1]))
