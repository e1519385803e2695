"""`stick import` and `paper`: what desks without a line bring, and take home."""

import json
from pathlib import Path

from schemas.problems import Code
from sync.district.boot.district import District
from sync.stick.layout import Kind
from sync.stick.stick import Stick
from tests.support.commands import Run
from tests.support.ledgers import granted, keep


def test_a_stick_is_taken_in_and_said_desk_by_desk(
    run: Run, district: District, tmp_path: Path
) -> None:
    desk, folder = granted(district.sealed), tmp_path / "usb"
    folder.mkdir()
    Stick(folder).put(desk.device, "out", Kind.BATCH, desk.batch(1, 2).raw)
    Stick(folder).put(desk.device, "out", Kind.CONTACT, b"{}")

    done = run("stick", "import", str(folder), "--json")

    assert done.exit_code == 0, done.output
    (said,) = json.loads(done.output)
    assert (said["device"], said["receipts"]) == (desk.device, 1)
    assert [t["problem"] for t in said["troubles"]] == [int(Code.MESSAGE_MALFORMED)]


def test_receipts_go_home_on_paper(
    run: Run, district: District, tmp_path: Path
) -> None:
    desk, out = granted(district.sealed), tmp_path / "receipts.pdf"
    none = run("paper", desk.device, "--out", str(out))
    assert f"[{int(Code.NOTHING_RECEIPTED)}]" in none.output
    for first, last in ((1, 3), (4, 9)):
        keep(district.sealed, desk.batch(first, last))

    done = run("paper", desk.device, "--out", str(out), "--json")

    said = json.loads(done.output)
    assert (said["batches"], said["first"], said["last"]) == (2, 1, 9)
    assert said["codes"]
    assert out.read_bytes().startswith(b"%PDF")


def test_paper_for_nobody_or_nowhere_is_refused(
    run: Run, district: District, tmp_path: Path
) -> None:
    desk = granted(district.sealed)
    keep(district.sealed, desk.batch(1, 1))
    nobody = run("paper", "0" * 32, "--out", str(tmp_path / "x.pdf"))
    assert f"[{int(Code.DEVICE_NOT_FOUND)}]" in nobody.output
    nowhere = run("paper", desk.device, "--out", str(tmp_path))
    assert nowhere.exit_code == 1
    assert f"[{int(Code.FILE_NOT_WRITABLE)}]" in nowhere.output
