"""A district's answer in words: when, who, what, and all that it carries."""

from datetime import UTC, datetime

import pytest

from desk_app.text.answer_words import answer_words
from schemas.case import Answer, Granted, Received, Refused, ReturnedForCorrection

AT = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


def told(answer: Answer) -> tuple[str, ...]:
    return answer_words(answer, at=AT, by="区审核")


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (Received(), ()),
        (Received(official_number="闽 1"), ("官方编号 闽 1",)),
        (ReturnedForCorrection(what_is_missing=("合同", "照片"), reason="不全"),
         ("需补正：合同", "需补正：照片", "不全")),
        (Granted(licence_number="闽证 1"), ("证号：闽证 1",)),
        (Granted(licence_number="闽证 1", valid_until="2027-01-01", note="领证带原件"),
         ("证号：闽证 1", "有效期至：2027-01-01", "领证带原件")),
        (Refused(reason="不符合", remedies="六十日内复议"),
         ("不予办理：不符合", "救济途径：六十日内复议")),
    ],
)  # fmt: skip
def test_nothing_that_an_answer_carries_is_left_out(
    answer: Answer, lines: tuple[str, ...]
) -> None:
    """The window is where the applicant asks: a note that nobody sees is lost."""
    assert told(answer)[1:] == lines


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (Received(), "区级接收"),
        (ReturnedForCorrection(what_is_missing=("x",), reason="示例"), "区级退回补正"),
        (Granted(licence_number="x"), "区级准予"),
        (Refused(reason="示例", remedies="示例"), "区级不予"),
    ],
)
def test_the_first_line_says_when_at_the_window_who_and_what(
    answer: Answer, what: str
) -> None:
    assert told(answer)[0] == f"2026-11-24 00:30  区审核  {what}"
