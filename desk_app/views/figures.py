"""Day and month figures, with charts; every figure opens the list that it counts."""

from datetime import date, timedelta

import flet as ft
import flet_charts as charts

from desk_app.components import kit
from desk_app.services import statistics
from desk_app.store.cases import CaseFilter
from desk_app.views.cases import CaseList
from desk_app.views.shell import Shell

_ITEMS = 10


async def figures(shell: Shell) -> None:
    """Show this month."""
    await _show(shell, date.fromisoformat(shell.today()).replace(day=1))


async def _show(shell: Shell, first: date) -> None:
    words = shell.words
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    found = await shell.do(
        statistics.figures, shell.desk.place, since=first, until=last
    )

    def month(step: int) -> ft.Control:
        there = (first + timedelta(days=31 * step)).replace(day=1)
        if step < 0:
            there = (first - timedelta(days=1)).replace(day=1)
        key = "figures.earlier" if step < 0 else "figures.later"
        return kit.button(words(key), shell.act(lambda: _show(shell, there)))

    def opens(label: str, count: int, wanted: CaseFilter) -> ft.Control:
        async def go() -> None:
            await CaseList(shell, wanted).show()

        return kit.link(f"{label}  {count}", shell.act(go))

    span = CaseFilter(since=first.isoformat(), until=last.isoformat())
    shell.show(
        [
            kit.title(words("figures.title", month=f"{first:%Y-%m}")),
            ft.Row(
                [month(-1), month(1), opens(
                    words("figures.total"), found.total, span)]
            ),
            kit.section(words("figures.by_day"), [_chart(found)]),
            kit.section(
                words("figures.by_state"),
                [
                    opens(
                        words(f"state.{state}"), count,
                        span.with_one("state", str(state)),
                    )
                    for state, count in found.by_state
                ],
            ),
            kit.section(
                words("figures.by_item"),
                [
                    opens(f"{code} {name}", count, span.with_one("item", code))
                    for code, name, count in found.by_item[:_ITEMS]
                ],
            ),
        ]
    )  # fmt: skip


def _chart(found: statistics.Figures) -> ft.Control:
    highest = max((count for _, count in found.by_day), default=0)
    groups = [
        charts.BarChartGroup(
            x=day.day,
            rods=[charts.BarChartRod(to_y=count, width=14, color=kit.SEA)],
        )
        for day, count in found.by_day
    ]
    labels = [
        charts.ChartAxisLabel(value=day.day, label=ft.Text(str(day.day), size=11))
        for day, _ in found.by_day
    ]
    chart: ft.Control = charts.BarChart(
        groups=groups,
        max_y=max(4, highest + 1),
        bottom_axis=charts.ChartAxis(labels=labels, label_size=24),
        left_axis=charts.ChartAxis(label_size=36),
        height=240,
        interactive=False,
    )
    return chart
