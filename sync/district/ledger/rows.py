"""What the record holds, row by row, as values."""

from dataclasses import dataclass
from typing import Final

from schemas.problems import Code

# The problems of what only stands for an entry: one that the desk holds back, or that
# was in a batch which does not open.
GAPS: Final = frozenset({int(Code.ENTRY_WITHHELD), int(Code.BATCH_UNREADABLE)})


@dataclass(frozen=True, slots=True)
class CaseFiled:
    """A case as the record shows it; `application` is the JSON of its revision."""

    number: str
    device: str
    item_code: str
    applicant_name: str
    identity: str
    received_at: str
    filed_at: str
    state: str
    revision: int
    official_number: str | None
    application: str


@dataclass(frozen=True, slots=True)
class EntryFiled:
    """One journal entry as filed, or set aside with a problem number.

    `healed_by` is the place (epoch, sequence) of the entry that brought what a place
    that was set aside had missed.
    """

    device: str
    epoch: int
    sequence: int
    entry: bytes
    number: str | None
    problem: int | None
    reason: str
    healed_by: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ChainHead:
    """How far a device's journal is filed."""

    sequence: int
    chain: str


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """One answer as given; `answer` is its JSON."""

    number: str
    revision: int
    answer: str
    answered_at: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who may use the console."""

    login: str
    name: str
    role: str
    passphrase: str
    failures: int
    failed_at: str | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A feed body waiting to be sealed for a device."""

    id: int
    device: str
    position: int
    body: str
    answers_key: str | None = None
