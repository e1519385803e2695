"""`show` and `scan`: a case with what of its scans is there, and a scan as a file."""

import hashlib
import json
from pathlib import Path

import pytest

from schemas.problems import Code
from schemas.scans import PIECE, ScanPage, ScansListed
from sync.district.boot.district import District
from sync.district.ledger.chunks import ChunkKept
from sync.district.ledger.scans import keep_list, keep_naming
from sync.district.reconcile.scanning import check_scans
from sync.seal.chunks import chunk_names, close_chunk
from tests.support.commands import Run
from tests.support.ledgers import NOW, a_case, a_number, file_line, granted

SCAN = b"\xff\xd8 a page of paper \xff\xd9"
DIGEST = hashlib.sha256(SCAN).hexdigest()
NUMBER = a_number(1)
NAMING = b"n" * 32


@pytest.fixture
def case(district: District) -> str:
    """A case that names two scans, of which one has come."""
    desk = granted(district.sealed)
    file_line(district.record, desk, 1, case=a_case(1, desk.device))
    pages = tuple(
        ScanPage(
            material="m1", position=n, digest=digest, size=len(SCAN),
            media_type="image/jpeg",
        )
        for n, digest in ((1, DIGEST), (2, "0" * 64))
    )  # fmt: skip
    said = ScansListed(number=NUMBER, at=NOW, scans=pages)
    record, sealed = district.record, district.sealed
    record.keep(lambda c: keep_list(c, said), device="", feedback=None)
    record.keep(lambda c: keep_naming(c, NAMING, desk.device), device="", feedback=None)
    (name,) = chunk_names(NAMING, DIGEST, size=len(SCAN), piece=PIECE)
    chunk = close_chunk(
        SCAN, name, device=desk.device, recipient=district.keys.opening.public,
        signing=desk.signing, now=NOW,
    )  # fmt: skip
    kept = ChunkKept(name, chunk.digest, desk.device, len(chunk.raw), "{}")
    sealed.chunks.keep(kept, chunk.raw, now=NOW)
    assert check_scans(sealed, record, district.keys, now=NOW) == 1
    return NUMBER


def test_a_case_is_shown_with_what_is_missing(run: Run, case: str) -> None:
    said = json.loads(run("show", case, "--json").output)
    assert (said["scans_missing"], said["complete"]) == (1, False)
    assert [each["held"] for each in said["scans"]] == [True, False]
    lines = run("show", case).output.splitlines()
    assert case in lines[0]
    assert len(lines) == 4


def test_a_scan_is_opened_into_a_file_by_the_start_of_its_name(
    run: Run, case: str, tmp_path: Path
) -> None:
    out = tmp_path / "page.jpg"
    done = run("scan", case, DIGEST[:12], "--out", str(out))
    assert done.exit_code == 0, done.output
    assert out.read_bytes() == SCAN


def test_a_file_that_is_there_is_not_written_over(
    run: Run, case: str, tmp_path: Path
) -> None:
    out = tmp_path / "page.jpg"
    out.write_bytes(b"something dear")
    done = run("scan", case, DIGEST, "--out", str(out))
    assert done.exit_code == 1
    assert f"[{int(Code.FILE_NOT_WRITABLE)}]" in done.output
    assert out.read_bytes() == b"something dear"


def test_what_is_not_here_is_a_numbered_problem(
    run: Run, case: str, tmp_path: Path
) -> None:
    out = tmp_path / "page.jpg"
    missing = run("scan", case, "0" * 64, "--out", str(out))
    assert f"[{int(Code.SCAN_NOT_HERE)}]" in missing.output
    unknown = run("show", a_number(2))
    assert (unknown.exit_code, f"[{int(Code.CASE_UNKNOWN)}]" in unknown.output) == (
        1,
        True,
    )
    assert not out.exists()
