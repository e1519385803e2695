"""Who draws the window: a graphics processor or the client, never an emulation."""

from pathlib import Path

import pytest

from desk_app.boot.drawing import RENDERER, choose_renderer


@pytest.fixture
def graphics(tmp_path: Path) -> Path:
    """The device nodes of a machine with a graphics processor."""
    for name in ("card0", "renderD128"):
        (tmp_path / name).touch()
    return tmp_path


def _chosen(devices: Path, platform: str = "linux", **said: str) -> str | None:
    environment = dict(said)
    choose_renderer(environment, platform=platform, devices=devices)
    return environment.get(RENDERER)


def test_a_machine_without_a_graphics_processor_draws_by_software(
    tmp_path: Path,
) -> None:
    assert _chosen(tmp_path / "no such folder") == "software"
    (tmp_path / "card0").touch()
    assert _chosen(tmp_path) == "software", "a screen, and nothing that renders"


def test_a_graphics_processor_is_used_unless_its_opengl_is_to_be_emulated(
    graphics: Path,
) -> None:
    assert _chosen(graphics) is None
    assert _chosen(graphics, LIBGL_ALWAYS_SOFTWARE="0") is None
    assert _chosen(graphics, LIBGL_ALWAYS_SOFTWARE="1") == "software"


def test_what_somebody_chose_stays_and_other_systems_have_no_choice(
    tmp_path: Path,
) -> None:
    assert _chosen(tmp_path, **{RENDERER: "opengl"}) == "opengl"
    assert _chosen(tmp_path, platform="win32") is None
    assert _chosen(tmp_path, platform="darwin") is None
