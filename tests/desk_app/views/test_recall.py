"""What is known is offered while it is typed: Ctrl and a number takes it, no more."""

from desk_app.services.desk import Desk
from desk_app.views.recall import Known, Recall
from tests.support.headless import Seen, a_headless_window

KEYS = ("Ctrl+1", "Ctrl+2")


class Book:
    """Who is known; remembers what was looked for, and who was taken."""

    def __init__(self, seen: Seen) -> None:
        self.asked: list[str] = []
        self.taken: list[str] = []
        self.recall = Recall(seen.shell, KEYS, self.look)
        seen.shell.show([self.recall.control])

    async def look(self, text: str) -> list[Known]:
        self.asked.append(text)
        names = ("林一", "林二", "林三")
        return [Known(name, self._taker(name)) for name in names if text in name]

    def _taker(self, name: str):  # noqa: ANN202
        async def take() -> None:
            self.taken.append(name)

        return take


async def test_as_many_are_offered_as_there_are_keys_and_each_key_takes_its_own(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        book = Book(seen)
        await book.recall.now("林")
        await seen.until_shown("Ctrl+1  曾办理过: 林一", "Ctrl+2  曾办理过: 林二")
        assert "林三" not in seen.texts()
        await seen.key("2", ctrl=True)
        await seen.until(lambda: book.taken == ["林二"])


async def test_a_key_of_an_offer_that_is_gone_does_nothing(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        book = Book(seen)
        await book.recall.now("林")
        await book.recall.now("陈")
        assert "曾办理过" not in seen.texts()
        assert not set(KEYS) & set(seen.shell.keys)
        await seen.key("1", ctrl=True)
        assert book.taken == []


async def test_typing_is_looked_up_once_when_it_pauses_and_nothing_never(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        book = Book(seen)
        for text in ("林", "林二"):
            book.recall.soon(text)
        await seen.until_shown("Ctrl+1  曾办理过: 林二")
        assert book.asked == ["林二"]
        await book.recall.now("  ")
        assert book.asked == ["林二"]
