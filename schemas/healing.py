"""What the two sides tell each other after one of them was put back (P8).

A desk that is behind starts a new epoch and says from where; the district sends back
what it holds of the epochs that were left. A district that is behind asks for the
answers that it gave and no longer has, and for cases of which it lacks the beginning.
"""

from typing import Literal

from pydantic import Field

from schemas.base import Base64, Count, Kept, Ordinal
from schemas.clocks import JournalHead
from schemas.ids import CaseNumber
from schemas.messages import FeedMessage


class EpochStarted(Kept):
    """Journal body, the first of its epoch: why the last one was left, and where.

    Both sides agree on `from_epoch` up to `agreed`; what the district holds after that
    place is to be sent back. `own` is how far the desk's own, left history went.
    """

    kind: Literal["epoch_started"] = "epoch_started"
    why: Literal["desk_behind", "forked", "restored"]
    from_epoch: Ordinal
    agreed: Count
    own: Count
    held: JournalHead | None = None
    restored_from: str | None = None


class EntriesReturned(Kept):
    """Feed body: entries of left epochs as the district holds them, byte for byte.

    `packed` is zstd over the entries, one a line, `plain_size` bytes in all; in order
    of epoch and sequence. `final` says that nothing more is held. `since` names the
    epoch whose beginning asked for them.
    """

    kind: Literal["entries_returned"] = "entries_returned"
    since: Ordinal
    packed: Base64 = ""
    plain_size: Count = 0
    final: bool


class AnswersWanted(Kept):
    """Feed body: report the answers at these positions; the district lost them."""

    kind: Literal["answers_wanted"] = "answers_wanted"
    after: Count
    through: Ordinal


class AnswerReported(Kept):
    """Journal body: an answer that the desk has, with the message that proves it.

    The message's header is signed and commits to the body (`body_commitment`).
    """

    kind: Literal["answer_reported"] = "answer_reported"
    number: str = Field(max_length=40)
    message: FeedMessage
    body: Base64
    """The opened body's canonical bytes."""


class CaseWanted(Kept):
    """Feed body: offer every entry of this case again; the district lacks some.

    Each travels inside an `entry_offered`, as it stood; the answers are reported.
    """

    kind: Literal["case_wanted"] = "case_wanted"
    number: CaseNumber


class EntryReleased(Kept):
    """Feed body: what was set aside is filed now; which entry brought what it missed.

    The place itself, where it only had to wait.
    """

    kind: Literal["entry_released"] = "entry_released"
    epoch: Ordinal
    sequence: Ordinal
    by_epoch: Ordinal
    by_sequence: Ordinal
