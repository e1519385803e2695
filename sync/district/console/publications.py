"""The page by which staff give things out: editions, calendars, notices, commands."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI, Form, Response, UploadFile
from fastapi.responses import RedirectResponse

from schemas.contact import Contact
from schemas.problems import Code, Problem
from sync.district.console.pages import ConsoleParts, Pages
from sync.district.console.sessions import ConsoleSession, check_csrf
from sync.district.reconcile.filing import send_outgoing
from sync.district.reconcile.publishing import (
    COMMANDS,
    Fault,
    deliver_publications,
    order_command,
    publish_new_calendar,
    publish_new_edition,
    publish_notice,
    summary,
)
from sync.seal.publications import LARGEST_EDITION

_CHINA = ZoneInfo("Asia/Shanghai")


def add_publication_pages(  # noqa: C901 - a list of pages
    app: FastAPI,
    pages: Pages,
    parts: ConsoleParts,
    signed_in: Callable[..., ConsoleSession],
) -> None:
    """Put the page into the console; giving out is for administrators."""
    who = Annotated[ConsoleSession, Depends(signed_in)]

    def page(
        session: ConsoleSession,
        *,
        problem: Problem | None = None,
        faults: tuple[Fault, ...] = (),
    ) -> Response:
        desks = [each for each in parts.sealed.devices() if each.state == "granted"]
        named = {each.device: f"{each.desk_name} {each.terminal}" for each in desks}
        delivered = parts.record.publications.deliveries_of()
        return pages.show(
            "publish.html",
            session,
            problem=problem,
            faults=faults,
            commands=COMMANDS,
            desks=desks,
            uses=[(each, _spoken(parts, each.device)) for each in desks],
            rows=[
                (each, summary(each), delivered.get(each.id, ()))
                for each in parts.record.publications.listed()
            ],
            named=named,
        )

    def act(
        session: ConsoleSession, csrf: str, give: Callable[[], tuple[Fault, ...]]
    ) -> Response:
        check_csrf(session, csrf)
        if session.role != "administrator":
            raise Problem(Code.STAFF_NOT_ALLOWED, role="administrator")
        try:
            faults = give()
        except Problem as problem:
            return page(session, problem=problem)
        if faults:
            invalid = Problem(Code.EDITION_INVALID, count=len(faults))
            return page(session, problem=invalid, faults=faults)
        deliver_publications(parts.sealed, parts.record, parts.keys)
        send_outgoing(parts.sealed, parts.record, parts.keys, now=parts.now())
        return RedirectResponse("/publish", status_code=303)

    @app.get("/publish")
    def publish_page(session: who) -> Response:
        return page(session)

    @app.post("/publish/edition")
    def edition(
        session: who, file: UploadFile, csrf: Annotated[str, Form()]
    ) -> Response:
        return act(
            session,
            csrf,
            lambda: publish_new_edition(
                parts.record, _text(file), by=session.login, now=parts.now()
            ),
        )

    @app.post("/publish/calendar")
    def calendar(
        session: who,
        file: UploadFile,
        since: Annotated[date, Form()],
        csrf: Annotated[str, Form()],
    ) -> Response:
        def give() -> tuple[Fault, ...]:
            publish_new_calendar(
                parts.record, _text(file), effective_from=since, by=session.login,
                now=parts.now(),
            )  # fmt: skip
            return ()

        return act(session, csrf, give)

    @app.post("/publish/notice")
    def notice(
        session: who,
        text: Annotated[str, Form()],
        csrf: Annotated[str, Form()],
        until: Annotated[str, Form()] = "",
    ) -> Response:
        def give() -> tuple[Fault, ...]:
            publish_notice(
                parts.record, text, until=_day(until), by=session.login,
                today=_today(parts), now=parts.now(),
            )  # fmt: skip
            return ()

        return act(session, csrf, give)

    @app.post("/publish/command")
    def command(
        session: who,
        device: Annotated[str, Form()],
        command: Annotated[str, Form()],
        csrf: Annotated[str, Form()],
    ) -> Response:
        def give() -> tuple[Fault, ...]:
            if parts.sealed.device(device) is None:
                raise Problem(Code.DEVICE_NOT_FOUND, device=device[:32])
            order_command(
                parts.record, device, command, arguments={}, by=session.login,
                today=_today(parts), now=parts.now(),
            )  # fmt: skip
            return ()

        return act(session, csrf, give)


def _spoken(parts: ConsoleParts, device: str) -> Contact | None:
    return parts.sealed.contacts.last(device)


def _today(parts: ConsoleParts) -> date:
    return parts.now().astimezone(_CHINA).date()


def _text(file: UploadFile) -> str:
    raw = file.file.read(LARGEST_EDITION + 1)
    try:
        if len(raw) <= LARGEST_EDITION:
            return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise Problem(Code.FILE_NOT_READABLE, file=(file.filename or "")[:80])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Problem(Code.ANSWER_INCOMPLETE, field="until") from error
