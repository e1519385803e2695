"""The staff's pages: server-rendered, each case and finding with its own URL.

No page without a session, no act without its CSRF token; every problem is shown with
its number. Nothing is loaded from elsewhere.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from pydantic import JsonValue, TypeAdapter, ValidationError

from schemas.case import (
    Answer,
    Application,
    CaseState,
    Granted,
    MaterialTaken,
    Received,
    Refused,
    ReturnedForCorrection,
)
from schemas.catalogue import Edition
from schemas.identity import masked
from schemas.problems import Code, Problem
from sync.district.config.words import words
from sync.district.console import days
from sync.district.console.fresh_keys import add_fresh_keys_acts, fresh_rows
from sync.district.console.pages import ConsoleParts, Pages
from sync.district.console.publications import add_publication_pages
from sync.district.console.quarantine import add_quarantine_page
from sync.district.console.scans import add_scan_pages, rows_of
from sync.district.console.sessions import COOKIE, ConsoleSession, Sessions, check_csrf
from sync.district.console.sticks import add_stick_pages
from sync.district.ledger.record import AnswerGiven, CaseFiled
from sync.district.reconcile.answering import admitted, answer_case
from sync.district.reconcile.approving import (
    approve,
    charter_fingerprint,
    device_fingerprint,
    invite,
)
from sync.district.reconcile.filing import send_outgoing
from sync.district.reconcile.silence import silent_desks

_PAGE: Final = 50
_NANRI: Final = "350305107"
_SAFE: Final = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'; style-src 'self' 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_answer: TypeAdapter[Answer] = TypeAdapter(Answer)


class _SignInFirst(Exception):  # noqa: N818 - a turn in the road, not an error
    """There is no session: show the sign-in page."""


def make_console(parts: ConsoleParts) -> FastAPI:  # noqa: C901, PLR0915 - a list of pages
    """Return the application."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    pages = Pages()
    sessions = Sessions(parts.record, now=parts.now, token=secrets.token_urlsafe)
    text = files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
    edition = Edition.model_validate_json(text)
    static = files("sync.district.console").joinpath("static")
    app.mount("/static", StaticFiles(directory=str(static)))

    @app.middleware("http")
    async def safe_headers(
        request: Request, go_on: Callable[[Request], object]
    ) -> Response:
        response: Response = await go_on(request)  # type: ignore[misc]
        for name, value in _SAFE.items():
            # A page may ask for more safety than all have, never for less.
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(_SignInFirst)
    def sign_in_first(_: Request, __: Exception) -> Response:
        return RedirectResponse("/sign-in", status_code=303)

    def signed_in(request: Request) -> ConsoleSession:
        session = sessions.find(request.cookies.get(COOKIE))
        if session is None:
            raise _SignInFirst
        return session

    @app.exception_handler(Problem)
    def show_problem(request: Request, problem: Problem) -> Response:
        session = sessions.find(request.cookies.get(COOKIE))
        return pages.show("base.html", session, problem=problem)

    who = Annotated[ConsoleSession, Depends(signed_in)]

    @app.get("/sign-in")
    def sign_in_page() -> Response:
        return pages.show("sign_in.html", None)

    @app.post("/sign-in")
    def sign_in(
        login: Annotated[str, Form()], passphrase: Annotated[str, Form()]
    ) -> Response:
        try:
            cookie = sessions.sign_in(login, passphrase)
        except Problem as problem:
            return pages.show("sign_in.html", None, problem=problem)
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict")
        return response

    @app.post("/sign-out")
    def sign_out(
        request: Request, session: who, csrf: Annotated[str, Form()]
    ) -> Response:
        check_csrf(session, csrf)
        sessions.sign_out(request.cookies.get(COOKIE))
        return RedirectResponse("/sign-in", status_code=303)

    @app.get("/")
    def home(session: who) -> Response:
        counts = parts.record.counts()
        waiting = sum(
            counts.get(s, 0) for s in ("received", "at_district", "resubmitted")
        )
        return pages.show(
            "home.html",
            session,
            counts=counts,
            waiting=waiting,
            pending=sum(d.state == "pending" for d in parts.sealed.devices()),
            quarantined=len(parts.record.journals.quarantined()),
            findings=len(parts.record.findings.of(open_only=True)),
            silent=sum(
                each.silent
                for each in silent_desks(parts.sealed, parts.record, now=parts.now())
            ),
        )

    @app.get("/cases")
    def cases(session: who, text: str = "", state: str = "", page: int = 0) -> Response:
        rows, total = parts.record.list_cases(
            text=text, state=state, limit=_PAGE, offset=page * _PAGE
        )
        return pages.show(
            "cases.html",
            session,
            rows=rows,
            total=total,
            text=text,
            state=state,
            page=page,
            more=(page + 1) * _PAGE < total,
            states=list(CaseState),
            names={item.code: item.name for item in edition.items},
        )

    @app.get("/cases/{number}")
    def case_page(session: who, number: str) -> Response:
        return _case_page(pages, parts, edition, session, number)

    @app.post("/cases/{number}")
    async def act(request: Request, session: who, number: str) -> Response:
        form = {k: str(v) for k, v in (await request.form()).items()}
        check_csrf(session, form.get("csrf", ""))
        now = parts.now()
        try:
            answer = _read_answer(form)
            answer_case(parts.record, number, answer, by=session.name, now=now)
        except Problem as problem:
            return _case_page(pages, parts, edition, session, number, problem=problem)
        send_outgoing(parts.sealed, parts.record, parts.keys, now=now)
        return RedirectResponse(f"/cases/{number}", status_code=303)

    @app.get("/devices")
    def devices(session: who) -> Response:
        return _devices_page(pages, parts, session)

    @app.post("/devices/code")
    def new_code(session: who, csrf: Annotated[str, Form()]) -> Response:
        check_csrf(session, csrf)
        code, _ = invite(
            parts.sealed,
            parts.charter,
            secret=secrets.token_bytes(10),
            town=_NANRI,
            expires_at=parts.now() + timedelta(hours=72),
        )
        parts.record.note(session.login, "invited", _NANRI, now=parts.now())
        return _devices_page(pages, parts, session, code=code)

    @app.post("/devices/{device}/approve")
    def approve_device(
        session: who,
        device: str,
        terminal: Annotated[str, Form(pattern=r"^[0-9]{2}$")],
        csrf: Annotated[str, Form()],
    ) -> Response:
        check_csrf(session, csrf)
        _require_administrator(session)
        try:
            approve(
                parts.sealed,
                parts.charter,
                parts.keys,
                device=device,
                terminal=terminal,
                now=parts.now(),
            )
        except Problem as problem:
            return _devices_page(pages, parts, session, problem=problem)
        parts.record.note(session.login, "device_approved", device, now=parts.now())
        return RedirectResponse("/devices", status_code=303)

    add_fresh_keys_acts(app, parts, signed_in, _require_administrator)

    @app.post("/devices/{device}/{state}")
    def end_device(
        session: who,
        device: str,
        state: str,
        reason: Annotated[str, Form(min_length=1)],
        csrf: Annotated[str, Form()],
    ) -> Response:
        check_csrf(session, csrf)
        _require_administrator(session)
        if state not in {"refused", "revoked"}:
            raise Problem(Code.ANSWER_NOT_ADMITTED)
        parts.sealed.set_state(device, state, reason=reason)
        parts.record.note(session.login, f"device_{state}", device, now=parts.now())
        return RedirectResponse("/devices", status_code=303)

    add_scan_pages(app, parts, signed_in)
    add_publication_pages(app, pages, parts, signed_in)
    add_stick_pages(
        app, pages.show, signed_in, sealed=parts.sealed, take=parts.take_stick
    )

    add_quarantine_page(app, pages, parts, signed_in, edition)
    days.add_pages(app, pages, parts, signed_in)
    return app


def _require_administrator(session: ConsoleSession) -> None:
    if session.role != "administrator":
        raise Problem(Code.STAFF_NOT_ALLOWED, role="administrator")


def _read_answer(form: dict[str, str]) -> Answer:
    act = form.get("act")
    try:
        if act == "received":
            return Received(official_number=form.get("official") or None)
        if act == "returned":
            lines = form.get("missing", "").splitlines()
            missing = tuple(line.strip() for line in lines if line.strip())
            reason = form.get("reason", "")
            return ReturnedForCorrection(what_is_missing=missing, reason=reason)
        if act == "granted":
            return Granted(licence_number=form.get("licence", "").strip())
        return Refused(reason=form.get("reason", ""), remedies=form.get("remedies", ""))
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise Problem(Code.ANSWER_INCOMPLETE, field=field) from error


def _devices_page(
    pages: Pages,
    parts: ConsoleParts,
    session: ConsoleSession,
    *,
    code: str | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    sealed = parts.sealed
    rows = [
        (
            each,
            device_fingerprint(each),
            sealed.had_terminal(each.device) if each.state == "pending" else None,
        )
        for each in sealed.devices()
    ]
    ours = charter_fingerprint(parts.charter)
    fresh = fresh_rows(sealed)
    return pages.show(
        "devices.html", session, rows=rows, fresh=fresh, ours=ours, code=code,
        problem=problem,
    )  # fmt: skip


def _case_page(
    pages: Pages,
    parts: ConsoleParts,
    edition: Edition,
    session: ConsoleSession,
    number: str,
    *,
    problem: Problem | None = None,
) -> HTMLResponse:
    case = parts.record.case(number)
    if case is None:
        raise Problem(Code.CASE_UNKNOWN, number=number[:40])
    application = Application.model_validate_json(case.application)
    item = edition.item(case.item_code)
    labels = {f.name: f.label for f in edition.form_fields(item)} if item else {}
    names = {m.key: m.name for m in item.materials} if item else {}
    return pages.show(
        "case.html",
        session,
        problem=problem,
        case=case,
        name=item.name if item else case.item_code,
        masked=masked(case.identity),
        answers=[
            (labels.get(name, name), _plain(application.form[name]))
            # In the form's own order; what the edition does not know comes last.
            for name in dict.fromkeys([*labels, *application.form])
            if name in application.form
        ],
        materials=[
            (names.get(each.key, each.key), _taken(each))
            for each in application.materials
        ],
        scans=rows_of(parts, number, names),
        given=[_given(each) for each in parts.record.answers_of(number)],
        can_receive=_may(case, Received()),
        can_decide=_may(case, Granted(licence_number="-")),
    )


def _may(case: CaseFiled, answer: Answer) -> bool:
    return admitted(case, answer)


def _given(given: AnswerGiven) -> tuple[str, str, str]:
    answer = _answer.validate_json(given.answer)
    table = words("district")
    state = {"received": "at_district"}.get(answer.kind, answer.kind)
    said = [table[f"state.{state}"]]
    match answer:
        case Received(official_number=official):
            said.append(official or "")
        case ReturnedForCorrection(what_is_missing=missing, reason=reason):
            said += [*missing, reason]
        case Granted(licence_number=licence):
            said.append(licence)
        case Refused(reason=reason):
            said.append(reason)
    return given.answered_at, given.answered_by, " · ".join(filter(None, said))


def _taken(each: MaterialTaken) -> str:
    return f"{words('district')[f'form.{each.form}']} × {each.copies}"


def _plain(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "✓" if value else "—"
    if isinstance(value, list):
        return " / ".join(map(_plain, value))
    if isinstance(value, dict):
        return " · ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return "" if value is None else str(value)
