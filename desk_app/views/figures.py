"""Day and month figures, with charts; every figure opens the list that it counts."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Final

import flet as ft
import flet_charts as charts

from desk_app.components import kit
from desk_app.services import statistics
from desk_app.store.cases import CaseFilter
from desk_app.views.cases import CaseList
from desk_app.views.pages import page_keys
from desk_app.views.shell import Shell

_ITEMS: Final = 12
_BAR: Final = 14
_LEAST_HIGH: Final = 4


async def figures(shell: Shell) -> None:
    """Show this month."""
    await month(shell, date.fromisoformat(shell.today()).replace(day=1))


async def month(shell: Shell, first: date) -> None:
    """Show a month: by day (each opens the day), by state, by item."""
    words = shell.words
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    verb = statistics.figures
    found = await shell.do(verb, shell.desk.place, since=first, until=last)

    async def earlier() -> None:
        await month(shell, (first - timedelta(days=1)).replace(day=1))

    async def later() -> None:
        await month(shell, last + timedelta(days=1))

    def opener(each: date) -> Callable[[], Awaitable[None]]:
        async def go() -> None:
            await day(shell, each)

        return go

    days: list[ft.Control] = [
        ft.TextButton(
            f"{each:%m-%d}  {count}", on_click=lambda _, d=each: shell.act(opener(d))()
        )
        for each, count in found.by_day
        if count
    ]
    title = words("figures.title", month=f"{first:%Y-%m}")
    chart = kit.section(
        words("figures.by_day"), [_by_day(found), ft.Row(days, wrap=True)]
    )
    _show(shell, title, found, [chart], (earlier, later))


async def day(shell: Shell, which: date) -> None:
    """Show one day."""
    verb = statistics.figures
    found = await shell.do(verb, shell.desk.place, since=which, until=which)

    async def earlier() -> None:
        await day(shell, which - timedelta(days=1))

    async def later() -> None:
        await day(shell, which + timedelta(days=1))

    title = shell.words("figures.day_title", day=which.isoformat())
    _show(shell, title, found, [], (earlier, later))


def _show(
    shell: Shell,
    title: str,
    found: statistics.Figures,
    charts_shown: list[ft.Control],
    turns: tuple[Callable[[], Awaitable[None]], Callable[[], Awaitable[None]]],
) -> None:
    words = shell.words
    span = CaseFilter(since=found.since.isoformat(), until=found.until.isoformat())

    def opens(label: str, count: int, wanted: CaseFilter) -> ft.Control:
        async def go() -> None:
            await CaseList(shell, wanted).show()

        return kit.link(f"{label}  {count}", shell.act(go))

    earlier, later = map(shell.act, turns)
    shell.keys = {
        "Escape": shell.to("figures"),
        **page_keys(shell, before=turns[0], after=turns[1]),
    }
    shell.hint("figures")
    shell.show(
        [
            kit.title(title),
            ft.Row(
                [
                    kit.button(words("figures.earlier"), earlier),
                    kit.button(words("figures.later"), later),
                    opens(words("figures.total"), found.total, span),
                ]
            ),
            *charts_shown,
            kit.section(
                words("figures.by_state"),
                [
                    opens(
                        words(f"state.{state}"), count,
                        span.with_one("state", str(state)),
                    )
                    for state, count in found.by_state
                ] or [ft.Text(words("find.none"))],
            ),
            kit.section(
                words("figures.by_item"),
                [
                    opens(f"{code} {name}", count, span.with_one("item", code))
                    for code, name, count in found.by_item[:_ITEMS]
                ] or [ft.Text(words("find.none"))],
            ),
        ]
    )  # fmt: skip


def _by_day(found: statistics.Figures) -> ft.Control:
    highest = max((count for _, count in found.by_day), default=0)
    groups = [
        charts.BarChartGroup(
            x=each.day,
            rods=[charts.BarChartRod(to_y=count, width=_BAR, color=kit.SEA)],
        )
        for each, count in found.by_day
    ]
    labels = [
        charts.ChartAxisLabel(value=each.day, label=ft.Text(str(each.day), size=11))
        for each, _ in found.by_day
    ]
    chart: ft.Control = charts.BarChart(
        groups=groups,
        max_y=max(_LEAST_HIGH, highest + 1),
        bottom_axis=charts.ChartAxis(labels=labels, label_size=24),
        left_axis=charts.ChartAxis(label_size=36),
        height=240,
        interactive=False,
    )
    return chart
