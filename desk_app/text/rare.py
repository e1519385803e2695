"""Rare characters in names: by code point (`U+20BB7`) or by parts (`[土口]`).

Text is kept as it is otherwise: never normalised, since a name is what the card says.
What is not understood stays as typed, so that nothing is lost and everybody sees it.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

_CODE: Final = re.compile(r"[Uu]\+([0-9A-Fa-f]{4,6})(?![0-9A-Fa-f])")
_PARTS: Final = re.compile(r"[\[【]([^\[\]【】]{2,4})[\]】]")
_LARGEST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


@cache
def _table() -> dict[str, str]:
    text = files("assets").joinpath("text", "rare.zh-CN.toml").read_text("utf-8")
    return dict(tomllib.loads(text)["parts"])


def with_rare(text: str) -> str:
    """Return the text with code points and parts turned into their characters."""

    def by_code(found: re.Match[str]) -> str:
        number = int(found.group(1), 16)
        known = number <= _LARGEST and number not in _SURROGATES
        return chr(number) if known and chr(number).isprintable() else found.group(0)

    def by_parts(found: re.Match[str]) -> str:
        return _table().get(found.group(1), found.group(0))

    return _PARTS.sub(by_parts, _CODE.sub(by_code, text))
