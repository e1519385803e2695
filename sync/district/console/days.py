"""The pages on days, findings and silent desks (对账)."""

import json
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse

from schemas.problems import Code, Problem
from schemas.statement import Statement
from sync.district.config.words import words
from sync.district.console.pages import ConsoleParts, Pages, local
from sync.district.console.sessions import ConsoleSession, check_csrf
from sync.district.ledger.findings import Finding
from sync.district.reconcile import days
from sync.district.reconcile.comparing import rule
from sync.district.reconcile.filing import send_outgoing
from sync.district.reconcile.silence import silent_desks

_SHOWN: Final = 200
_MOMENTS: Final = ("at", "wall", "anchored_at", "received_at")
# As many digits of a digest as two people compare.
_DIGITS: Final = 16

# As many as a page shows of what was noticed.
_ALARMS = 30


def add_pages(
    app: FastAPI,
    pages: Pages,
    parts: ConsoleParts,
    signed_in: Callable[[Request], ConsoleSession],
) -> None:
    """Put these pages beside the others."""
    who = Annotated[ConsoleSession, Depends(signed_in)]

    @app.get("/days")
    def list_of_days(session: who) -> Response:
        rows = days.list_days(parts.record, limit=_SHOWN)
        return pages.show("days.html", session, rows=rows, names=_names(parts))

    @app.get("/days/{device}/{day}")
    def one_day(session: who, device: str, day: str) -> Response:
        view = days.view_day(parts.record, device, day)
        return pages.show(
            "day.html",
            session,
            view=view,
            name=_names(parts).get(device, device),
            beside=_beside(view.theirs, view.ours),
            findings=sorted(view.findings, key=lambda each: not each.finding.closing),
            told=_told,
        )

    @app.get("/findings")
    def findings(session: who, everything: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query
        rows = parts.record.findings.of(open_only=not everything)
        return pages.show(
            "findings.html",
            session,
            rows=rows[-_SHOWN:],
            total=len(rows),
            everything=everything,
            names=_names(parts),
            told=_told,
        )

    @app.post("/findings/{finding}")
    def rule_on(
        session: who,
        finding: int,
        ruling: Annotated[str, Form()],
        csrf: Annotated[str, Form()],
    ) -> Response:
        check_csrf(session, csrf)
        now = parts.now()
        found = parts.record.findings.get(finding)
        if found.ruling is not None:
            raise Problem(Code.FINDING_RULED, finding=finding)
        rule(parts.record, parts.keys, finding, ruling=ruling, by=session.name, now=now)
        send_outgoing(parts.sealed, parts.record, parts.keys, now=now)
        kept = found.finding
        back = f"/days/{kept.device}/{kept.day}" if kept.closing else "/findings"
        return RedirectResponse(back, status_code=303)

    @app.get("/desks")
    def desks(session: who) -> Response:
        rows = silent_desks(parts.sealed, parts.record, now=parts.now())
        contacts, healing = parts.sealed.contacts, parts.record.healing
        return pages.show(
            "desks.html", session, rows=rows,
            alarms=contacts.alarms(limit=_ALARMS), epochs=healing.epochs(limit=_ALARMS),
        )  # fmt: skip


def _told(finding: Finding) -> str:
    """Return what a finding is about, as people read it."""
    table = words("district")
    said = []
    for name, value in json.loads(finding.detail).items():
        label = table.get(f"finding_about.{name}")
        if label is None or value is None:
            continue
        moment = name in _MOMENTS and isinstance(value, str)
        said.append(f"{label} {local(value) if moment else str(value)[:_DIGITS]}")
    return " · ".join(said)


def _names(parts: ConsoleParts) -> dict[str, str]:
    return {
        each.device: f"{each.desk_name} {each.terminal or ''}".strip()
        for each in parts.sealed.devices()
    }


def _beside(
    theirs: Statement | None, ours: Statement | None
) -> tuple[tuple[str, str, str, bool], ...]:
    """Return (what, as the desk says, as the district holds, equal) line by line."""
    if theirs is None or ours is None:
        return ()
    table = words("district")
    lines = [
        (table["days.entries"], _tally(theirs, "entries"), _tally(ours, "entries")),
        (
            table["days.attachments"],
            _tally(theirs, "attachments"),
            _tally(ours, "attachments"),
        ),
        *_steps(theirs, ours),
        (table["days.numbers"], _numbers(theirs), _numbers(ours)),
        (table["days.root"], theirs.root, ours.root),
    ]
    return tuple((what, one, other, one == other) for what, one, other in lines)


def _tally(statement: Statement, name: str) -> str:
    tally = statement.entries if name == "entries" else statement.attachments
    return f"{tally.count} / {tally.size} B"


def _steps(theirs: Statement, ours: Statement) -> list[tuple[str, str, str]]:
    one = {each.item: each.steps for each in theirs.items}
    other = {each.item: each.steps for each in ours.items}
    return [
        (item or "-", _counts(one.get(item, {})), _counts(other.get(item, {})))
        for item in sorted(one.keys() | other.keys())
    ]


def _counts(steps: dict[str, int]) -> str:
    table = words("district")
    return " · ".join(
        f"{table.get(f'event.{kind}', kind)} {n}" for kind, n in steps.items()
    )


def _numbers(statement: Statement) -> str:
    table = words("district")
    said = []
    for use in statement.serials:
        said.append(f"{use.terminal}: 0001–{use.last:04d} ({use.cases})")
        said += [
            f"{gap.first:04d}–{gap.last:04d} {table.get(f'gap.{gap.why}', gap.why)}"
            f" {gap.reason}".rstrip()
            for gap in use.gaps
        ]
    return " · ".join(said)
