"""The district's words on the board: each until it is seen, and what it gave out."""

import flet as ft

from desk_app.components import kit
from desk_app.services import notices
from desk_app.services.notices import GivenOut, Notice
from desk_app.text.words import Words, local_time
from desk_app.views.shell import Shell

# An edition that came this recently is news; older ones are under settings.
_NEWS = 3


async def notices_section(shell: Shell) -> list[ft.Control]:
    """Return the section for the board; nothing where the district said nothing."""
    words, place = shell.words, shell.desk.place
    found = await shell.do(notices.list_notices, place)
    given = await shell.do(notices.given_out, place)
    news = [each for each in given if each.state in {"waiting", "lacking", "refused"}]
    news += [each for each in given if each.state == "in_use"][:_NEWS]
    lines: list[ft.Control] = [_notice(shell, each) for each in found]
    lines += [ft.Text(_given(words, each), size=14) for each in news]
    return [kit.section(words("notice.title"), lines)] if lines else []


def _notice(shell: Shell, each: Notice) -> ft.Control:
    words = shell.words

    async def seen() -> None:
        await shell.do(notices.see_notice, shell.desk.place, each.position)
        await shell.go("board")

    names = "、".join(each.seen_by)
    said = words("notice.seen_by", names=names) if names else words("notice.nobody")
    by = words("notice.by", by=each.published_by, time=local_time(each.published_at))
    text = ft.Column(
        [
            ft.Text(each.text, size=16, selectable=True),
            ft.Text(f"{by}  {said}", size=13),
        ],
        spacing=2,
        expand=True,
    )
    if not each.is_new:
        return ft.Row([text])
    return ft.Row([text, kit.button(words("notice.seen"), shell.act(seen))])


def _given(words: Words, each: GivenOut) -> str:
    return words(
        f"notice.{each.kind}",
        number=each.number,
        day=each.effective_from.isoformat(),
        state=words(f"notice.{each.state}"),
    )
