"""What travels: 1,000 cases and 5 MB of scans over bad lines, beside two rivals.

`python -m bench line` runs every scene, `python -m bench line/NAME` one of them. The
cases are invented with the variety of real ones (tools.varied_cases), of seeds that
the dictionary was not trained on, and travel from a real vault to a real intake by TLS.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import zstandard
from PIL import Image

from bench import rivals
from bench.travel import HEADER, Travel, a_line
from desk_app.services import attaching, journalling
from desk_app.store import settings
from schemas.case import CaseReceived
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import Island, an_island, take_case
from tools.train_dictionary import read_edition
from tools.varied_cases import Varied

CASES: Final = 1000
SEED: Final = 70_001
KBIT: Final = 256
RTT_S: Final = 0.6
ISLAND_LINE: Final = ("--kbit", str(KBIT), "--rtt-ms", str(RTT_S * 1000))
MOST_ROUNDS: Final = 400
# Where a line is cut is chance: a line met for the first time is met five times.
CUT_SEEDS: Final = (1, 2, 3, 4, 5)
_ON_THE_LINE: Final = KBIT * 1000 / 8 * RTT_S / 2


def write_cases(island: Island, count: int, *, seed: int) -> list[bytes]:
    """Put so many invented cases into the desk's journal; returns their entries."""
    edition = read_edition()
    varied = Varied(edition, seed=seed)
    place = island.desk.place
    written = []
    with place.vault.write() as tx:
        for _ in range(count):
            number, application, _ = varied.received(varied.dice.choice(edition.items))
            body = CaseReceived.model_validate(
                {
                    "number": number,
                    "received_at": varied.now,
                    "application": application,
                }
            )
            kept = journalling.append(tx, place, body, number=number)
            written.append(kept.entry)
    return written


def at_once(entries: list[bytes]) -> int:
    """Return the practical limit: zstd-19 of all of them in one frame."""
    return len(zstandard.ZstdCompressor(level=19).compress(b"\n".join(entries)))


def send(island: Island, who: str, *line: str) -> Travel:
    """Let the desk send all that waits over a line, however often it must try."""
    travel = Travel(who)
    desk = island.desk
    port = int(island.url.rsplit(":", 1)[1])
    with a_line(port, *line) as running:
        _point(island, f"https://localhost:{running.port}")
        began, cpu = time.monotonic(), time.process_time()
        for _ in range(MOST_ROUNDS):
            travel.tries += 1
            report = asyncio.run(desk.sync(impatient=True))
            status = desk.sync_status()
            if report.problem is None and not status.waiting:
                travel.done = not status.scans_waiting
                break
        travel.seconds = time.monotonic() - began
        travel.cpu = time.process_time() - cpu
    _point(island, island.url)
    travel.line = running.carried
    travel.note = f"  {running.carried['connections']} connections"
    return travel


def _point(island: Island, url: str) -> None:
    with island.desk.place.vault.write() as tx:
        settings.put(tx, "district_url", url)


def _bar(what: str, value: float, limit: float) -> str:
    return (
        f"{what}: {value:.3f} (bar {limit:g}) {'met' if value <= limit else 'MISSED'}"
    )


def _documents(entries: list[bytes]) -> list[bytes]:
    return list(entries)


def _lost(travel: Travel, size: int) -> str:
    """Say what the meter bills beside: what was in flight at each cut."""
    each = (travel.sent - travel.arrived) / max(1, travel.line["cuts"])
    return (
        f"arrived ÷ the same: {travel.arrived / size:.3f}; in flight at a cut:"
        f" {each:,.0f} bytes ({_ON_THE_LINE:,.0f} fit on the line)"
    )


def island_line(folder: Path) -> Iterator[str]:
    """A thousand cases at 256 kbit/s and 600 ms, never cut."""
    with an_island(folder) as island:
        entries = write_cases(island, CASES, seed=SEED)
        limit = at_once(entries)
        size = sum(map(len, entries))
        yield f"{CASES} cases, JSON {size:,}; zstd-19 at once {limit:,}"
        ours = send(island, "ours, uncut", *ISLAND_LINE)
        yield ours.row()
        yield _bar("bytes ÷ zstd-19", ours.sent / limit, 1.15)
        ideal = ours.sent * 8 / (KBIT * 1000)
        budget = 1.2 * ideal + 4 * RTT_S
        yield _bar(
            "seconds ÷ (1.2 × bytes/bandwidth + 4 RTT)", ours.seconds / budget, 1
        )


def beside_rivals(folder: Path) -> Iterator[str]:
    """The same thousand cases by the rivals, on the same line."""
    with an_island(folder) as island:
        entries = write_cases(island, CASES, seed=SEED)
        ours = send(island, "ours, uncut", *ISLAND_LINE)
        yield ours.row()
        if rivals.install():
            theirs = rivals.pouchdb(_documents(entries), *ISLAND_LINE)
            yield theirs.row() + _ratio(ours, theirs)
        charter = island.district.charter
        post = rivals.one_post_each(
            _documents(entries), folder / "district" / "intake", charter.ca_pem,
            *ISLAND_LINE,
        )  # fmt: skip
        yield post.row() + _ratio(ours, post)


def _ratio(ours: Travel, theirs: Travel) -> str:
    return (
        f"  ours: {ours.sent / theirs.sent:.3f} × bytes,"
        f" {ours.seconds / theirs.seconds:.3f} × time"
    )


def cut_30_to_90(folder: Path) -> Iterator[str]:
    """Cut every 30 to 90 KB: ours against itself uncut, and PouchDB."""
    cuts = (*ISLAND_LINE, "--cut-bytes", "30000-90000")
    with an_island(folder / "whole") as island:
        entries = write_cases(island, CASES, seed=SEED)
        whole = send(island, "ours, uncut", *ISLAND_LINE)
        yield whole.row()
    yield from _met_for_the_first_time(folder, whole, *cuts)
    known = []
    for name, line in (("uncut", ISLAND_LINE), ("cut every 30-90 KB", cuts)):
        with an_island(folder / f"known-{len(known)}") as island:
            write_cases(island, CASES // 4, seed=SEED + 2)
            yield send(island, "ours, 250 before on this line", *cuts).row()
            entries = write_cases(island, CASES, seed=SEED)
            known.append(send(island, f"ours, {name}, after those", *line))
            yield known[-1].row()
    yield _bar("a line that it knows: sent ÷ our uncut bytes",
               known[1].sent / known[0].sent, 1.1)  # fmt: skip
    yield _lost(known[1], known[0].sent)
    if rivals.install():
        theirs = rivals.pouchdb(_documents(entries), *cuts, most_tries=12, most_s=240)
        yield theirs.row()


def _met_for_the_first_time(folder: Path, whole: Travel, *line: str) -> Iterator[str]:
    """A desk that knows nothing of such a line: five desks, the median of them."""
    firsts = []
    for seed in CUT_SEEDS:
        with an_island(folder / f"cut-{seed}") as island:
            write_cases(island, CASES, seed=SEED)
            name = f"ours, cut every 30-90 KB, line {seed}"
            firsts.append(send(island, name, *line, "--seed", str(seed)))
            yield firsts[-1].row()
    firsts.sort(key=lambda travel: travel.sent)
    middle = firsts[len(firsts) // 2]
    yield _bar("a line that it meets for the first time: sent ÷ our uncut bytes",
               middle.sent / whole.sent, 1.1)  # fmt: skip
    best, worst = firsts[0].sent / whole.sent, firsts[-1].sent / whole.sent
    yield f"that is the median; the best and the worst: {best:.3f}, {worst:.3f}"
    yield _lost(middle, whole.sent)


def cut_4_kb(folder: Path) -> Iterator[str]:
    """Cut every 4 KiB, both directions together: it still ends."""
    with an_island(folder) as island:
        write_cases(island, CASES, seed=SEED)
        travel = send(
            island, "ours, cut every 4 KiB",
            "--kbit", "2000", "--rtt-ms", "20", "--cut-bytes", "4096",
        )  # fmt: skip
        yield travel.row()
        yield f"ended: {'yes' if travel.done else 'NO'}"


def on_a_full_vault(folder: Path) -> Iterator[str]:
    """A hundred more cases where 10 MB were sent before."""
    with an_island(folder) as island:
        before = write_cases(island, 5200, seed=SEED)
        yield f"vault of {sum(map(len, before)):,} bytes of entries"
        first = send(island, "ours, what was before (good line)")
        yield first.row()
        entries = write_cases(island, 100, seed=SEED + 1)
        limit = at_once(entries)
        more = send(island, "ours, a hundred more", *ISLAND_LINE)
        yield more.row()
        yield f"zstd-19 of the hundred alone {limit:,}"
        yield _bar(
            "bytes ÷ (1.15 × zstd-19 + 2 KB)", more.sent / (1.15 * limit + 2048), 1
        )


def scans(folder: Path) -> Iterator[str]:
    """5 MB of scans, cut every 256 KB."""
    with an_island(folder) as island:
        size = _attach_scans(island)
        send(island, "the list")
        district = island.district
        reconcile_once(
            district.sealed, district.record, district.keys, now=datetime.now(UTC)
        )
        travel = send(
            island, "5 MB of scans, cut every 256 KB", *ISLAND_LINE,
            "--cut-bytes", "262144",
        )  # fmt: skip
        yield travel.row()
        yield _bar("sent ÷ scans", travel.sent / size, 1.05)
        yield _lost(travel, size)


def _attach_scans(island: Island) -> int:
    number = take_case(island.desk, "HY01-02", seed=1)
    dice = random.Random(SEED)  # noqa: S311 - the same scans every time
    size = 0
    while size < 5 * 2**20:
        out = BytesIO()
        dots = Image.frombytes("RGB", (900, 900), dice.randbytes(900 * 900 * 3))
        dots.save(out, "JPEG", quality=80)
        raw = out.getvalue()
        size += len(raw)
        attaching.attach(island.desk.place, number, "id_card", name="scan.jpg", raw=raw)
    return size


SCENES: Final[dict[str, Callable[[Path], Iterator[str]]]] = {
    "island-line": island_line,
    "rivals": beside_rivals,
    "cut-30-90": cut_30_to_90,
    "cut-4": cut_4_kb,
    "full-vault": on_a_full_vault,
    "scans": scans,
}


def run(folder: Path) -> Iterator[str]:
    """Run every scene."""
    yield HEADER
    for name, scene in SCENES.items():
        yield f"- {name}: {(scene.__doc__ or '').strip()}"
        yield from scene(folder / name)
