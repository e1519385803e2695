"""A whole working day by the command line: the same machine, papers and registers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from pypdfium2 import PdfDocument
from typer.testing import CliRunner

from desk_app.boot.cli import app
from desk_app.services.standing import local_day
from schemas.problems import Code
from tests.support.rigs import PASSPHRASE, an_island
from tests.support.terminal import Terminal
from tools.sample_cases import sample_applicant, sample_form, sample_materials

ITEM = "HY01-02"


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("terminal")
    with an_island(folder) as island:
        for login, role in (("chen", "supervisor"), ("wu", "clerk")):
            island.desk.add_operator(
                login=login, name=login, passphrase=PASSPHRASE, own=PASSPHRASE,
                role="supervisor" if role == "supervisor" else "clerk",
            )  # fmt: skip
        item = island.desk.edition().item(ITEM)
        assert item is not None
        visit = {
            "item_code": ITEM,
            "applicant": sample_applicant(item, seed=2),
            "form": sample_form(item, island.desk.edition(), seed=2),
            "materials": sample_materials(item),
            "vessels": {f"闽秀渔9970{n}": {} for n in range(1, 5)}
            | {"闽秀渔99709": {"loa_m": "-1"}},
        }
        (folder / "visit.json").write_text(json.dumps(visit), "utf-8")
        charter = folder / "charter.json"
        charter.write_text(island.district.charter.model_dump_json(), "utf-8")
        island.desk.lock()
        yield Terminal(folder / "desk")


def test_a_visit_of_five_vessels_and_what_becomes_of_each(terminal: Terminal) -> None:
    t = terminal
    visit = t.home.parent / "visit.json"
    lines = [json.loads(x) for x in t.type("batch", str(visit), code=1).splitlines()]
    numbers = [line["number"] for line in lines]
    assert [number is None for number in numbers] == [False] * 4 + [True]
    assert lines[4]["problem"] == 157
    one, two, three, four = numbers[:4]
    soon = str(local_day(datetime.now(UTC)) + timedelta(days=10))

    # Accepted, with the machine's own list of what may be done.
    t.login = "wu"
    told = t.json("case", "steps", one)
    assert {"case_accepted", "correction_requested"} <= set(told["allowed"])
    assert "case_not_accepted" not in told["allowed"]
    assert told["deadlines"][0]["what"] in {"notice", "promised"}
    t.type("case", "close", one, code=1)
    t.type("case", "accept", one)
    t.type("case", "accept", one, code=1)
    t.type("case", "ask", two, "--missing", "检验证书", "--due", soon)
    t.type("case", "refuse", three, "--because", "not_competent", "--reason", "海事办",
           "--apply-to", "海事局", code=1)  # fmt: skip
    t.login = "chen"
    t.type("case", "refuse", three, "--because", "not_competent", "--reason", "海事办",
           "--apply-to", "海事局")  # fmt: skip
    t.type("case", "deliver", three, "--way", "window", "--what", "决定书",
           "--signer", "林海生", "--id-tail", "002X")  # fmt: skip
    t.type("case", "close", three)
    t.type("case", "rate", three, "--stars", "4", "--said", "可以")
    t.type("case", "archive", three, "--where", "一号柜")
    t.type("case", "withdraw", four, "--reason", "改主意了")
    t.type("case", "move-papers", one, "--to", "district", code=1)
    t.type("case", "move-papers", one, "--to", "bag", "--bag", "F-9")

    fix = t.home.parent / "fix.json"
    fix.write_text('{"form": {"vessel_name_no": "闽秀渔99777"}}', "utf-8")
    t.type("case", "correct", two, str(fix), "--what", "已补齐")
    assert t.json("case", "steps", two)["state"] == "resubmitted"
    fix.write_text("[]", "utf-8")
    t.type("case", "correct", two, str(fix), "--what", "坏的文件", code=1)

    states = {row["number"]: row["state"] for row in t.json("cases")}
    assert states == {
        one: "accepted", two: "resubmitted", three: "archived", four: "withdrawn",
    }  # fmt: skip
    due = t.json("board")["due"]
    assert {row["number"] for row in due} == {one, two}
    today = str(local_day(datetime.now(UTC)))
    counted = t.json("figures", "--since", today, "--until", today)
    assert counted["total"] == 4
    out = t.home.parent / "list.csv"
    t.type("export", str(out), "--state", "accepted")
    assert out.read_text("utf-8-sig").count("\n") == 2
    assert [v["vessel"] for v in t.json("registers", "vessels", "99702")]
    assert t.json("registers", "people", "99702")[0]["phone"].startswith("139")
    assert t.json("registers", "certificates", "--vessel", "闽秀渔99701")


def test_documents_slips_blanks_and_voids(terminal: Terminal) -> None:
    t = terminal
    number = t.json("cases")[0]["number"]
    kinds = t.json("papers", "due", number)
    assert {"receipt", "slip", "told"} <= set(kinds)
    out = t.home.parent / "slip.pdf"
    t.type("papers", "make", "slip", number, "--out", str(out))
    t.type("papers", "make", "extension", number, code=1)
    picture = PdfDocument(out)[0].render(scale=4).to_pil()
    text = zxingcpp.read_barcodes(picture)[0].text

    # Anyone with the district's public keys: no vault, no login, no line.
    charter = ["--charter", str(t.home.parent / "charter.json"), "--json"]
    said = CliRunner().invoke(app, ["slip", "verify", text, *charter])
    assert said.exit_code == 0
    assert json.loads(said.stdout) == {
        "number": number, "day": json.loads(said.stdout)["day"], "item": ITEM,
        "genuine": True,
    }  # fmt: skip
    forged = text.replace(number, number[:-1] + str((int(number[-1]) + 1) % 10))
    done = CliRunner().invoke(app, ["slip", "verify", forged, *charter])
    assert done.exit_code == 1
    assert json.loads(done.stderr)["problem"] == Code.SLIP_NOT_GENUINE

    bag = t.home.parent / "bag.pdf"
    t.type("papers", "bag", "F-9", "--out", str(bag))
    t.type("papers", "bag", "F-none", code=1)
    assert bag.read_bytes().startswith(b"%PDF")
    t.type("papers", "told", ITEM, "--out", str(t.home.parent / "told.pdf"))
    made = t.type("papers", "blanks", ITEM, "--count", "2",
                  "--folder", str(t.home.parent / "blanks")).split()  # fmt: skip
    assert [Path(each).is_file() for each in made] == [True, True]
    t.type("papers", "void-blank", Path(made[0]).stem, "写坏")
    voided = t.type("numbers", "void", "测试打印").strip()
    found = t.json("numbers", "voided")
    assert found["numbers"] == [{"number": voided, "reason": "测试打印"}]
    assert [each["reason"] for each in found["blanks"]] == ["写坏"]
    assert found["blanks_out"] == [Path(made[1]).stem]


def test_what_was_done_on_paper_is_entered_later_with_its_mark(
    terminal: Terminal,
) -> None:
    t = terminal
    number = next(r["number"] for r in t.json("cases") if r["state"] == "accepted")
    long_ago = "2020-01-01T08:00"
    stop = ("case", "stop-clock", number, "--procedure", "testing", "--days", "3")
    t.type(*stop, "--at", long_ago, "--late", "停电补录", code=1)
    t.type(*stop, "--late", " ", code=1)
    t.type(*stop, "--late", "停电补录")
    shown = t.type("show", number)
    assert "特别程序开始" in shown
    paused = [d["paused"] for d in t.json("case", "steps", number)["deadlines"]]
    assert True in paused
    t.type("case", "resume-clock", number, "--result", "合格")
    scan = t.home.parent / "scan.txt"
    scan.write_text("not a picture", "utf-8")
    t.type("scans", "add", number, "id", str(scan), code=1)
    t.type("scans", "add", number, "id", str(t.home.parent / "bag.pdf"))
    assert [page["material"] for page in t.json("scans", "list", number)] == ["id"]
