"""The one place of the program's version; `pyproject.toml` is held to it by a test."""

from typing import Final

VERSION: Final = "0.2.0"
