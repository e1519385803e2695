"""The receipt as paper: its QR is read back, long lists flow, nothing is lost."""

import dataclasses

from desk_app.printing.receipt import MaterialLine, ReceiptProps, receipt_pdf
from tests.support.paper import codes, pages

PROPS = ReceiptProps(
    number="350305107-01-20261123-0001-7",
    official_number=None,
    item="海洋渔业捕捞许可证换发（有效期届满） HY01-02",
    applicant="林海生",
    identity_masked="110105********002X",
    agent=None,
    received_at="2026-11-23 09:00",
    printed_at="2026-11-23 09:01",
    receiver="林窗口",
    notice="2026-11-30 前告知",
    promised=None,
    materials=(MaterialLine("申请表", "原件", 1),),
    back_entry=None,
    synced=False,
    copy=1,
    authority="县级以上",
    season=None,
    qr="ISLANDDESK1:350305107-01-20261123-0001-7",
)


def test_the_qr_on_the_page_is_read_back() -> None:
    assert codes(receipt_pdf(PROPS)) == [PROPS.qr]


def test_it_says_that_it_is_not_yet_synced_and_who_decides() -> None:
    text = "".join(pages(receipt_pdf(PROPS)))
    for expected in ("待同步", "林海生", "110105********002X", "县级以上", "申请表"):
        assert expected in text


def test_forty_materials_flow_to_the_next_page_and_none_is_lost() -> None:
    lines = tuple(
        MaterialLine(f"材料第{n}号" + "长" * 30, "原件", 1) for n in range(40)
    )
    made = pages(receipt_pdf(dataclasses.replace(PROPS, materials=lines)))
    assert len(made) > 1
    text = "".join(made)
    assert all(f"材料第{n}号" in text for n in range(40))
    assert all(PROPS.number in page for page in made)


def test_a_rare_character_is_printed_by_the_systems_typeface() -> None:
    name = dataclasses.replace(PROPS, applicant="王\U00020bb7明")
    pdf = receipt_pdf(name)
    # The library's text layer stops at 16 bits; the shape is what a reader sees.
    assert "[U+" not in "".join(pages(pdf))
    assert b"HanaMinB" in pdf


def test_a_character_without_a_shape_is_marked_never_dropped() -> None:
    """A private-use character, as some cards hold, has no shape anywhere."""
    name = dataclasses.replace(PROPS, applicant="王\U000f0000明")
    assert "U+F0000" in "".join(pages(receipt_pdf(name)))


def test_equal_props_give_equal_bytes() -> None:
    assert receipt_pdf(PROPS) == receipt_pdf(PROPS)
