"""A page: labels with values, tables that go on overleaf, nothing lost."""

import dataclasses
from io import BytesIO

import pypdfium2
import pytest

from desk_app.printing.paper import (
    Heading,
    Rows,
    Sheet,
    Signatures,
    Table,
    Text,
    render,
)
from tests.support.paper import codes, pages, text

SHEET = Sheet(
    title="示例单", number="No-1", blocks=(), foot="脚注", page_of="{page}/{pages}"
)


def of(*blocks: object, **more: object) -> bytes:
    return render(dataclasses.replace(SHEET, blocks=blocks, **more))


def lowest_ink(pdf: bytes) -> float:
    """How far down text reaches on any page but the foot, in points from below."""
    lows = []
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        for page in document:
            body = page.get_textpage()
            for index in range(body.count_rects()):
                _, bottom, _, top = body.get_rect(index)
                if top > 60:
                    lows.append(bottom)
    return min(lows)


def test_equal_sheets_are_equal_bytes_and_the_file_names_nobody() -> None:
    made = of(Text("一"))
    assert made == of(Text("一"))
    assert made != of(Text("二"))
    assert b"/Author (anonymous)" in made


def test_every_page_bears_number_foot_and_its_place() -> None:
    made = pages(of(Text("长" * 5000)))
    assert len(made) > 2
    for place, page in enumerate(made, start=1):
        assert "No-1脚注" in page
        assert f"{place}/{len(made)}" in page
    assert "".join(made).count("长") == 5000


def test_a_row_without_a_value_leaves_no_label() -> None:
    told = text(
        of(Rows((("姓名", "林"), ("电话", None), ("地址", ""), ("备注", "无"))))
    )
    assert "姓名林备注无" in told
    assert "电话" not in told
    assert "地址" not in told


@pytest.mark.parametrize("length", [10, 60, 900, 3000, 9000])
def test_a_value_of_any_length_is_printed_to_the_last_character(length: int) -> None:
    """A reason of a whole page goes on overleaf; below the edge it would be lost."""
    for block in (
        Rows((("理由", "长" * length),)),
        Table(("序号", "内容"), (0.1, 0.9), (("1", "长" * length),)),
        Text("长" * length),
    ):
        made = of(block, Text("终"))
        assert text(made).count("长") == length
        assert "终" in text(made)
        assert lowest_ink(made) > 18 / 25.4 * 72


def test_two_short_rows_share_a_line_and_a_long_one_has_its_own() -> None:
    short = of(Rows((("甲", "一"), ("乙", "二"))))
    long = of(Rows((("甲", "一" * 30), ("乙", "二"))))
    assert lowest_ink(short) > lowest_ink(long)


def test_a_table_keeps_its_cells_in_order_and_room_to_write_by_hand() -> None:
    rows = tuple((str(n), f"格{n}") for n in range(3))
    told = text(of(Table(("序", "名"), (0.2, 0.8), rows)))
    assert "序名0格01格12格2" in told
    low = lowest_ink(of(Table(("序", "名"), (0.2, 0.8), rows, height=60)))
    assert low < lowest_ink(of(Table(("序", "名"), (0.2, 0.8), rows))) - 90


def test_a_table_whose_shares_and_cells_differ_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zip"):
        of(Table(("序", "名"), (0.2, 0.8), (("1",),)))


def test_a_heading_stays_with_what_follows_it() -> None:
    filled = Text("长" * 1500)
    made = pages(of(filled, Heading("下一段", keep=500), Text("终")))
    assert "下一段" not in made[0]
    assert "下一段终" in made[1]


def test_a_code_its_caption_an_organ_and_a_seal_are_where_they_belong() -> None:
    made = of(
        Signatures(("申请人签字", "日期")), qr="IDL|x", caption="扫码",
        organ="某某局", seal="某某局\n（盖章处）",
    )  # fmt: skip
    assert codes(made) == ["IDL|x"]
    told = text(made)
    for expected in ("扫码", "某某局示例单No-1", "申请人签字", "（盖章处）"):
        assert expected in told


def test_a_long_name_of_an_organ_is_set_smaller_and_leaves_the_code_readable() -> None:
    made = of(qr="IDL|x", organ="很长的名称" * 12)
    assert codes(made) == ["IDL|x"]
    with pypdfium2.PdfDocument(BytesIO(made)) as document:
        body = document[0].get_textpage()
        edges = [body.get_rect(index) for index in range(body.count_rects())]
    assert all(left > 40 and right < 560 for left, _, right, _ in edges)
    assert "很长的名称" * 12 in text(made)


def test_a_character_without_a_shape_is_marked_in_every_place() -> None:
    odd = "\U000f0000"
    told = text(
        of(Text(odd), Rows(((odd, odd),)), Table((odd,), (1.0,), ((odd,),)),
           Heading(odd), organ=odd)
    )  # fmt: skip
    assert told.count("[U+F0000]") >= 6
