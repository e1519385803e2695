"""Days as desks close them, for unit tests of the side that compares."""

import dataclasses
from collections.abc import Sequence

from schemas.base import utc_text
from schemas.encoding import base64_text
from schemas.journal import JournalEntry
from schemas.quarantine import EntryOffered
from schemas.statement import DayClosed, DayCompared, DayQuestion, Place
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.days import ClosingKey
from sync.district.ledger.record import EntryFiled, Record
from sync.district.reconcile.comparing import Said, consider
from sync.protocol.difference import Held, answer
from sync.protocol.statement import Closing, DayRecord, leaves_of, statement_of
from sync.seal import suite1
from tests.support.ledgers import NOW, Writer, a_number, file_line

DAY = NOW.date().isoformat()


def case_closed(serial: int = 1) -> dict[str, object]:
    """A step of the day, whatever the case."""
    return {"kind": "case_closed", "number": a_number(serial), "at": utc_text(NOW)}


@dataclasses.dataclass
class ClosingDesk:
    """A desk with a day: what it holds, what of it was filed, what it says."""

    record: Record
    keys: ReconcileKeys
    writer: Writer = dataclasses.field(default_factory=Writer)
    holds: dict[int, bytes] = dataclasses.field(default_factory=dict)

    def did(self, *sequences: int, filed: bool = True) -> None:
        """Do a step at each place; `filed` says whether the district has it."""
        for each in sequences:
            body = case_closed(each)
            self.holds[each] = self.writer.line(each, **body)
            if filed:
                file_line(self.record, self.writer, each, **body)

    def offer(self, sequence: int, *, at: int) -> None:
        """File an entry that never came inside a later one, as a healing does."""
        raw = base64_text(self.holds[sequence])
        body = EntryOffered(epoch=1, sequence=sequence, entry=raw)
        line = self.writer.line(at, body_of=body.model_dump(mode="json"))
        kept = EntryFiled(self.writer.device, 1, at, line, None, None, "")
        self.record.file(kept, "0" * 64, case=None, feedback=None, now=NOW)

    def closing(self, sequence: int, version: int = 1) -> Closing:
        place = Place(epoch=1, sequence=sequence)
        return Closing(self.writer.device, DAY, version, place)

    def key(self, sequence: int) -> ClosingKey:
        return ClosingKey(self.writer.device, DAY, 1, sequence)

    def _records(self) -> Sequence[DayRecord]:
        return [DayRecord(1, n, raw) for n, raw in sorted(self.holds.items())]

    def close(self, sequence: int, *, version: int = 1, at: int | None = None) -> Said:
        """Close the day with the entry at a place; the district takes it in."""
        statement = statement_of(
            self._records(), self.closing(sequence, version), items={},
            digest=suite1.digest,
        )  # fmt: skip
        body = DayClosed(statement=statement, operator_name="林窗口", closed_at=NOW)
        return self.say(at or sequence, body)

    def answer(self, question: DayQuestion, sequence: int) -> Said:
        """Answer a question about the day with what the desk holds itself."""
        closing = self.closing(question.before.sequence, question.version)
        held = Held(leaves_of(self._records(), closing, suite1.digest), suite1.digest)
        body = DayCompared(
            day=DAY, version=question.version, before=question.before,
            round=question.round, ranges=answer(held, question.ranges),
        )  # fmt: skip
        return self.say(sequence, body)

    def say(self, sequence: int, body: DayClosed | DayCompared) -> Said:
        """File an entry with what follows from it."""
        raw = self.writer.line(sequence, **body.model_dump(mode="json"))
        entry = JournalEntry.model_validate_json(raw)
        said = consider(entry, self.record, self.keys, now=NOW)
        self.record.file(
            EntryFiled(self.writer.device, 1, sequence, raw, None, None, ""),
            "0" * 64, case=None, feedback=said.feedback, also=said.also, now=NOW,
        )  # fmt: skip
        return said
