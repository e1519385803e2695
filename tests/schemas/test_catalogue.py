"""The shipped catalogue: complete, honest about its source, usable for every item."""

import json
from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from schemas.catalogue import Edition, search_items
from schemas.forms.check import Moment, check_form
from schemas.forms.values import tidy
from schemas.problems import Code
from tools.make_edition import texts
from tools.sample_cases import sample_form

TEXT = files("assets").joinpath("catalogue", "edition-1.json").read_text("utf-8")
EDITION = Edition.model_validate_json(TEXT)
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
AT = Moment(NOON.date(), NOON)


def test_what_is_committed_is_what_the_tool_makes() -> None:
    for name, text in texts().items():
        kept = files("assets").joinpath("catalogue", name).read_text("utf-8")
        assert kept == text, name


def test_all_62_items_are_there_and_the_list_says_it_is_not_official() -> None:
    assert len({item.code for item in EDITION.items}) == 62
    assert not EDITION.official
    assert "非官方" in EDITION.notice


def test_every_claim_keeps_its_certainty_and_no_article_is_invented() -> None:
    source = files("assets").joinpath("catalogue", "source", "maritime_items.json")
    given = {i["code"]: i for i in json.loads(source.read_text("utf-8"))["items"]}
    for item in EDITION.items:
        assert item.confidence == given[item.code]["confidence"]
        articles = [basis.article for basis in item.legal_basis]
        assert articles == [b["article"] for b in given[item.code]["legal_basis"]]


@pytest.mark.parametrize("item", EDITION.items, ids=lambda item: item.code)
def test_every_item_can_be_filled_in(item: object) -> None:
    """A sensible application of each item passes, and an empty one is told all."""
    found = EDITION.item(item.code)  # type: ignore[attr-defined]
    assert found is not None
    for seed in (1, 2, 7):
        form = sample_form(found, EDITION, seed=seed)
        faults = check_form(found, EDITION, form, at=AT)
        assert [f for f in faults if f.blocks] == []
    empty = {f.field for f in check_form(found, EDITION, {}, at=AT) if f.blocks}
    required = {
        f.name
        for f in EDITION.form_fields(found)
        if f.required and f.type not in {"signature", "derived"}
    }
    assert empty == required


WRONG = [
    ("HY01-02", "loa_m", "0", Code.NUMBER_OUT_OF_RANGE),
    ("HY01-02", "loa_m", "12.345", Code.TOO_MANY_DECIMALS),
    ("HY01-02", "loa_m", "twelve", Code.ANSWER_WRONG_SHAPE),
    ("HY01-02", "gear_types", ["刺网", "围网", "拖网"], Code.TOO_MANY_CHOSEN),
    ("HY01-02", "gear_types", ["鱼叉"], Code.NOT_AN_OPTION),
    ("HY01-01", "build_completed_on", "2027-01-01", Code.DATE_TOO_LATE),
    ("HY04-03", "crew_id", "110105194912310021", Code.ID_CHECK_DIGIT),
    ("HY02-02", "seller_id", "91350100M000100Y44", Code.ID_CHECK_DIGIT),
    ("HY04-03", "crew_phone", "12345", Code.PHONE_SHAPE),
    ("HY12-02", "period", {"from": "2026-06-02", "to": "2026-06-01"}, Code.DATE_ORDER),
    ("HY01-03", "change_table", [], Code.ANSWER_MISSING),
    ("HY01-01", "co_owners", [{"份额%": "40"}, {"份额%": "59"}], Code.SUM_WRONG),
    ("HY05-01", "aq_polygon", ["119.5,25.2", "119.6,25.2"], Code.POLYGON_TOO_FEW),
    (
        "HY05-01",
        "aq_polygon",
        ["119.5,25.2", "119.6,25.3", "119.6,25.2", "119.5,25.3"],
        Code.POLYGON_CROSSES,
    ),
]


@pytest.mark.parametrize(("code", "name", "value", "expected"), WRONG)
def test_a_wrong_answer_gets_its_own_number(
    code: str, name: str, value: object, expected: Code
) -> None:
    item = EDITION.item(code)
    assert item is not None
    field = next(f for f in EDITION.form_fields(item) if f.name == name)
    form = sample_form(item, EDITION, seed=1)
    form[name] = tidy(field, value)  # type: ignore[arg-type]
    faults = check_form(item, EDITION, form, at=AT)
    assert expected in [f.code for f in faults if f.field == name]


def test_old_vessel_names_warn_and_never_block() -> None:
    item = EDITION.item("HY01-02")
    assert item is not None
    form = sample_form(item, EDITION, seed=1) | {"vessel_name_no": "闽莆8号"}
    faults = [
        f for f in check_form(item, EDITION, form, at=AT) if f.field == "vessel_name_no"
    ]
    assert faults
    assert not any(fault.blocks for fault in faults)


def test_items_are_found_by_chinese_pinyin_and_code() -> None:
    assert search_items(EDITION, "HY0102")[0].code == "HY01-02"
    assert search_items(EDITION, "养殖证 注销")[0].code == "HY05-06"
    assert search_items(EDITION, "yuyebulaoxukezheng")[0].parent_code == "HY01"
