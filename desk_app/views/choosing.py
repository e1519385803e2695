"""Choosing files in the desktop's own dialogue: every screen asks for them here.

Rule 1: the dialogue is another program's. Whether it is there is known only when it
        answers, and one that fails may never answer: what else to do is on the screen
        from the moment that it is asked.
Rule 2: what is chosen when its screen is gone is for nobody: somebody else may have
        logged in meanwhile.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import flet as ft

from schemas.problems import Code, Problem

if TYPE_CHECKING:
    from desk_app.views.shell import Shell

# What the client (0.82) says on Linux where it finds no session bus. It keeps that
# broken connection: whatever it is asked afterwards it never answers.
_NO_BUS: Final = "SocketException"


class Choosing:
    """The dialogue, as long as the window is there."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell
        self._never_answers = False

    async def files(self, title: str, *, here: Callable[[], bool]) -> tuple[Path, ...]:
        """Let somebody choose files; none where it was cancelled.

        `here` says whether the screen that asks is still shown.
        `Problem(NO_FILE_DIALOGUE)` where the desktop has no dialogue;
        `CHOSEN_TOO_LATE` where the screen was left meanwhile.
        """
        shell = self._shell
        if self._never_answers:
            raise Problem(Code.NO_FILE_DIALOGUE)
        shell.show_note(shell.words("choosing.waiting"))
        found = await self._ask(title)
        if not here():
            if found:
                raise Problem(Code.CHOSEN_TOO_LATE)
            return ()
        shell.forgive()
        if not found:
            shell.show_note(shell.words("choosing.none"))
        return found

    async def _ask(self, title: str) -> tuple[Path, ...]:
        try:
            found = await ft.FilePicker().pick_files(
                dialog_title=title, allow_multiple=True
            )
        except TimeoutError:
            # The toolkit gives up after an hour; so did whoever asked.
            return ()
        except RuntimeError as error:
            self._never_answers = _NO_BUS in str(error)
            raise Problem(Code.NO_FILE_DIALOGUE) from error
        return tuple(Path(file.path) for file in found if file.path)
