"""The resident's slip: large, short, verifiable, and silent about the identity."""

import dataclasses
from io import BytesIO

import pypdfium2
import pytest

from desk_app.printing.slip import SlipProps, slip_pdf
from tests.support.paper import codes, pages, text

PROPS = SlipProps(
    number="350305107-01-20261123-0001-7", official=None,
    item="海洋渔业捕捞许可证换发", applicant_masked="林**", synced=False, copy=1,
    received_at="2026-11-23 09:00", printed_at="2026-11-23 09:01", deadline=None,
    desk="南日镇一号窗口", phone=None, back_entry=None, qr="IDS1|x|y",
)  # fmt: skip


def of(**changes: object) -> str:
    return text(slip_pdf(dataclasses.replace(PROPS, **changes)))


def size(props: SlipProps) -> tuple[float, float]:
    with pypdfium2.PdfDocument(BytesIO(slip_pdf(props))) as document:
        return document[0].get_size()


def test_it_says_what_when_where_and_that_it_waits() -> None:
    told = of()
    for expected in (PROPS.number, "捕捞许可证换发", "林**", "收件时间2026-11-2309:00",
                     "南日镇一号窗口", "离线生成，待同步", "第1次打印"):  # fmt: skip
        assert expected in told
    assert "已送达区级" not in told
    assert "已送达区级" in of(synced=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"official": "闽 1"}, "官方编号闽1"),
        ({"deadline": "2026-11-30"}, "下一期限：2026-11-30"),
        ({"back_entry": "停电补录"}, "补录停电补录"),
        ({"phone": "0594-5888888"}, "0594-5888888"),
    ],
)
def test_what_is_known_is_printed_and_what_is_not_leaves_no_label(
    change: dict[str, str], said: str
) -> None:
    assert said in of(**change)
    label = said.removesuffix("".join(next(iter(change.values())).split()))
    assert not label or label not in of()


def test_its_code_is_read_back_by_any_telephone() -> None:
    assert codes(slip_pdf(PROPS)) == [PROPS.qr]


def test_it_is_as_long_as_what_it_says_on_a_roll_of_80_mm() -> None:
    width, height = size(PROPS)
    assert width == pytest.approx(80 / 25.4 * 72, abs=0.1)
    long = dataclasses.replace(PROPS, item="很长的事项名称" * 20)
    assert size(long)[1] > height
    assert "".join(pages(slip_pdf(long))).count("很长的事项名称") >= 15
    assert len(pages(slip_pdf(long))) == 1, "a roll has no second page"


def test_equal_slips_are_equal_bytes() -> None:
    assert slip_pdf(PROPS) == slip_pdf(PROPS)
