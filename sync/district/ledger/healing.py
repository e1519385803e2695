"""The record's part of a healing: epochs, entries to return, ids, answers again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from sync.district.ledger.answers import keep_answer
from sync.district.ledger.rows import GAPS, AnswerGiven, CaseFiled
from sync.district.ledger.sending import FLOOR, TOLD_LAST, queue_message
from sync.district.ledger.tables import (
    answers,
    audit,
    cases,
    entries,
    entry_ids,
    epochs,
    feed_floors,
    outgoing,
)

# The audit line of a feed that had two histories and was brought to one.
FEED_FORK: Final = "feed_fork_mended"
# The audit line of an answer that was lost here and reported back.
RESTORED: Final = "answer_restored"
# What is asked for every entry and every desk is built once.
_ACT: Final = select(entry_ids.c.epoch).where(
    entry_ids.c.entry_id == bindparam("entry_id")
)
_LEFT_AFTER: Final = (
    select(epochs)
    .where(
        epochs.c.device == bindparam("device"),
        epochs.c.epoch > bindparam("epoch"),
        or_(
            epochs.c.from_epoch < bindparam("epoch"),
            and_(
                epochs.c.from_epoch == bindparam("epoch"),
                epochs.c.agreed < bindparam("sequence"),
            ),
        ),
    )
    .order_by(epochs.c.epoch.desc())
    .limit(1)
)
_SENT_END: Final = TOLD_LAST.where(outgoing.c.sent == 1)


@dataclass(frozen=True, slots=True)
class EpochLeft:
    """That a device began an epoch, and which history it left for it."""

    device: str
    epoch: int
    from_epoch: int
    agreed: int
    why: str
    at: str


def keep_epoch(connection: Connection, left: EpochLeft) -> None:
    """Note an epoch, in the transaction that files its first entry."""
    connection.execute(
        insert(epochs).values(
            device=left.device,
            epoch=left.epoch,
            from_epoch=left.from_epoch,
            agreed=left.agreed,
            why=left.why,
            at=left.at,
        )
    )


def keep_id(
    connection: Connection, entry_id: str, *, device: str, epoch: int, sequence: int
) -> None:
    """Note under which place an act was filed; it is filed once."""
    act = {"entry_id": entry_id}
    if connection.execute(_ACT, act).first() is None:
        place = {"device": device, "epoch": epoch, "sequence": sequence}
        connection.execute(insert(entry_ids), act | place)


def restore_answer(
    connection: Connection, given: AnswerGiven, after: CaseFiled
) -> None:
    """Put back an answer that was lost; the same again changes nothing."""
    same = and_(
        answers.c.number == given.number,
        answers.c.answered_at == given.answered_at,
        answers.c.answer == given.answer,
    )
    if connection.execute(select(answers.c.id).where(same)).first() is not None:
        return
    keep_answer(connection, given, what=RESTORED)
    connection.execute(
        update(cases)
        .where(cases.c.number == given.number)
        .values(state=after.state, official_number=after.official_number)
    )


class HealingLedger:
    """What reconcile reads and mends after a rollback."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def knows(self, entry_id: str) -> bool:
        """Say whether the act of this id was filed, at whatever place."""
        with self._engine.connect() as connection:
            return connection.execute(_ACT, {"entry_id": entry_id}).first() is not None

    def after(
        self, device: str, *, epoch: int, sequence: int, before: int
    ) -> tuple[bytes, ...]:
        """Return a device's filed entries after a place, of epochs before another."""
        later = or_(
            entries.c.epoch > epoch,
            and_(entries.c.epoch == epoch, entries.c.sequence > sequence),
        )
        query = (
            select(entries.c.entry)
            .where(
                entries.c.device == device,
                later,
                entries.c.epoch < before,
                # The district never had what is in a gap: nothing to return.
                or_(entries.c.problem.is_(None), entries.c.problem.not_in(GAPS)),
            )
            .order_by(entries.c.epoch, entries.c.sequence)
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def has_begun(self, device: str, epoch: int) -> bool:
        """Say whether the beginning of an epoch was filed."""
        query = select(epochs.c.epoch).where(
            epochs.c.device == device, epochs.c.epoch == epoch
        )
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def inherited(self, device: str) -> tuple[bytes, ...]:
        """Return the entries of other desks in cases that are a device's now."""
        query = (
            select(entries.c.entry)
            .join(cases, cases.c.number == entries.c.number)
            .where(
                cases.c.device == device,
                entries.c.device != device,
                entries.c.problem.is_(None),
            )
            .order_by(entries.c.device, entries.c.epoch, entries.c.sequence)
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def answers_to(
        self, device: str, *, restored_only: bool = False
    ) -> tuple[AnswerGiven, ...]:
        """Return the answers to a device's cases, in the order they were given.

        `restored_only` are those that were lost and reported back: no message of its
        feed brings them any more, which went out in a life of this district that it has
        forgotten.
        """
        restored = select(audit.c.position).where(
            audit.c.what == RESTORED,
            audit.c.subject == answers.c.number,
            audit.c.at == answers.c.answered_at,
        )
        query = (
            select(
                answers.c.number,
                answers.c.revision,
                answers.c.answer,
                answers.c.answered_at,
                answers.c.answered_by,
            )
            .join(cases, cases.c.number == answers.c.number)
            .where(cases.c.device == device)
            .order_by(answers.c.id)
        )
        if restored_only:
            query = query.where(restored.exists())
        with self._engine.connect() as connection:
            return tuple(AnswerGiven(*row) for row in connection.execute(query))

    def succeed(self, old: str, new: str, messages: Sequence[str], *, at: str) -> int:
        """Give a lost desk's cases to another, and their entries; returns how many."""
        with self._engine.begin() as connection:
            moved = connection.execute(
                update(cases).where(cases.c.device == old).values(device=new)
            )
            for message in messages:
                queue_message(connection, new, message)
            connection.execute(
                insert(audit).values(
                    at=at, who="cli", what="desk_succeeded", subject=f"{old} {new}"
                )
            )
        return moved.rowcount

    def left_after(self, device: str, epoch: int, sequence: int) -> EpochLeft | None:
        """Return the healing that an entry of a left epoch came too late for."""
        place = {"device": device, "epoch": epoch, "sequence": sequence}
        with self._engine.connect() as connection:
            row = connection.execute(_LEFT_AFTER, place).first()
        return EpochLeft(*row) if row else None

    def epochs(self, *, limit: int) -> tuple[EpochLeft, ...]:
        """Return the epochs that desks began, the newest first."""
        query = select(epochs).order_by(epochs.c.at.desc()).limit(limit)
        with self._engine.connect() as connection:
            return tuple(EpochLeft(*row) for row in connection.execute(query))

    def feed_end(self, device: str) -> int:
        """Return the last position that a device's feed has given to anything."""
        mine = {"device": device}
        with self._engine.connect() as connection:
            return max(
                connection.execute(TOLD_LAST, mine).scalar() or 0,
                connection.execute(FLOOR, mine).scalar() or 0,
            )

    def sent_end(self, device: str) -> int:
        """Return the last position of a device that was sealed, as the record knows."""
        with self._engine.connect() as connection:
            return connection.execute(_SENT_END, {"device": device}).scalar() or 0

    def raise_floor(self, device: str, position: int) -> None:
        """Let a device's feed go on after a position that it has reached elsewhere."""
        mine = feed_floors.c.device == device
        with self._engine.begin() as connection:
            known = connection.execute(select(feed_floors.c.position).where(mine))
            if known.scalar() is None:
                connection.execute(
                    insert(feed_floors).values(device=device, position=position)
                )
            else:
                connection.execute(
                    update(feed_floors).where(mine).values(position=position)
                )

    def send_again(self, device: str, after: int) -> None:
        """Seal once more what the sealed ledger lost of a device's feed."""
        with self._engine.begin() as connection:
            connection.execute(
                update(outgoing)
                .where(outgoing.c.device == device, outgoing.c.position > after)
                .values(sent=0)
            )

    def fill(self, device: str, bodies: Mapping[int, str]) -> None:
        """Put something at positions of a feed that neither side has any more."""
        with self._engine.begin() as connection:
            for position, body in bodies.items():
                here = (outgoing.c.device == device, outgoing.c.position == position)
                if connection.execute(select(outgoing.c.id).where(*here)).first():
                    connection.execute(update(outgoing).where(*here).values(sent=0))
                else:
                    connection.execute(
                        insert(outgoing).values(
                            device=device, position=position, body=body
                        )
                    )

    def was_mended(self, subject: str) -> bool:
        """Say whether a fork of a feed was healed; the audit trail knows."""
        query = select(audit.c.position).where(
            audit.c.what == FEED_FORK, audit.c.subject == subject
        )
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def bodies(self, device: str, *, after: int, through: int) -> tuple[str, ...]:
        """Return what was put into a feed between two positions, in order."""
        query = (
            select(outgoing.c.body)
            .where(
                outgoing.c.device == device,
                outgoing.c.position > after,
                outgoing.c.position <= through,
            )
            .order_by(outgoing.c.position)
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())
