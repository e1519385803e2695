"""Failed unlocks: a growing delay that survives restarts and clock jumps.

Only times are kept, beside the vault, since it is locked then; the next good unlock
moves them into the audit trail.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from desk_app.config.durable import write_durably

_FREE: Final = 2
LONGEST_S: Final = 60


class Attempts:
    """The failed unlocks since the last good one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def failures(self) -> tuple[datetime, ...]:
        """Return when unlocking failed; a damaged file counts as none."""
        try:
            return tuple(
                map(datetime.fromisoformat, json.loads(self._path.read_text()))
            )
        except (OSError, ValueError, TypeError):
            return ()

    def delay_s(self, *, now: datetime) -> int:
        """Return how many seconds are still to wait: 0, 0, 1, 2, 4 … 60.

        A clock that was set back never makes anybody wait longer than that.
        """
        failed = self.failures()
        if len(failed) <= _FREE:
            return 0
        wait = min(2 ** (len(failed) - _FREE - 1), LONGEST_S)
        left = (failed[-1] + timedelta(seconds=wait) - now).total_seconds()
        return 0 if left > LONGEST_S else max(0, round(left + 0.499))

    def failed(self, *, now: datetime) -> None:
        """Note one more failure."""
        kept = [*self.failures(), now][-100:]
        text = json.dumps([moment.isoformat() for moment in kept])
        write_durably(self._path, text.encode())

    def clear(self) -> None:
        """Forget them, after they are in the audit trail."""
        self._path.unlink(missing_ok=True)
