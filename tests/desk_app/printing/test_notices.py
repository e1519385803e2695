"""Notices: each carries what the law asks it to say, and never the wrong authority."""

import dataclasses
from typing import Any

import pytest

from desk_app.printing.notices import KINDS, PaperProps, notice_pdf
from desk_app.printing.receipt import MaterialLine
from desk_app.text.words import Words
from tests.support.paper import codes, pages, text

ORGAN, DESK = "秀屿区海洋局（示例）", "南日镇一号窗口"
PROPS = PaperProps(
    number="350305107-01-20261123-0001-7", official=None, item="捕捞许可证换发",
    category="行政许可", applicant="林海生", identity_masked="110105********002X",
    agent=None, vessel=None, received_at="2026-11-23 09:00",
    printed_at="2026-11-23 09:01", receiver="林窗口", back_entry=None, visit=None,
    authority="县级主管机关", desk_phone=None, next_day=None, synced=False, copy=3,
    qr="IDN|x", desk=DESK, organ=ORGAN,
)  # fmt: skip
VALUES: dict[str, dict[str, str]] = {
    "told": {"basis": "示例", "fee": "不收费", "remedy": "", "statutory": "20",
             "promised": "5"},
    "acceptance": {"body": "body", "accepted_at": "2026-11-23", "promised": "5 日",
                   "statutory": "20 日"},
    "correction": {"due": "2026-12-04", "reason": "示例理由"},
    "not_accepted": {"because": "not_competent", "reason": "示例理由",
                     "apply_to": "省厅", "remedies": "另行说明的途径"},
    "deferred": {"due": "2026-12-04"},
    "commitment": {"commitment": "示例承诺"},
    "power": {"principal": "林海生", "agent_name": "陈阿妹", "agent_id": "1101****",
              "relation": "夫妻", "until": "本件办结"},
    "extension": {"approved_by": "张负责人", "reason": "示例理由", "accepted_at": "x",
                  "promised": "5 日", "statutory": "30 日"},
    "special": {"procedure": "hearing", "days": "15", "reason": "示例理由"},
    "delivery": {"what": "许可证", "way": "mail", "signer": "林海生",
                 "signer_id": "002X", "tracking": "EM123", "delivered_at": "09:00"},
    "sent_back": {"body": "body", "reason": "示例理由"},
    "season": {"year": "2026"},
    "forwarded": {"to": "省厅", "opinion": "示例意见"},
}  # fmt: skip
LINES = {
    "told": (("申请表", "原件", "1", "总是需要"),),
    "correction": (("1", "购船合同"), ("2", "检验证书")),
    "deferred": (("检验证书", "2026-12-04"),),
}
SEALED = ("acceptance", "correction", "not_accepted", "extension", "special",
          "sent_back", "forwarded", "delivery")  # fmt: skip


def a_notice(kind: str, **changes: Any) -> bytes:
    given: dict[str, Any] = {"values": VALUES[kind], "lines": LINES.get(kind, ())}
    return notice_pdf(kind, dataclasses.replace(PROPS, **{**given, **changes}))


def of(kind: str, **changes: Any) -> str:
    return text(a_notice(kind, **changes))


def valued(kind: str, **changes: str) -> str:
    return of(kind, values={**VALUES[kind], **changes})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_notice_says_whose_case_it_is_and_fills_all_its_places(
    kind: str,
) -> None:
    made = a_notice(kind)
    told = text(made)
    for expected in (PROPS.number, Words("print")(f"{kind}.title"), "林海生",
                     "110105********002X", "捕捞许可证换发", "第3次打印",
                     "离线生成，待同步", "第1页，共"):  # fmt: skip
        assert expected in told
    assert "{" not in told, "a place of its sentences was left open"
    assert codes(made) == [PROPS.qr]
    assert a_notice(kind) == made


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_window_is_never_the_authority_that_seals(kind: str) -> None:
    """What is sealed is in the organ's name, a form of the window in the window's."""
    told = of(kind)
    head, other = (ORGAN, DESK) if kind in SEALED else (DESK, ORGAN)
    assert told.startswith(f"扫码验真{head}")
    assert other not in told
    assert ("（盖章处）" in told) == (kind in SEALED)


@pytest.mark.parametrize("kind", SEALED)
def test_an_organ_that_nobody_named_is_left_to_be_written(kind: str) -> None:
    told = of(kind, organ=None)
    assert told.startswith("扫码验真＿＿＿＿＿＿＿＿＿＿＿＿＿＿（主管机关）")
    assert DESK not in told
    assert "示例专用章" in of(kind, seal="示例专用章")


def test_what_has_gone_to_the_district_says_so_and_a_blank_says_neither() -> None:
    assert "本件已送达区级" in of("correction", synced=True)
    neither = of("season", synced=None)
    assert "待同步" not in neither
    assert "已送达区级" not in neither


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"official": "闽 1"}, "官方编号闽1"),
        ({"agent": "陈阿妹"}, "代办人陈阿妹"),
        ({"vessel": "闽秀渔99001"}, "船名号闽秀渔99001"),
        ({"visit": "示例码头"}, "收件地点示例码头"),
        ({"back_entry": "停电"}, "补录停电"),
        ({"step_back_entry": "停电"}, "本文书补录停电"),
        ({"next_day": "2026-12-04"}, "下一期限2026-12-04"),
        ({"desk_phone": "0594-1"}, "咨询电话0594-1"),
    ],
)
def test_what_is_known_is_printed_and_what_is_not_leaves_no_label(
    change: dict[str, str], said: str
) -> None:
    assert said in of("acceptance", **change)
    assert said not in of("acceptance")


def test_a_correction_tells_all_that_is_missing_and_by_when() -> None:
    """Administrative Licensing Law 32(1)(4)."""
    told = of("correction")
    for expected in ("1购船合同", "2检验证书", "请于2026-12-04前补齐", "不再另行要求",
                     "理由示例理由"):  # fmt: skip
        assert expected in told


@pytest.mark.parametrize("because", ["not_needed", "not_competent", "not_permitted"])
def test_a_refusal_to_accept_tells_the_reason_and_the_remedies(because: str) -> None:
    told = valued("not_accepted", because=because)
    law = Words("print")("paper.remedies")
    for expected in ("理由示例理由", "另行说明的途径", law[:20], "行政复议法"):
        assert expected in told
    # What the clerk said, where it is the law's own words, is not said twice.
    assert valued("not_accepted", remedies=law).count(law[:20]) == 1
    assert valued("not_accepted", remedies=" ").count(law[:20]) == 1


@pytest.mark.parametrize(
    "body", ["body", "body_deferred", "body_deemed", "body_committed"]
)
def test_an_acceptance_says_in_which_way_and_from_when_the_limits_run(
    body: str,
) -> None:
    sentence = Words("print")(f"acceptance.{body}", item=PROPS.item)
    told = valued("acceptance", body=body)
    assert "".join(sentence.split())[:40] in told
    assert "法定期限20日" in told
    owed = of("acceptance", lines=(("检验证书", "2026-12-04"),))
    assert "检验证书2026-12-04" in owed


def test_a_special_procedure_and_an_extension_name_the_law_and_who_approved() -> None:
    assert "需要进行听证，预计15个工作日" in of("special")
    assert "经张负责人批准" in of("extension")


def test_a_delivery_says_how_and_that_a_refusal_was_witnessed() -> None:
    told = of("delivery")
    for expected in ("邮寄", "EM123", "证件后四位002X", "签收人签字"):
        assert expected in told
    assert "拒收" not in told.replace("受送达人拒绝签收", "")
    left = valued("delivery", refused="yes", witness="王见证")
    assert "拒收，留置送达" in left
    assert "见证人王见证" in left


def test_a_closed_season_that_is_not_loaded_is_not_invented() -> None:
    assert "尚未载入2026年的休渔通告" in of("season")
    known = valued("season", text="· 示例海域")
    assert "·示例海域" in known
    assert "尚未载入" not in known


def test_who_applies_gets_the_list_of_papers_above_where_it_is_signed() -> None:
    taken = (
        MaterialLine("申请表", "原件", 2, "有折痕"),
        MaterialLine("照片", "未交", 0),
    )
    told = of("deferred", materials=taken)
    sentence = "1.申请表（原件2份，有折痕）；2.照片（未交）"
    assert sentence in told
    assert told.index(sentence) < told.index("申请人签字")
    assert "1.申请表" not in of("power", materials=taken), "a power lists no papers"


def test_the_sheet_of_the_office_has_a_column_for_this_case_where_there_is_one() -> (
    None
):
    assert "本件" not in of("told").replace("本件已送达", "")
    wide = of("told", lines=(("申请表", "原件", "1", "总是需要", "已收"),))
    assert "本件" in wide
    assert "总是需要已收" in wide
    assert "依据" in wide


def test_a_long_correction_goes_on_overleaf_and_loses_nothing() -> None:
    lines = tuple((str(n), f"第{n}项" + "长" * 40) for n in range(1, 41))
    made = pages(a_notice("correction", lines=lines))
    assert len(made) > 1
    assert all(f"{n}第{n}项" in "".join(made) for n in range(1, 41))
