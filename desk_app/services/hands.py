"""What the composition root lends to the verbs: clocks, dice, boot id, places."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from desk_app.services.steady import SteadyClock
from desk_app.store.vault import Vault
from sync.client.http import Transport


@dataclass(frozen=True)
class Hands:
    """Time and chance as arguments, so that a simulator can lend its own."""

    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    dice: Callable[[], float]
    monotonic_ms: Callable[[], int]
    boot: str
    machine: str = ""
    """What names this machine; empty where nothing does."""
    transport: Transport | None = None
    """What carries requests; None is the network."""
    clock: SteadyClock | None = None
    """Once the desk is unlocked: what `now` says, held against what is proved (P9)."""

    def wall(self) -> datetime:
        """Return what the PC's own clock says, right or wrong."""
        return self.clock.wall() if self.clock is not None else self.now()


@dataclass(frozen=True, slots=True)
class Earlier:
    """When something was really done that is entered only now, and why."""

    at: datetime
    reason: str
    control: str = ""


@dataclass(frozen=True)
class Workplace:
    """An unlocked desk: the open vault, the operator at it, and the lent hands.

    `earlier` is set for the one step that is entered later than it was taken.
    """

    vault: Vault
    hands: Hands
    operator: str
    operator_name: str
    role: str
    earlier: Earlier | None = None

    def entering_later(self, earlier: Earlier) -> "Workplace":
        """Return this workplace for a step that was taken earlier (补录)."""
        return replace(self, earlier=earlier)

    def new_id(self, size: int = 16) -> str:
        """Return a fresh identifier in hexadecimal."""
        return self.hands.random_bytes(size).hex()
