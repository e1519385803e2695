"""What every page needs: the parts it works with, the words, the templates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FunctionLoader, select_autoescape

from schemas.enrolment import Charter
from schemas.problems import Problem
from sync.district.config.keyring import ReconcileKeys
from sync.district.config.words import problem_words, words
from sync.district.console.sessions import ConsoleSession
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger
from sync.stick.stick import DeskTaken

_CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class ConsoleParts:
    """What the console works with."""

    keys: ReconcileKeys
    sealed: SealedLedger
    record: Record
    now: Callable[[], datetime]
    take_stick: Callable[[Path], tuple[DeskTaken, ...]]

    @property
    def charter(self) -> Charter:
        """The charter in force."""
        return self.keys.charter


class Pages:
    """Renders templates with the words and what every page needs."""

    def __init__(self) -> None:
        folder = files("sync.district.console").joinpath("templates")
        self._environment = Environment(
            loader=FunctionLoader(
                lambda name: folder.joinpath(name).read_text("utf-8")
            ),
            autoescape=select_autoescape(default=True),
        )
        self._words = words("district")

    def show(
        self,
        template: str,
        session: ConsoleSession | None,
        /,
        *,
        problem: Problem | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Return a page."""
        text = self._environment.get_template(template).render(
            w=self._words,
            who=session.name if session else None,
            csrf=session.csrf if session else "",
            problem=(int(problem.code), *problem_words(problem)) if problem else None,
            local=local,
            **values,
        )
        return HTMLResponse(text, status_code=400 if problem else 200)


def local(text: str) -> str:
    """Return a kept moment as staff read it: China's time, minutes."""
    return f"{datetime.fromisoformat(text).astimezone(_CHINA):%Y-%m-%d %H:%M}"
