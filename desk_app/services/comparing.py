"""Answer the district about a day, and keep what it says of it (P7).

All in the transaction that moves the feed's cursor: a question is answered once, by a
journal entry that travels like any other.
"""

from desk_app.services import days, journalling
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.store import days as kept_days
from desk_app.store import former_keys
from desk_app.store.vault import Transaction
from schemas.encoding import base64_bytes
from schemas.enrolment import Charter
from schemas.feed import FeedBody
from schemas.statement import (
    Agreement,
    DayCompared,
    DayQuestion,
    StatementAgreed,
    StatementDiffers,
)
from sync.protocol.difference import Held, answer, with_differences
from sync.protocol.statement import Closing, leaves_of, range_digest
from sync.seal import suite1
from sync.seal.agreements import agreement_is_genuine


def take(place: Workplace, tx: Transaction, body: FeedBody, position: int) -> None:
    """Act on what the district says of a day; other bodies are not for here."""
    if isinstance(body, DayQuestion):
        _keep(tx, position, body, genuine=True)
        _answer(place, tx, body)
    elif isinstance(body, StatementDiffers):
        _keep(tx, position, body, genuine=True)
    elif isinstance(body, StatementAgreed):
        _keep(tx, position, body, genuine=_is_ours(tx, body))


def _keep(
    tx: Transaction,
    position: int,
    body: DayQuestion | StatementDiffers | StatementAgreed,
    *,
    genuine: bool,
) -> None:
    verdict = kept_days.VerdictRecord(
        position, body.day, body.version, body.kind, genuine, body.model_dump_json()
    )
    kept_days.add_verdict(tx, verdict)


def _answer(place: Workplace, tx: Transaction, asked: DayQuestion) -> None:
    while days.note_new(tx, 500):
        pass
    closing = Closing(
        require_setting(tx, "device"), asked.day, asked.version, asked.before
    )
    leaves = leaves_of(days.records_of(tx, asked.day), closing, suite1.digest)
    said = DayCompared(
        day=asked.day,
        version=asked.version,
        before=asked.before,
        round=asked.round,
        ranges=answer(Held(leaves, suite1.digest), asked.ranges),
    )
    journalling.append(tx, place, said, number="")


def _is_ours(tx: Transaction, said: StatementAgreed) -> bool:
    """Say whether the district signed the very statement that was closed here.

    A signature over another one is kept and shown as not valid: it must neither count
    nor stop the feed.
    """
    charter = Charter.model_validate_json(require_setting(tx, "charter"))
    closings = [
        each
        for each in kept_days.closings_of(tx, said.day)
        if each.version == said.version
    ]
    if not closings:
        return False
    # Signed before the district's keys changed, it may come after that.
    keys = (base64_bytes(charter.answers_key), *former_keys.of(tx, "answers"))
    genuine = any(
        agreement_is_genuine(
            said.document,
            key,
            closed=(closings[0].epoch, closings[0].sequence),
            body=closings[0].body,
        )
        for key in keys
    )
    return genuine and _is_explained(tx, Agreement.model_validate(said.document))


def _is_explained(tx: Transaction, signed: Agreement) -> bool:
    """Say whether the exceptions that were signed make up all of the difference.

    One ruled exception must not cover a hundred records that nobody was told of.
    """
    if not signed.exceptions:
        return True
    theirs = signed.statement
    closing = Closing(theirs.device, theirs.day, theirs.version, theirs.before)
    leaves = leaves_of(days.records_of(tx, theirs.day), closing, suite1.digest)
    named = [each.difference for each in signed.exceptions]
    return theirs.root in {
        range_digest(leaves, suite1.digest),
        range_digest(with_differences(leaves, named), suite1.digest),
    }
