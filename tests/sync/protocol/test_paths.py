"""Where intake listens: one version, one place each, as the wire format names them."""

from pathlib import Path

from sync.protocol import paths

SAID = Path(__file__).parents[3] / "docs" / "wire-format.md"
PATHS = {name: value for name, value in vars(paths).items() if name.isupper()}


def test_every_path_is_of_version_one_and_none_hides_another() -> None:
    """A server takes the first route that matches: no path may begin another."""
    assert all(path.startswith("/v1/") for path in PATHS.values())
    for path in PATHS.values():
        others = [p for p in PATHS.values() if p != path and p.startswith(path)]
        assert others == []
    assert len(set(PATHS.values())) == len(PATHS)


def test_the_wire_format_names_every_path_that_a_desk_uses() -> None:
    text = SAID.read_text("utf-8")
    assert [path for path in PATHS.values() if path not in text] == [paths.HEALTH]
