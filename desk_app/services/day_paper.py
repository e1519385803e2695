"""Print a day's statement: numbered copies, kept in the vault like any document."""

from desk_app.printing.statement import StatementProps, statement_pdf
from desk_app.services import catalogue, days
from desk_app.services.days import DayView, NamedDifference
from desk_app.services.hands import Workplace
from desk_app.store import audit, documents, settings
from desk_app.text.words import Words, local_time
from schemas.base import utc_text
from schemas.catalogue import Edition
from schemas.problems import Code, Problem
from schemas.statement import Statement

KIND = "statement"


def day_statement(place: Workplace, day: str) -> bytes:
    """Make, number and keep one more copy; `Problem(DAY_NOT_CLOSED)`."""
    view = days.view_day(place, day)
    if not view.closings:
        raise Problem(Code.DAY_NOT_CLOSED, day=day)
    now = place.hands.now()
    edition = catalogue.current_edition(place)
    name = f"{view.row.day}/{view.row.version}"
    with place.vault.read() as tx:
        copy = documents.next_copy(tx, name, KIND)
        desk = settings.get(tx, "desk_name") or ""
        terminal = settings.get(tx, "terminal") or ""
        town = settings.get(tx, "town") or ""
    pdf = statement_pdf(
        _props(view, edition, desk=desk, terminal=f"{town}-{terminal}", copy=copy)
    )
    with place.vault.write() as tx:
        documents.keep(
            tx, name, KIND, pdf=pdf, at=utc_text(now), operator=place.operator
        )
        audit.note(tx, "statement_printed", name, operator=place.operator, now=now)
    return pdf


def _props(
    view: DayView, edition: Edition, *, desk: str, terminal: str, copy: int
) -> StatementProps:
    words = Words("desk")
    closed = view.closings[-1]
    statement = closed.statement
    row, place = view.row, statement.before
    mark = words("days.clerk_mark", epoch=place.epoch, sequence=place.sequence)
    return StatementProps(
        number=f"{terminal}-{row.day}",
        desk=desk,
        terminal=terminal,
        day=row.day,
        version=str(statement.version),
        closed=f"{local_time(closed.closed_at)}  {closed.operator_name}",
        entries=words(
            "days.tally", count=statement.entries.count, size=statement.entries.size
        ),
        attachments=words(
            "days.tally",
            count=statement.attachments.count,
            size=statement.attachments.size,
        ),
        editions=" ".join(map(str, statement.editions)) or "-",
        calendar=closed.calendar_through,
        waiting=words(
            "days.waiting_pressing", waiting=closed.waiting, pressing=closed.pressing
        ),
        root=statement.root,
        clerk_mark=f"{closed.operator_name}  {mark}",
        district_mark=_district_mark(view, words),
        state=words(f"days.state_{row.state}"),
        items=item_lines(statement, edition, words),
        serials=serial_lines(statement, words),
        gaps=gap_lines(statement, words),
        differences=tuple(difference_line(each, words) for each in view.differences),
        copy=copy,
        qr=f"island-desk/statement/1 {statement.device} {row.day}"
        f" {statement.version} {statement.root}",
    )


def _district_mark(view: DayView, words: Words) -> str | None:
    agreement = view.agreement
    if agreement is None or not view.agreement_genuine:
        return words("days.no_mark")
    said = words(
        "days.district_mark",
        time=local_time(agreement.agreed_at),
        key=agreement.answers_key,
        exceptions=len(agreement.exceptions),
    )
    return f"{said}  {agreement.signature}"


def item_lines(
    statement: Statement, edition: Edition, words: Words
) -> tuple[tuple[str, str], ...]:
    """Return (item, what was done and how often) of a statement."""
    lines = []
    for each in statement.items:
        item = edition.item(each.item)
        name = f"{each.item} {item.name}" if item else each.item or "-"
        steps = "、".join(
            f"{step_name(kind, words)} {count}" for kind, count in each.steps.items()
        )
        lines.append((name, steps))
    return tuple(lines)


def step_name(kind: str, words: Words) -> str:
    """Return how a step is called; one of a newer version by its own name."""
    for key in (f"days.{kind}", f"event.{kind}"):
        if words.has(key):
            return words(key)
    return kind


def serial_lines(
    statement: Statement, words: Words
) -> tuple[tuple[str, str, str], ...]:
    """Return (terminal, from-to, how many cases) of a statement's numbers."""
    return tuple(
        (
            use.terminal,
            f"0001—{use.last:04d}",
            words("days.cases", count=use.cases),
        )
        for use in statement.serials
    )


def gap_lines(statement: Statement, words: Words) -> tuple[tuple[str, str, str], ...]:
    """Return (serials, why, reason) of every gap."""
    return tuple(
        (
            f"{gap.first:04d}"
            if gap.first == gap.last
            else f"{gap.first:04d}—{gap.last:04d}",
            words(f"days.gap_{gap.why}"),
            gap.reason or "-",
        )
        for use in statement.serials
        for gap in use.gaps
    )


def difference_line(each: NamedDifference, words: Words) -> tuple[str, str, str]:
    """Return (place, what differs, case and step) of a named record."""
    difference = each.difference
    number = each.number or difference.number or "-"
    step = step_name(each.kind, words) if each.kind else ""
    return (
        f"{difference.epoch}.{difference.sequence}",
        words(f"days.{difference.what}"),
        f"{number} {step}".rstrip(),
    )
