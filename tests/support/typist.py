"""Types into the real window as a clerk does, and waits for what the vault says.

Rule 1: nothing is waited for by the clock alone: the vault has the value, or the
        picture has changed and is still.
Rule 2: Chinese is composed by its code points (Ctrl+Shift+U), as an input method does;
        the Enter that ends a composition must not go on to the next field.
"""

import re
from collections.abc import Callable

from tests.support.screen import Keyboard, press_and_see, wait_until

_ASCII = re.compile(r"[ -~]+|[^ -~]")


class Typist:
    """Goes through a form field by field."""

    def __init__(self, keyboard: Keyboard) -> None:
        self.keyboard = keyboard

    def write(self, text: str) -> None:
        """Type a text; whatever is not on the keyboard is composed."""
        for part in _ASCII.findall(text):
            if part.isascii() and part.isprintable():
                self.keyboard.type(part)
            elif part == "\n":
                self.keyboard.press("Return")
            else:
                self.compose(part)

    def compose(self, character: str) -> None:
        """Compose one character; Enter ends the composition."""
        self.keyboard.press("ctrl+shift+u")
        self.keyboard.type(f"{ord(character):x}")
        self.keyboard.press("Return")

    def press_and_see(self, *keys: str) -> None:
        """Press, and wait until the window shows something else and is still."""
        press_and_see(self.keyboard, *keys)

    def answer(
        self, text: str, kept: Callable[[], bool], *, onward: tuple[str, ...]
    ) -> None:
        """Type an answer, wait until the vault has it, and go on to the next field."""
        if text:
            self.write(text)
            wait_until(kept)
        self.press_and_see(*onward)
