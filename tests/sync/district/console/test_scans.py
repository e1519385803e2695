"""Staff look at scans: pictures inline, PDFs as files, nothing that runs."""

import asyncio
import json
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import update
from typer.testing import CliRunner

from desk_app.services import attaching
from sync.district.boot.cli import app
from sync.district.boot.district import add_staff, utc_now
from sync.district.boot.staffing import console_parts
from sync.district.console.app import make_console
from sync.district.ledger.tables import contents
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import Island, an_island, take_case

PASSPHRASE = "reviewer passphrase"


def a_picture() -> bytes:
    out = BytesIO()
    picture = Image.new("RGB", (600, 800), "#eef4f7")
    ImageDraw.Draw(picture).rectangle((60, 60, 300, 200), fill="#0b5c7a")
    picture.save(out, "PNG")
    return out.getvalue()


def a_pdf() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, "sample")
    canvas.save()
    return out.getvalue()


def signed_in(island: Island) -> TestClient:
    district = island.district
    add_staff(
        district, login="reviewer", name="区审核", role="reviewer",
        passphrase=PASSPHRASE,
    )  # fmt: skip
    client = TestClient(make_console(console_parts(district)))
    client.post("/sign-in", data={"login": "reviewer", "passphrase": PASSPHRASE})
    return client


def rounds(island: Island, count: int) -> None:
    district = island.district
    for _ in range(count):
        asyncio.run(island.desk.sync(impatient=True))
        reconcile_once(district.sealed, district.record, district.keys, now=utc_now())


def a_case(island: Island) -> str:
    number = take_case(island.desk, "HY01-02", seed=0)
    place = island.desk.place
    attaching.attach(place, number, "id_card", name="a.png", raw=a_picture())
    attaching.attach(place, number, "id_card", name="b.pdf", raw=a_pdf())
    return number


def links(page: httpx.Response) -> list[str]:
    return sorted(
        {p.split('"')[0] for p in page.text.split('href="') if "/scans/" in p[:60]}
    )


def test_a_case_says_what_is_missing_and_then_shows_it(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        number = a_case(island)
        client = signed_in(island)
        rounds(island, 1)
        page = client.get(f"/cases/{number}")
        assert "共 2 件，未到齐 2 件" in page.text
        assert "已到 0/1 段" in page.text
        assert links(page) == []

        rounds(island, 1)
        page = client.get(f"/cases/{number}")
        assert "共 2 件，未到齐 0 件" in page.text
        found = {
            (answer.headers["content-type"], answer.content): answer
            for answer in (client.get(link) for link in links(page))
        }
        picture = found[("image/png", a_picture())]
        assert picture.headers["content-disposition"].startswith("inline")
        (pdf,) = (a for (kind, _), a in found.items() if kind == "application/pdf")
        assert pdf.headers["content-disposition"].startswith("attachment")
        for answer in found.values():
            assert "sandbox" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"

        stranger = TestClient(make_console(console_parts(island.district)))
        refused = stranger.get(links(page)[0], follow_redirects=False)
        assert refused.status_code == 303


@pytest.mark.parametrize("claimed", ["text/html", "image/svg+xml", "image/jpeg"])
def test_a_scan_that_is_not_what_it_says_is_not_shown(
    tmp_path: Path, claimed: str
) -> None:
    with an_island(tmp_path) as island:
        number = a_case(island)
        client = signed_in(island)
        rounds(island, 2)
        found = links(client.get(f"/cases/{number}"))
        assert len(found) == 2
        with island.district.record._engine.begin() as connection:
            connection.execute(update(contents).values(media_type=claimed))
        for link in found:
            answer = client.get(link)
            assert "[312]" in answer.text
            assert answer.headers["content-type"].startswith("text/html")


def test_the_command_line_says_what_is_missing_and_writes_a_scan(
    tmp_path: Path,
) -> None:
    with an_island(tmp_path) as island:
        number = a_case(island)
        home = ["--home", str(tmp_path / "district")]
        run = CliRunner()
        rounds(island, 1)
        said = run.invoke(app, [*home, "show", number, "--json"])
        shown = json.loads(said.stdout)
        assert (shown["complete"], shown["scans_missing"]) == (False, 2)

        rounds(island, 1)
        shown = json.loads(run.invoke(app, [*home, "show", number, "--json"]).stdout)
        assert shown["complete"]
        picture = next(s for s in shown["scans"] if s["media_type"] == "image/png")
        out = tmp_path / "scan.png"
        assert run.invoke(
            app, [*home, "scan", number, picture["digest"][:12], "--out", str(out)]
        ).exit_code == 0  # fmt: skip
        assert out.read_bytes() == a_picture()
        again = run.invoke(
            app, [*home, "scan", number, picture["digest"], "--out", str(out)]
        )
        assert again.exit_code == 1
        assert "[177]" in again.output
        assert run.invoke(app, [*home, "show", "nothing"]).exit_code == 1
