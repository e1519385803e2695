"""What docs/ says of the formats is what the code does."""

from pathlib import Path

from tools.export_schemas import texts
from tools.make_vectors import vectors_text

DOCS = Path(__file__).parents[2] / "docs"


def test_the_exported_schemas_are_those_of_the_models() -> None:
    for name, text in texts().items():
        assert (DOCS / "schemas" / name).read_text("utf-8") == text, name


def test_the_wire_vectors_still_hold() -> None:
    """Frozen bytes: a change here is a change of the wire format."""
    kept = (DOCS / "vectors" / "wire-1.json").read_text("utf-8")
    assert vectors_text(kept) == kept
