"""What a printed document says, from a case: words and local times, masked ids."""

from datetime import datetime

from desk_app.printing.receipt import MaterialLine, ReceiptProps
from desk_app.services.shown import CaseView, DeadlineShown
from desk_app.store import settings
from desk_app.store.vault import Transaction
from desk_app.text.words import Words, local_time
from schemas.catalogue import Edition, Item


def receipt_props(
    tx: Transaction, view: CaseView, edition: Edition, *, receiver: str, copy: int,
    now: datetime,
) -> ReceiptProps:  # fmt: skip
    """Return the props of a case's receipt."""
    words = Words("print")
    application = view.application
    item = edition.item(application.item_code)
    agent = application.form.get("agent_name")
    return ReceiptProps(
        number=view.row.number,
        official_number=view.official_number,
        item=f"{view.row.item_name} {view.row.item_code}",
        applicant=application.applicant.name,
        identity_masked=view.row.id_masked,
        agent=agent if isinstance(agent, str) and agent else None,
        received_at=local_time(view.row.received_at),
        printed_at=local_time(now),
        receiver=receiver,
        notice=_day(words, "receipt.notice_value", view.deadlines, "notice") or "",
        promised=_day(words, "receipt.promised_value", view.deadlines, "promised"),
        materials=tuple(
            MaterialLine(_name(item, each.key), words(f"form.{each.form}"), each.copies)
            for each in application.materials
        ),
        back_entry_reason=view.back_entry_reason,
        synced=view.row.synced,
        copy=copy,
        authority=item.authority.decision_level if item else "",
        season=_season(item),
        qr=_qr(tx, view),
    )


def _qr(tx: Transaction, view: CaseView) -> str:
    device = (settings.get(tx, "device") or "")[:8]
    return f"ISLANDDESK1:{view.row.number}:{view.row.item_code}:{device}"


def _day(
    words: Words, key: str, deadlines: tuple[DeadlineShown, ...], what: str
) -> str | None:
    found = next((each for each in deadlines if each.what == what), None)
    if found is None:
        return None
    text = words(key, day=found.day.isoformat())
    return text + (words("receipt.provisional") if found.provisional else "")


def _name(item: Item | None, key: str) -> str:
    material = item.material(key) if item else None
    return material.name if material else key


def _season(item: Item | None) -> str | None:
    texts = [rule.get("text") for rule in item.seasonal_rules] if item else []
    return "\n".join(text for text in texts if isinstance(text, str)) or None
