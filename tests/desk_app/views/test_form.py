"""The form: Enter goes on, what is known is offered, faults stand at their fields."""

from itertools import pairwise

import flet as ft

from desk_app.services.desk import Desk
from schemas.applicant import identity_of
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import take_case
from tests.support.screen import finished_draft

ITEM = "HY12-01"


async def open_form(seen: Seen, code: str = ITEM) -> None:
    await seen.shell.go("new")
    await seen.until_shown("查找事项")
    await seen.type("查找事项", code, enter=True)
    await seen.until_shown("申请人类型")


async def test_enter_goes_from_each_field_to_the_next(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await open_form(seen)
        await seen.type("申请人类型", "1", enter=True)
        await seen.until(lambda: seen.field("姓名").value == "")
        await seen.until(lambda: seen.focused == seen.field("姓名")._i)
        order = ("姓名", "居民身份证号", "联系电话", "住址", "船名号")
        for label, following in pairwise(order):
            await seen.type(label, "", enter=True)
            await seen.until(
                lambda following=following: seen.focused == seen.field(following)._i
            )


async def test_an_item_is_found_by_its_initials_and_enter_takes_the_first(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("new")
        await seen.type("查找事项", "hyyyblxkzbf", enter=True)
        await seen.until_shown("HY01-04", "遗失/损毁日期")


async def test_a_known_applicant_and_vessel_are_taken_by_their_keys(desk: Desk) -> None:
    """The hull's particulars come along; what was said of one occasion does not."""
    number = take_case(desk, "HY03-02", seed=24)
    known = desk.case(number).application
    async with a_headless_window(desk) as seen:
        await open_form(seen, "HY03-06")
        await seen.type("申请人类型", "1", enter=True)
        await seen.type("姓名", known.applicant.name)
        await seen.until_shown("Ctrl+1", identity_of(known.applicant)[-4:])
        await seen.key("1", ctrl=True)
        await seen.until(lambda: seen.field("联系电话").value == known.applicant.phone)
        # The applicant's own vessel is offered before anything is typed.
        await seen.until_shown("Ctrl+4", str(known.form["vessel_name_no"]))
        await seen.key("4", ctrl=True)
        vessel = known.form["vessel_name_no"]
        await seen.until(lambda: seen.field("船名号").value == vessel)
        await seen.until(lambda: seen.field("总吨位").value != "")
        assert seen.field("变更类别").value == ""


async def test_a_voyage_said_once_is_asked_again(desk: Desk) -> None:
    number = take_case(desk, ITEM, seed=30)
    vessel = str(desk.case(number).application.form["vessel_name_no"])
    async with a_headless_window(desk) as seen:
        await open_form(seen)
        await seen.type("船名号", vessel)
        await seen.until_shown("Ctrl+4", vessel)
        await seen.key("4", ctrl=True)
        await seen.until(lambda: seen.focused == seen.field("船名号")._i)
        assert seen.field("进港/出港").value == ""
        assert seen.field("拟进/出港时间").value == ""


async def test_f7_shows_every_fault_at_its_field_and_goes_to_the_first(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await open_form(seen)
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


async def test_a_rare_character_is_shown_where_its_code_point_was_typed(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await open_form(seen)
        await seen.type("姓名", "林U+20BB7")
        await seen.until(lambda: seen.field("姓名").value == "林\U00020bb7")


async def test_an_answer_that_makes_a_material_due_shows_it(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await open_form(seen, "HY01-02")
        names = seen.texts()
        assert "授权委托书" not in names
        await seen.type("是否代办", "1", enter=True)
        await seen.until_shown("授权委托书")


async def test_after_the_receipt_no_draft_comes_back(desk: Desk) -> None:
    """What was still to be kept when F8 came must not bring the draft back."""
    draft_id = finished_draft(desk)
    before = desk.cases().total
    async with a_headless_window(desk) as seen:
        await seen.shell.go("new")
        await seen.press("渔船进出渔港报告")
        await seen.until_shown("申请人类型")
        await seen.type("住址", "南日镇石城村")
        await seen.key("F8")
        await seen.until_shown("已收件，编号")
        assert desk.cases().total == before + 1
        newest = desk.case(desk.cases().rows[0].number)
        assert newest.application.applicant.address == "南日镇石城村"
        await seen.key("F2")
        await seen.until_shown("没有草稿")
        assert draft_id not in {row.draft_id for row in desk.drafts()}


async def test_an_empty_line_goes_on_where_enter_begins_a_line(
    desk: Desk,
) -> None:
    async with a_headless_window(desk) as seen:
        await open_form(seen, "HY01-04")
        await seen.type("情况说明", "落海\n\n")
        assert seen.field("情况说明").value == "落海"
        await seen.until(lambda: seen.focused == seen.field("是否代办")._i)
        await open_form(seen)
        tables = [
            each
            for each in seen.controls()
            if isinstance(each, ft.TextField) and each.multiline
        ]
        await seen.type(str(tables[0].label), "带鱼,100\n\n")
        assert tables[0].value == "带鱼,100"
        await seen.until(lambda: seen.focused not in {None, tables[0]._i})


async def test_a_visit_without_a_place_is_asked_for_and_remembered_with_one(
    desk: Desk,
) -> None:
    finished_draft(desk)
    async with a_headless_window(desk) as seen:
        await seen.shell.go("new")
        await seen.press("渔船进出渔港报告")
        await seen.until_shown("收件地点")
        await seen.type("收件地点", "码头办理", enter=True)
        await seen.key("F8")
        await seen.until_shown("[1010]")
        await seen.type("具体地点", "浮叶码头")
        await seen.type("外出编号", "W-7")
        await seen.type("材料封袋编号", "FD-0007")
        await seen.key("F8")
        await seen.until_shown("已收件，编号")
        view = desk.case(desk.cases().rows[0].number)
        assert view.visit is not None
        assert (view.visit.kind, view.visit.place) == ("pier", "浮叶码头")
        assert view.visit.visit_id == "W-7"
        assert (view.papers, view.bag) == ("bag", "FD-0007")
        await open_form(seen)
        await seen.until(lambda: seen.field("具体地点").value == "浮叶码头")
