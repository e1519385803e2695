"""The form: Enter goes on, what is known is offered, faults stand at their fields."""

from itertools import pairwise

import flet as ft

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window


async def test_enter_goes_from_each_field_to_the_next(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.open_form()
        await seen.type("申请人类型", "1", enter=True)
        await seen.until(lambda: seen.field("姓名").value == "")
        await seen.until(lambda: seen.focused == seen.field("姓名")._i)
        order = ("姓名", "居民身份证号", "联系电话", "住址", "船名号")
        for label, following in pairwise(order):
            await seen.type(label, "", enter=True)
            await seen.until(
                lambda following=following: seen.focused == seen.field(following)._i
            )


async def test_f7_shows_every_fault_at_its_field_and_goes_to_the_first(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.open_form()
        await seen.type("申请人类型", "1", enter=True)
        await seen.until(lambda: seen.field("居民身份证号") is not None)
        await seen.type("姓名", "林海生")
        await seen.type("居民身份证号", "110105195001150010")
        await seen.key("F7")
        await seen.until(lambda: "处需要改正" in seen.texts())
        fault = seen.field("居民身份证号").error
        assert isinstance(fault, str)
        assert fault.startswith("[")
        assert seen.field("船名号").error
        assert seen.field("姓名").error is None
        first = seen.field("居民身份证号")._i
        await seen.until(lambda: seen.focused == first)


async def test_an_empty_line_goes_on_where_enter_begins_a_line(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.open_form("HY01-04")
        await seen.type("情况说明", "落海\n\n")
        assert seen.field("情况说明").value == "落海"
        await seen.until(lambda: seen.focused == seen.field("是否代办")._i)
        await seen.open_form()
        tables = [
            each
            for each in seen.controls()
            if isinstance(each, ft.TextField) and each.multiline
        ]
        await seen.type(str(tables[0].label), "带鱼,100\n\n")
        assert tables[0].value == "带鱼,100"
        await seen.until(lambda: seen.focused not in {None, tables[0]._i})
