"""The page for sticks: a folder in, receipts and answers put back on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends, FastAPI, Form, Response

from schemas.problems import Code, Problem
from sync.district.config.words import problem_words, words
from sync.district.console.paper import receipts_sheet, sheet_pdf
from sync.district.console.sessions import ConsoleSession, check_csrf
from sync.district.ledger.sealed import SealedLedger
from sync.stick.stick import DeskTaken


class Show(Protocol):
    """Renders a page for somebody who is signed in."""

    def __call__(
        self,
        template: str,
        session: ConsoleSession,
        /,
        *,
        problem: Problem | None = None,
        **values: object,
    ) -> Response:
        """Return the page."""


def add_stick_pages(
    app: FastAPI,
    show: Show,
    signed_in: Callable[..., ConsoleSession],
    *,
    sealed: SealedLedger,
    take: Callable[[Path], tuple[DeskTaken, ...]],
) -> None:
    """Put the page into the console; `take` is the program that holds intake's key."""
    who = Annotated[ConsoleSession, Depends(signed_in)]

    @app.get("/stick")
    def stick_page(session: who) -> Response:
        return show("stick.html", session, taken=(), folder="", done=False)

    @app.get("/devices/{device}/paper")
    def paper_receipts(session: who, device: str) -> Response:
        del session
        sheet = receipts_sheet(sealed, device)
        desk = sealed.device(device)
        if desk is None:
            raise Problem(Code.DEVICE_NOT_FOUND, device=device[:32])
        pdf = sheet_pdf(sheet, desk, words("district"))
        return Response(pdf, media_type="application/pdf")

    @app.post("/stick")
    def take_stick_in(
        session: who,
        folder: Annotated[str, Form(min_length=1)],
        csrf: Annotated[str, Form()],
    ) -> Response:
        check_csrf(session, csrf)
        try:
            desks = take(Path(folder.strip()))
        except Problem as problem:
            return show(
                "stick.html", session, problem=problem, taken=(), folder=folder,
                done=False,
            )  # fmt: skip
        names = {each.device: each.desk_name for each in sealed.devices()}
        taken = [
            (
                names.get(each.device, each.device),
                each,
                [
                    (
                        int(t.code),
                        problem_words(Problem(t.code, file=t.file))[0],
                        t.file,
                    )
                    for t in each.troubles
                ],
            )
            for each in desks
        ]
        return show("stick.html", session, taken=taken, folder=folder, done=True)
