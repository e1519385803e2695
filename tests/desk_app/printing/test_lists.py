"""Lists and blank forms: what travels with a bag, and what is written by hand."""

import dataclasses

import pytest

from desk_app.printing.lists import BlankProps, ListProps, blank_pdf, list_pdf
from tests.support.paper import codes, pages, text

ROWS = (
    ("350305107-01-20261123-0001-7", "闽秀渔99001", "捕捞许可证换发", "4"),
    ("350305107-01-20261123-0002-5", "闽秀渔99002", "捕捞许可证换发", "3"),
)
BAG = ListProps(
    kind="handover", subject="350305107-01-B0007", desk="南日镇一号窗口",
    desk_phone="0594-1", printed_at="2026-11-23 17:00", receiver="林窗口",
    synced=False, copy=1, rows=ROWS,
)  # fmt: skip
BLANK = BlankProps(
    item="捕捞许可证换发 HY01-02", control="350305107-01-K0003", desk="南日镇一号窗口",
    desk_phone=None, printed_at="2026-11-23 17:00",
    sections=(("申请人", (("姓名", ""), ("类型", "□ 自然人　□ 企业"))),
              ("事项信息", (("船长", "　　（米）"),))),
    materials=(("申请表", "原件", "总是需要"),), qr="IDK|x",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "title", "signed"),
    [
        (
            "handover",
            "材料交接单",
            ("交出人签字", "运送人签字", "接收人签字", "封条完好"),
        ),
        ("batch", "批量收件清单", ("交出人签字", "接收人签字")),
    ],
)
def test_a_list_counts_its_cases_and_papers_and_is_signed_by_who_hands_over(
    kind: str, title: str, signed: tuple[str, ...]
) -> None:
    props = dataclasses.replace(BAG, kind=kind)
    assert props.papers == 7
    made = list_pdf(props)
    told = text(made)
    for expected in (title, BAG.subject, "2件", "7份", *signed):
        assert expected in told
    for number, vessel, _, papers in ROWS:
        assert f"{number}{vessel}捕捞许可证换发{papers}" in told
    assert codes(made) == [f"IDL|{kind}|{BAG.subject}"]
    assert list_pdf(props) == made


def test_a_list_of_a_visit_asks_nobody_for_a_seal_or_a_carrier() -> None:
    told = text(list_pdf(dataclasses.replace(BAG, kind="batch")))
    assert "封条" not in told
    assert "运送人" not in told


def test_a_list_says_whether_the_district_has_the_cases_already() -> None:
    assert "待同步" in text(list_pdf(BAG))
    assert "待同步" not in text(list_pdf(dataclasses.replace(BAG, synced=True)))


def test_a_full_bag_goes_on_overleaf_and_every_number_is_on_it() -> None:
    rows = tuple(
        (f"3503051070120261123{n:04d}", "示例", "事项", "1") for n in range(90)
    )
    made = pages(list_pdf(dataclasses.replace(BAG, rows=rows)))
    assert len(made) > 1
    assert all(row[0] in "".join(made) for row in rows)
    assert all(BAG.subject in page for page in made)


def test_a_blank_asks_in_the_windows_order_and_has_a_stub_to_take_home() -> None:
    made = blank_pdf(BLANK)
    told = text(made)
    asked = [
        "申请人填写项", "姓名", "类型□自然人□企业", "事项信息", "船长",
        "申请表原件", "□原□复□缺", "申请人签字", "按指印", "回执（裁下交申请人）",
    ]  # fmt: skip
    places = [told.index(each) for each in asked]
    assert places == sorted(places)
    stub = told[told.index("回执（裁下交申请人）") :]
    assert BLANK.control in stub, "the half that goes home bears the number too"
    assert told.count(BLANK.control) >= 3
    assert codes(made) == [BLANK.qr]


def test_a_blank_is_used_once_and_says_so_and_leaves_t0_to_the_hand() -> None:
    told = text(blank_pdf(BLANK))
    assert "每份只用一次，作废须登记" in told
    assert told.count("（手写）") == 2, "on the form and on the stub"
    assert "收件编号" not in told.replace("生成收件编号", ""), "it has none yet"


def test_two_blanks_differ_by_their_control_number() -> None:
    other = dataclasses.replace(BLANK, control="350305107-01-K0004")
    assert blank_pdf(other) != blank_pdf(BLANK) == blank_pdf(BLANK)
