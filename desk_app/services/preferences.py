"""What a supervisor sets for this desk, and what each operator sets for themselves."""

from pathlib import Path
from typing import Final

from desk_app.services import access
from desk_app.services.hands import Workplace
from desk_app.store import audit, settings

NAMES: Final = ("desk_phone", "watched_folder")


def preference(place: Workplace, name: str) -> str:
    """Return a preference, or an empty text."""
    with place.vault.read() as tx:
        return settings.get(tx, name) or ""


def prefer(place: Workplace, name: str, value: str) -> None:
    """Set a preference; supervisors only, audited."""
    access.require_supervisor(place)
    if name not in NAMES:
        raise KeyError(name)
    with place.vault.write() as tx:
        settings.put(tx, name, value.strip())
        audit.note(
            tx, "preference_set", name, operator=place.operator,
            now=place.hands.now(),
        )  # fmt: skip


def watched_folder(place: Workplace, otherwise: Path) -> Path:
    """Return where document cameras save."""
    given = preference(place, "watched_folder")
    return Path(given) if given else otherwise


def text_size(place: Workplace) -> int:
    """Return how large this operator has the window, in per cent."""
    with place.vault.read() as tx:
        kept = settings.get(tx, f"text_size.{place.operator}")
    return int(kept) if kept else 100


def keep_text_size(place: Workplace, percent: int) -> None:
    """Remember how large this operator wants the window."""
    with place.vault.write() as tx:
        settings.put(tx, f"text_size.{place.operator}", str(percent))
