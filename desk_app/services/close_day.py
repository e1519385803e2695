"""Close a day (日结): the clerk's statement, as an entry that nothing changes later.

The signature is the entry itself: it names the operator who was unlocked, and its place
in the chained journal lies inside a batch that the device signs. A late entry opens the
day again; it is closed again by another version. Without a line the closing waits.
"""

from desk_app.services import days, journalling
from desk_app.services.catalogue import current_calendar
from desk_app.services.hands import Workplace
from desk_app.services.standing import local_day
from desk_app.store import audit, outbox, settings
from desk_app.store import days as kept_days
from schemas.problems import Code, Problem
from schemas.statement import DayClosed, Place


def close_day(place: Workplace, day: str) -> DayClosed:
    """Close a day, or close it again after a late change; returns what was said.

    `Problem(DAY_MALFORMED)`, `DAY_NOT_BEGUN`, `NOT_ENROLLED`, and
    `DAY_ALREADY_CLOSED` where nothing changed since.
    """
    day = days.parse_day(day)
    now = place.hands.now()
    today = local_day(now)
    if day > today.isoformat():
        raise Problem(Code.DAY_NOT_BEGUN, day=day)
    calendar = current_calendar(place)
    # A legal day that ends by the next working day may pass before the next contact.
    soon = calendar.after(today, 1).day.isoformat()
    days.catch_up(place)
    with place.vault.write() as tx:
        epoch = int(journalling.require_setting(tx, "epoch"))
        if settings.get(tx, "terminal") is None:
            raise Problem(Code.NOT_ENROLLED)
        while days.note_new(tx, 500):
            pass
        before = kept_days.closings_of(tx, day)
        late: tuple[Place, ...] = ()
        if before:
            last = before[-1]
            late = tuple(
                Place(epoch=each, sequence=sequence)
                for each, sequence, _ in kept_days.entries_of(tx, day)
                if (each, sequence) > (last.epoch, last.sequence)
            )
            agreed = any(
                (each.version, each.kind, each.genuine)
                == (last.version, "statement_agreed", True)
                for each in kept_days.verdicts_of(tx, day)
            )
            if not late and (agreed or not days.cannot_agree(tx, last)):
                raise Problem(Code.DAY_ALREADY_CLOSED, day=day)
        waiting, _, _ = outbox.waiting(tx, epoch)
        closing = days.next_closing(tx, day)
        body = DayClosed(
            statement=days.statement_in(tx, closing),
            operator_name=place.operator_name,
            closed_at=now,
            late=late,
            waiting=max(0, waiting),
            pressing=kept_days.due_by(tx, soon),
            calendar_through=calendar.holidays.complete_through.isoformat(),
        )
        entry = journalling.append(tx, place, body, number="")
        kept_days.add_closing(
            tx,
            kept_days.ClosingRecord(
                day,
                closing.version,
                entry.epoch,
                entry.sequence,
                place.operator,
                body.model_dump_json(),
            ),
        )
        audit.note(tx, "day_closed", day, operator=place.operator, now=now)
    return body
