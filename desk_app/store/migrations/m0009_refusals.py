"""Rung 9: how often a batch was refused as it is.

One refusal may be the line's fault (a byte changed on its way); only the same bytes
refused again and again are at fault themselves.
"""

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE outbox ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;\n"
)
