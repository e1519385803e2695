"""The day's statement on paper: every figure, both marks, digests as people compare."""

import dataclasses

import pytest

from desk_app.printing.statement import StatementProps, grouped, statement_pdf
from tests.support.paper import codes, pages, text

ROOT = "0123456789abcdef" * 4
PROPS = StatementProps(
    number="RJ-350305107-01-20261123-1", desk="南日镇一号窗口", terminal="01",
    day="2026-11-23", version="第 1 版", closed="2026-11-23 17:30 林窗口",
    entries="12 条，4,321 字节", attachments="3 件", editions="1", state="已与区级一致",
    calendar="2026-12-31", waiting="待发送 0 条", root=ROOT, clerk_mark="1-13",
    district_mark=None, items=(), serials=(), gaps=(), differences=(), copy=2,
    qr="IDJ|2026-11-23|1",
)  # fmt: skip


def of(**changes: object) -> str:
    return text(statement_pdf(dataclasses.replace(PROPS, **changes)))


def test_every_figure_of_the_day_is_on_it() -> None:
    told = of()
    for value in (
        PROPS.desk, PROPS.day, PROPS.version, PROPS.closed, PROPS.entries,
        PROPS.attachments, PROPS.calendar, PROPS.waiting, PROPS.clerk_mark, PROPS.state,
    ):  # fmt: skip
        assert "".join(value.split()) in told
    assert "第2次打印" in told
    assert codes(statement_pdf(PROPS)) == [PROPS.qr]


def test_p07_the_digest_is_there_whole_and_in_groups() -> None:
    assert grouped(ROOT) == " ".join([ROOT[:8], ROOT[8:16]] * 4)
    assert grouped("") == ""
    assert ROOT in of()


def test_p07_what_only_one_side_signed_says_so_by_leaving_the_other_out() -> None:
    both = of(district_mark="2026-11-23 18:00 区审核")
    assert "区级签认2026-11-2318:00区审核" in both
    assert "区级签认2026" not in of()


@pytest.mark.parametrize(
    ("name", "rows", "heading"),
    [
        ("items", (("HY01-02", "收件 3"),), "办件统计"),
        ("serials", (("01", "1–7", "6"),), "编号使用"),
        ("gaps", (("3", "作废", "示例原因"),), "没有办件的序号"),
        ("differences", (("1-5", "区级没有这一条", "示例"),), "与区级不一致的记录"),
    ],
)
def test_a_table_is_there_when_it_has_rows(
    name: str, rows: tuple[tuple[str, ...], ...], heading: str
) -> None:
    assert heading not in of()
    told = of(**{name: rows})
    assert heading in told
    for cell in rows[0]:
        assert "".join(cell.split()) in told


def test_a_busy_day_goes_on_overleaf_and_loses_no_line() -> None:
    rows = tuple((f"HY{n:02d}-01 示例事项", f"收件 {n}") for n in range(60))
    made = pages(statement_pdf(dataclasses.replace(PROPS, items=rows)))
    assert len(made) > 1
    assert all(f"HY{n:02d}-01示例事项收件{n}" in "".join(made) for n in range(60))
    assert all(PROPS.number in page for page in made)
    assert f"第{len(made)}页，共{len(made)}页" in made[-1]
