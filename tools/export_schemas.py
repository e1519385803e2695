"""Export the JSON Schema of what crosses a wire or is kept, to docs/schemas.

Usage: python -m tools.export_schemas. A test makes them again and compares.
"""

import json
from pathlib import Path

from pydantic import BaseModel

from schemas.backup import BackupHeader, Release, ReleaseRequest
from schemas.batch import BatchHeader
from schemas.calendars import ClosedSeasons, Holidays
from schemas.catalogue import Edition
from schemas.contact import Contact, ContactAnswer
from schemas.enrolment import Charter, EnrolmentRequest, GrantPackage, Invitation
from schemas.feed import CaseAnswered, FeedPage
from schemas.healing import AnswersWanted, CaseWanted, EntriesReturned, EntryReleased
from schemas.journal import JournalEntry
from schemas.publications import (
    CalendarPublished,
    DeviceCommand,
    EditionPublished,
    NoticePublished,
)
from schemas.quarantine import BatchUnreadable, EntryWithheld
from schemas.receipt import Receipt
from schemas.renewal import (
    DeviceKeysTaken,
    DistrictKeysChanged,
    DistrictKeysRetired,
    KeysRequest,
)
from schemas.scans import ChunkHeader, ChunkReceipt, NamingKey, ScansWanted
from schemas.statement import (
    Agreement,
    DayQuestion,
    Statement,
    StatementAgreed,
    StatementDiffers,
)

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"
MODELS: dict[str, type[BaseModel]] = {
    "edition": Edition,
    "holidays": Holidays,
    "closed-seasons": ClosedSeasons,
    "journal-entry": JournalEntry,
    "batch-header": BatchHeader,
    "entry-withheld": EntryWithheld,
    "batch-unreadable": BatchUnreadable,
    "receipt": Receipt,
    "feed-page": FeedPage,
    "case-answered": CaseAnswered,
    "backup-header": BackupHeader,
    "backup-release-request": ReleaseRequest,
    "backup-release": Release,
    "entries-returned": EntriesReturned,
    "answers-wanted": AnswersWanted,
    "case-wanted": CaseWanted,
    "entry-released": EntryReleased,
    "district-keys-changed": DistrictKeysChanged,
    "district-keys-retired": DistrictKeysRetired,
    "device-keys-taken": DeviceKeysTaken,
    "keys-request": KeysRequest,
    "contact": Contact,
    "contact-answer": ContactAnswer,
    "edition-published": EditionPublished,
    "calendar-published": CalendarPublished,
    "notice-published": NoticePublished,
    "device-command": DeviceCommand,
    "statement": Statement,
    "agreement": Agreement,
    "day-question": DayQuestion,
    "statement-agreed": StatementAgreed,
    "statement-differs": StatementDiffers,
    "chunk-header": ChunkHeader,
    "chunk-receipt": ChunkReceipt,
    "naming-key": NamingKey,
    "scans-wanted": ScansWanted,
    "charter": Charter,
    "invitation": Invitation,
    "enrolment-request": EnrolmentRequest,
    "grant-package": GrantPackage,
}


def texts() -> dict[str, str]:
    """Return every schema as text, by file name."""
    return {
        f"{name}.json": json.dumps(
            model.model_json_schema(), ensure_ascii=False, indent=1, sort_keys=True
        )
        + "\n"
        for name, model in MODELS.items()
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
