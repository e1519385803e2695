"""Joining a district: by a code over a line that is not trusted yet, or by files."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk_app.boot.cli import app as desk_cli
from schemas.problems import Code, Problem
from sync.district.boot.cli import app as district_cli
from sync.district.reconcile.approving import invite
from tests.support.rigs import NANRI, PASSPHRASE, a_desk, a_district

ENV = {
    "ISLAND_DESK_LOGIN": "lin",
    "ISLAND_DESK_PASSPHRASE": PASSPHRASE,
    "ISLAND_DISTRICT_PASSPHRASE": PASSPHRASE,
}


def test_a_desk_without_a_line_joins_by_three_files(tmp_path: Path) -> None:
    """Invitation out, request back, grant out: no byte over a network."""
    run = CliRunner().invoke
    home = ["--home", str(tmp_path / "district")]
    mine = ["--home", str(tmp_path / "desk")]
    made = run(
        district_cli,
        [*home, "init", "--url", "https://localhost:1", "--name", "秀屿区（示例）"],
        env=ENV,
    )
    assert made.exit_code == 0, made.output
    desk = a_desk(tmp_path / "desk")
    files = {each: str(tmp_path / each) for each in ("invitation", "request", "grant")}

    assert run(
        district_cli, [*home, "enrol-code", "--out", files["invitation"]], env=ENV
    ).exit_code == 0  # fmt: skip
    asked = run(
        desk_cli,
        [*mine, "enrol", "--invitation", files["invitation"],
         "--request", files["request"]],
        env=ENV,
    )  # fmt: skip
    assert asked.exit_code == 0, asked.output
    mark = desk.fingerprint()
    wrong = run(
        district_cli,
        [*home, "approve", files["request"], "--terminal", "07",
         "--fingerprint", mark[::-1], "--out", files["grant"]],
        env=ENV,
    )  # fmt: skip
    assert wrong.exit_code == 1, "a fingerprint that differs must not pass"
    approved = run(
        district_cli,
        [*home, "approve", files["request"], "--terminal", "07",
         "--fingerprint", mark, "--out", files["grant"]],
        env=ENV,
    )  # fmt: skip
    assert approved.exit_code == 0, approved.output
    granted = run(desk_cli, [*mine, "enrol", "--grant", files["grant"]], env=ENV)
    assert granted.exit_code == 0, granted.output

    assert desk.sync_status().enrolled
    assert desk.district_fingerprint() is not None
    desk.lock()


def test_a_grant_for_another_desk_is_refused(tmp_path: Path) -> None:
    run = CliRunner().invoke
    home = ["--home", str(tmp_path / "district")]
    run(district_cli, [*home, "init", "--url", "https://localhost:1", "--name", "示例"],
        env=ENV)  # fmt: skip
    one, other = a_desk(tmp_path / "one"), a_desk(tmp_path / "other")
    invitation, grant = tmp_path / "invitation", tmp_path / "grant"
    run(district_cli, [*home, "enrol-code", "--out", str(invitation)], env=ENV)
    request = tmp_path / "request"
    request.write_text(one.enrolment_request(invitation.read_text("utf-8")), "utf-8")
    run(district_cli,
        [*home, "approve", str(request), "--terminal", "01",
         "--fingerprint", one.fingerprint(), "--out", str(grant)],
        env=ENV)  # fmt: skip

    with pytest.raises(Problem) as refused:
        other.apply_grant(grant.read_text("utf-8"))

    assert refused.value.code is Code.GRANT_NOT_FOR_THIS_DESK


@pytest.mark.parametrize(
    ("expires", "expected"),
    [(timedelta(days=-1), Code.ENROL_CODE_EXPIRED), (None, Code.ENROL_CODE_REFUSED)],
)
def test_a_code_works_once_and_for_a_while(
    tmp_path: Path, expires: timedelta | None, expected: Code
) -> None:
    """An expired code, and one that another desk has used, are refused by number."""
    with a_district(tmp_path / "district") as (district, url):
        code, _ = invite(
            district.sealed, district.charter, secret=b"0123456789", town=NANRI,
            expires_at=datetime.now(UTC) + (expires or timedelta(days=1)),
        )  # fmt: skip
        if expires is None:
            first = a_desk(tmp_path / "first")
            assert asyncio.run(first.enrol_with_code(url, code)) == "pending"
        desk = a_desk(tmp_path / "desk")

        with pytest.raises(Problem) as refused:
            asyncio.run(desk.enrol_with_code(url, code))

        assert refused.value.code is expected


def test_p02_a_code_pins_the_district_it_was_made_by(tmp_path: Path) -> None:
    """Somebody who answers in the district's place has another charter: refused."""
    with (
        a_district(tmp_path / "real") as (district, _),
        a_district(tmp_path / "false") as (_, false_url),
    ):
        code, _ = invite(
            district.sealed, district.charter, secret=b"0123456789", town=NANRI,
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )  # fmt: skip
        desk = a_desk(tmp_path / "desk")

        with pytest.raises(Problem) as refused:
            asyncio.run(desk.enrol_with_code(false_url, code))

        assert refused.value.code is Code.DISTRICT_NOT_TRUSTED
