"""Compare a closed day with the record, down to the record; countersign or find (P7).

Rule 1: both sides' statements come from the same pure function over what each holds.
Rule 2: what was said, asked, found, agreed or ruled is appended, never changed.
Rule 3: a difference does not hold up anything: the day stays open until the records
        are there, or until people have ruled on each of them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from schemas.base import utc_text
from schemas.encoding import JsonObject, canonical
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.statement import (
    DayClosed,
    DayCompared,
    DayQuestion,
    Place,
    Range,
    RecordDifference,
    RuledDifference,
    Statement,
    StatementAgreed,
    StatementDiffers,
)
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.days import (
    AgreementSigned,
    ClosingFiled,
    ClosingKey,
    QuestionAsked,
    keep_agreement,
    keep_closing,
    keep_question,
)
from sync.district.ledger.findings import (
    DIFFERENCES,
    Finding,
    FindingKept,
    Ruling,
    keep_findings,
    keep_ruling,
)
from sync.district.ledger.record import Also, Record
from sync.protocol.difference import Held, first_question, judge, still_differs
from sync.protocol.statement import (
    Closing,
    leaves_of,
    numbers_in,
    received_in,
    statement_of,
)
from sync.seal import suite1
from sync.seal.agreements import sign_agreement


@dataclass(frozen=True)
class Said:
    """What follows from an entry: what is kept with it, and the desk's message."""

    also: Also | None = None
    feedback: str | None = None


def consider(
    entry: JournalEntry | None, record: Record, keys: ReconcileKeys, *, now: datetime
) -> Said:
    """Return what follows from an entry about a day; nothing from any other."""
    if entry is not None and isinstance(entry.body, DayClosed):
        return _closed(entry, entry.body, record, keys, now=now)
    if entry is not None and isinstance(entry.body, DayCompared):
        return _compared(entry, entry.body, record, keys, now=now)
    return Said()


def own_statement(record: Record, closing: Closing) -> Statement:
    """Return the district's statement of a closing, from what it holds now."""
    record.days.catch_up(closing.device)
    kept = record.days.records(closing.device, closing.day)
    items: dict[str, str] = {}
    for raw in record.days.receipts(closing.device, numbers_in(kept)):
        received = received_in(raw)
        if received is not None:
            items.setdefault(*received)
    return statement_of(kept, closing, items=items, digest=suite1.digest)


def _held(record: Record, closing: Closing) -> Held:
    record.days.catch_up(closing.device)
    kept = record.days.records(closing.device, closing.day)
    return Held(leaves_of(kept, closing, suite1.digest), suite1.digest)


def _closed(
    entry: JournalEntry, body: DayClosed, record: Record, keys: ReconcileKeys, *,
    now: datetime,
) -> Said:  # fmt: skip
    theirs = body.statement
    here = Place(epoch=entry.epoch, sequence=entry.sequence)
    if (theirs.device, theirs.before) != (entry.device, here):
        # A closing taken over into another epoch says nothing of its own place: it is
        # filed, and the desk closes the day again.
        return _of_another(entry, theirs, now=now)
    closing = Closing(entry.device, theirs.day, theirs.version, here)
    ours = own_statement(record, closing)
    key = ClosingKey(entry.device, theirs.day, entry.epoch, entry.sequence)
    filed = ClosingFiled(
        key, theirs.version, entry.operator, body.model_dump_json(),
        ours.model_dump_json(),
    )  # fmt: skip
    found: list[Finding] = []
    if ours.root == theirs.root:
        follows = _countersigned(filed, keys, (), now=now)
        found = [*_gaps(ours, key), *_miscounted(ours, theirs, key)]
    else:
        ranges = first_question(_held(record, closing))
        follows = _asked(key, theirs.version, 1, ranges, now=now)

    def keep(connection: Connection) -> None:
        keep_closing(connection, filed, now=now)
        keep_findings(connection, found, now=now)
        if follows.also is not None:
            follows.also(connection)

    return Said(keep, follows.feedback)


def _compared(
    entry: JournalEntry, body: DayCompared, record: Record, keys: ReconcileKeys, *,
    now: datetime,
) -> Said:  # fmt: skip
    before = body.before
    key = ClosingKey(entry.device, body.day, before.epoch, before.sequence)
    filed = closing_of(record, key)
    search = record.days.search(key)
    if filed is None or not search.asking or search.rounds != body.round:
        # An answer to no question of ours, or to one that was answered already.
        return Said()
    closing = Closing(entry.device, body.day, filed.version, before)
    judged = judge(_held(record, closing), body.ranges)
    found = [_finding(key, each) for each in judged.found]
    if judged.ranges:
        ranges = judged.ranges
        follows = _asked(key, filed.version, body.round + 1, ranges, now=now)
    else:
        follows = _searched(record, key, filed, judged.found, keys, now=now)

    def keep(connection: Connection) -> None:
        keep_findings(connection, found, now=now)
        if follows.also is not None:
            follows.also(connection)

    return Said(keep, follows.feedback)


def _searched(
    record: Record, key: ClosingKey, filed: ClosingFiled,
    last: Sequence[RecordDifference], keys: ReconcileKeys, *, now: datetime,
) -> Said:  # fmt: skip
    """Return what is said when nothing is left to ask."""
    known = [difference_of(each) for each in differences_of(record, key)]
    named = {(each.epoch, each.sequence): each for each in (*known, *last)}
    if not named:
        # What differed when it was asked is held by now: the day agrees after all.
        ours = own_statement(record, _closing(filed))
        if ours.root == DayClosed.model_validate_json(filed.body).statement.root:
            return _countersigned(filed, keys, (), now=now, statement=ours)
    rounds = record.days.search(key).rounds
    ended = QuestionAsked(key, rounds + 1, 0)
    said = StatementDiffers(
        day=key.day,
        version=filed.version,
        before=Place(epoch=key.epoch, sequence=key.sequence),
        found_at=now,
        rounds=rounds,
        differences=tuple(named[place] for place in sorted(named)),
    )
    return Said(
        lambda connection: keep_question(connection, ended, now=now),
        said.model_dump_json(),
    )


def agree_after_all(
    device: str, record: Record, keys: ReconcileKeys, *, now: datetime
) -> int:
    """Countersign days that differed and whose records are all held by now.

    What a batch that did not open had left out comes later, inside other entries; no
    person needs to rule on that. Returns how many days.
    """
    agreed = 0
    for filed in record.days.differing(device):
        ours = own_statement(record, _closing(filed))
        if ours.root != DayClosed.model_validate_json(filed.body).statement.root:
            continue
        follows = _countersigned(filed, keys, (), now=now, statement=ours)
        if follows.also is not None:
            record.keep(follows.also, device=device, feedback=follows.feedback)
            agreed += 1
    return agreed


def _asked(
    key: ClosingKey, version: int, number: int, ranges: tuple[Range, ...], *,
    now: datetime,
) -> Said:  # fmt: skip
    question = DayQuestion(
        day=key.day,
        version=version,
        before=Place(epoch=key.epoch, sequence=key.sequence),
        round=number,
        ranges=ranges,
    )
    asked = QuestionAsked(key, number, len(ranges))
    return Said(
        lambda connection: keep_question(connection, asked, now=now),
        question.model_dump_json(),
    )


def _countersigned(
    filed: ClosingFiled, keys: ReconcileKeys, ruled: tuple[RuledDifference, ...], *,
    now: datetime, statement: Statement | None = None,
) -> Said:  # fmt: skip
    """Sign the district's own statement, and name the clerk's entry beside it."""
    key = filed.key
    own = statement or Statement.model_validate_json(filed.own)
    fields: JsonObject = {
        "statement": own.model_dump(mode="json"),
        "closed": {"epoch": key.epoch, "sequence": key.sequence},
        "operator": filed.operator,
        "operator_name": DayClosed.model_validate_json(filed.body).operator_name,
        "agreed_at": utc_text(now),
        "exceptions": [each.model_dump(mode="json") for each in ruled],
    }
    document = sign_agreement(fields, keys.answers)
    signed = AgreementSigned(key, canonical(document).decode())
    said = StatementAgreed(day=key.day, version=filed.version, document=document)
    return Said(
        lambda connection: keep_agreement(connection, signed, now=now),
        said.model_dump_json(),
    )


def _gaps(ours: Statement, key: ClosingKey) -> list[Finding]:
    """Return the serials that nothing explains: numbers that may be on paper."""
    return [
        Finding(
            key.device, key.day, _name(key), "serial_gap", key.epoch, gap.first, "",
            json.dumps({"first": gap.first, "last": gap.last}),
        )
        for use in ours.serials
        for gap in use.gaps
        if gap.why == "unexplained"
    ]  # fmt: skip


# What a statement says of its records: both sides count it from the same ones.
_COUNTED = ("entries", "attachments", "items", "serials", "editions")


def _miscounted(ours: Statement, theirs: Statement, key: ClosingKey) -> list[Finding]:
    """Return where a desk counts otherwise over the very same records.

    Ours is signed, so nothing false is; but a paper copy at the desk says something
    else, and people must know.
    """
    other = [name for name in _COUNTED if getattr(ours, name) != getattr(theirs, name)]
    if not other:
        return []
    detail = json.dumps({"counted_otherwise": ", ".join(other)})
    return [
        Finding(
            key.device, key.day, _name(key), "statement_counts", key.epoch,
            key.sequence, "", detail,
        )
    ]  # fmt: skip


def _of_another(entry: JournalEntry, theirs: Statement, *, now: datetime) -> Said:
    """File a statement that is not its desk's own; it counts for nobody's day."""
    if theirs.device == entry.device:
        return Said()
    finding = Finding(
        entry.device, theirs.day, "", "statement_foreign", entry.epoch,
        entry.sequence, "", json.dumps({"of_device": theirs.device}),
    )  # fmt: skip
    return Said(lambda connection: keep_findings(connection, [finding], now=now))


def _finding(key: ClosingKey, each: RecordDifference) -> Finding:
    return Finding(
        key.device, key.day, _name(key), each.what, each.epoch, each.sequence,
        each.number, each.model_dump_json(),
    )  # fmt: skip


def _name(key: ClosingKey) -> str:
    return f"{key.epoch}.{key.sequence}"


def _closing(filed: ClosingFiled) -> Closing:
    key = filed.key
    place = Place(epoch=key.epoch, sequence=key.sequence)
    return Closing(key.device, key.day, filed.version, place)


def closing_of(record: Record, key: ClosingKey) -> ClosingFiled | None:
    """Return a filed closing by its place."""
    found = record.days.closings(key.device, key.day)
    return next((each for each in found if each.key == key), None)


def differences_of(record: Record, key: ClosingKey) -> tuple[FindingKept, ...]:
    """Return the records on which the sides differ in a closing, ruled or not."""
    found = record.findings.of(device=key.device, day=key.day, closing=_name(key))
    return tuple(each for each in found if each.finding.kind in DIFFERENCES)


def difference_of(kept: FindingKept) -> RecordDifference:
    """Return the difference that a finding is about."""
    return RecordDifference.model_validate_json(kept.finding.detail)


def rule(
    record: Record, keys: ReconcileKeys, finding_id: int, *, ruling: str, by: str,
    now: datetime,
) -> bool:  # fmt: skip
    """Keep a person's word on a finding; True where it was the day's last open one.

    When the search for a day's differences has ended and all are ruled on, the
    statement is countersigned with them as exceptions. `Problem(FINDING_UNKNOWN)`,
    `FINDING_RULED`, `FINDING_SETTLED`, `REASON_MISSING`.
    """
    if len(ruling.strip()) < 2:  # noqa: PLR2004 - a word
        raise Problem(Code.REASON_MISSING)
    found = record.findings.get(finding_id)
    if found.settled_at is not None:
        raise Problem(Code.FINDING_SETTLED, finding=finding_id)
    said = Ruling(ruling.strip(), by, utc_text(now))
    follows = _last_ruled(record, keys, found, said, now=now)

    def keep(connection: Connection) -> None:
        keep_ruling(connection, finding_id, said)
        if follows.also is not None:
            follows.also(connection)

    device = found.finding.device
    record.keep(keep, device=device, feedback=follows.feedback)
    record.note(by, "finding_ruled", str(finding_id), now=now)
    return follows.feedback is not None


def _last_ruled(
    record: Record, keys: ReconcileKeys, ruled: FindingKept, said: Ruling, *,
    now: datetime,
) -> Said:  # fmt: skip
    finding = ruled.finding
    if finding.kind not in DIFFERENCES:
        return Said()
    epoch, sequence = map(int, finding.closing.split("."))
    key = ClosingKey(finding.device, finding.day, epoch, sequence)
    filed = closing_of(record, key)
    agreed = record.days.agreement(key) is not None
    if filed is None or agreed or record.days.search(key).asking:
        return Said()
    exceptions = []
    held = _held(record, _closing(filed))
    for each in differences_of(record, key):
        word = said if each.id == ruled.id else each.ruling
        if word is None:
            return Said()
        if not still_differs(held, difference_of(each)):
            # It came, or was mended, after it was found: nothing to except any more.
            continue
        exceptions.append(
            RuledDifference(
                difference=difference_of(each),
                ruling=word.ruling,
                ruled_by=word.ruled_by,
                ruled_at=datetime.fromisoformat(word.ruled_at),
            )
        )
    ours = own_statement(record, _closing(filed))
    return _countersigned(filed, keys, tuple(exceptions), now=now, statement=ours)
