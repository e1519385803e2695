"""Files that become scans: those that can be taken are, and a camera's copy goes."""

import os
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from desk_app.services import attaching, scan_files
from desk_app.services.shown import Draft
from schemas.problems import Code
from schemas.progress import nobody_watches
from tests.support.counter import Counter, refused
from tests.support.pictures import photograph


@pytest.fixture
def draft(counter: Counter) -> Draft:
    return counter.draft()


def _names(counter: Counter, subject: str) -> list[str]:
    return [page.name for page in attaching.pages_of(counter.place, subject)]


def test_files_are_attached_until_the_clerk_stops_them(
    counter: Counter, draft: Draft, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(3)]
    for path in paths:
        path.write_bytes(photograph((50, 50), kind="PNG"))

    def attach(*wanted: Path, stop_at: int = 99) -> int:
        return scan_files.attach_files(
            counter.place, draft.draft_id, "id", wanted,
            progress=lambda done: done < stop_at,
        )  # fmt: skip

    assert attach(*paths, stop_at=2) == 2
    assert _names(counter, draft.draft_id) == ["0.png", "1.png"]
    refused(Code.FILE_NOT_READABLE, attach, tmp_path / "gone.png")
    assert attach() == 0


def test_a_file_that_cannot_be_taken_keeps_no_other_out(
    counter: Counter, draft: Draft, tmp_path: Path
) -> None:
    """Nor does one that has no end, or would fill the memory."""
    good, film, pipe = (tmp_path / name for name in ("a.png", "b.mp4", "c.pipe"))
    good.write_bytes(photograph((50, 50), kind="PNG"))
    with film.open("wb") as out:
        out.truncate(2**30)
    os.mkfifo(pipe)

    def attach(*wanted: Path) -> int:
        return scan_files.attach_files(
            counter.place, draft.draft_id, "id", wanted, progress=nobody_watches
        )

    refused(Code.ATTACHMENT_TOO_LARGE, attach, film)
    refused(Code.FILE_NOT_READABLE, attach, pipe)
    refused(Code.FILE_NOT_READABLE, attach, tmp_path)
    assert _names(counter, draft.draft_id) == []
    several = refused(Code.FILES_LEFT_OUT, attach, film, good, pipe)
    assert several.params == {"count": 2, "done": 1, "files": "b.mp4、c.pipe"}
    assert _names(counter, draft.draft_id) == ["a.png"]


def test_a_disk_that_is_full_is_said_and_blamed_on_no_file(
    counter: Counter, draft: Draft, tmp_path: Path
) -> None:
    paths = tuple(tmp_path / f"{n}.png" for n in range(2))
    for seed, path in enumerate(paths):
        # Noise: nothing makes it smaller, so that it needs pages the vault has not.
        noise = Random(seed).randbytes(600 * 600 * 3)
        Image.frombytes("RGB", (600, 600), noise).save(path)
    disk = counter.place.vault._connection
    disk.execute("PRAGMA max_page_count = 1")  # no smaller than it already is
    try:
        refused(
            Code.DISK_FULL, scan_files.attach_files, counter.place, draft.draft_id,
            "id", paths, progress=nobody_watches,
        )  # fmt: skip
    finally:
        disk.execute("PRAGMA max_page_count = 4294967294")
    assert _names(counter, draft.draft_id) == []


def test_p02_a_cameras_readable_copy_goes_once_the_vault_has_it(
    counter: Counter, draft: Draft, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    good.write_bytes(photograph((50, 50), kind="PNG"))
    bad.write_bytes(b"half a pict")
    scan_files.take_in(counter.place, draft.draft_id, "id", good)
    refused(
        Code.ATTACHMENT_NOT_READABLE, scan_files.take_in, counter.place,
        draft.draft_id, "id", bad,
    )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["bad.png"]
    assert _names(counter, draft.draft_id) == ["good.png"]


def test_the_watched_folder_offers_the_newest_picture_first(tmp_path: Path) -> None:
    assert scan_files.new_scans(tmp_path / "none") == ()
    for name in ("b.jpg", "a.PNG", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    os.utime(tmp_path / "b.jpg", (1, 1))
    found = scan_files.new_scans(tmp_path)
    assert [path.name for path in found] == ["a.PNG", "b.jpg"]
