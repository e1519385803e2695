"""Taking a desk in: what is refused by number, and a grant that is had again."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_app.services import enrolling
from schemas.problems import Code, Problem
from sync.district.boot.district import District
from sync.district.reconcile.approving import approve, invite
from tests.support.rigs import NANRI, a_desk, a_district

NOW = datetime.now(UTC)


def _code(verb: Callable[[], object]) -> Code:
    with pytest.raises(Problem) as refused:
        verb()
    return refused.value.code


def _invite(district: District, secret: bytes, town: str = NANRI) -> str:
    code, _ = invite(
        district.sealed, district.charter, secret=secret, town=town,
        expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    return code


def _pending(folder: Path, district: District, url: str, secret: bytes) -> str:
    desk = a_desk(folder)
    asyncio.run(desk.enrol_with_code(url, _invite(district, secret)))
    desk.lock()
    known = [each for each in district.sealed.devices() if each.state == "pending"]
    return known[0].device


def test_a_terminal_belongs_to_one_desk_and_its_grant_can_be_had_again(
    tmp_path: Path,
) -> None:
    with a_district(tmp_path / "district") as (district, url):
        one = _pending(tmp_path / "one", district, url, bytes(10))

        def give(device: str, terminal: str) -> object:
            return approve(
                district.sealed, district.charter, district.keys, device=device,
                terminal=terminal, now=NOW,
            )  # fmt: skip

        for malformed in ("1", "1x", "001", "", "０１"):
            assert _code(lambda m=malformed: give(one, m)) is Code.TERMINAL_MALFORMED
        first = give(one, "01")
        assert give(one, "01") == first, "its file may be lost"
        assert _code(lambda: give(one, "02")) is Code.DEVICE_NOT_FOUND
        other = _pending(tmp_path / "other", district, url, b"\x01" * 10)
        assert _code(lambda: give(other, "01")) is Code.TERMINAL_TAKEN
        district.sealed.set_state(one, "revoked", reason="lost")
        # Numbers of the lost desk exist on paper: they are never given again.
        assert _code(lambda: give(other, "01")) is Code.TERMINAL_TAKEN
        assert give(other, "02") != first


@pytest.mark.parametrize(
    ("program", "kinds"),
    [
        ("island-desk 0.1.0", ["holidays", "closed_seasons"]),
        ("island-desk 0.2.0", ["edition", "holidays", "closed_seasons"]),
        ("island-desk 9.0.0", ["edition", "holidays", "closed_seasons"]),
    ],
)
def test_p10_a_desk_of_0_1_is_given_no_edition_that_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, kinds: list[str]
) -> None:
    """With it, it refused its whole grant: it works by what it was shipped with."""
    monkeypatch.setattr(enrolling, "PROGRAM", program)
    with a_district(tmp_path / "district") as (district, url):
        device = _pending(tmp_path / "old", district, url, bytes(10))
        package = approve(
            district.sealed, district.charter, district.keys, device=device,
            terminal="01", now=NOW,
        )  # fmt: skip
        assert [each.kind for each in package.documents] == kinds
        assert list(package.grant.documents) == kinds


@pytest.mark.parametrize("town", ["", "35030510", "3503051077", "35030510x"])
def test_an_invitation_names_a_town(tmp_path: Path, town: str) -> None:
    with a_district(tmp_path) as (district, _):
        refused = _code(lambda: _invite(district, bytes(10), town))
        assert refused is Code.TOWN_MALFORMED
