"""The recovery key's page: the key as shown, where it goes, and nothing of a case."""

from desk_app.printing.recovery import recovery_pdf
from tests.support.paper import codes, pages

KEY = "A7KD-9QXM-0000-1111-2222-3333-4444-5555"


def test_the_key_is_on_one_page_as_it_must_be_typed() -> None:
    (page,) = pages(recovery_pdf(KEY, desk_name="一号窗口", made_at="2026-11-23 09:00"))
    for expected in (KEY, "恢复密钥", "一号窗口", "2026-11-2309:00", "保管人签字"):
        assert expected in page
    assert "不得拍照" in page
    assert "第1页，共1页" in page


def test_no_code_says_the_key_to_any_camera_that_passes() -> None:
    pdf = recovery_pdf(KEY, desk_name="一号窗口", made_at="2026-11-23 09:00")
    assert codes(pdf) == []
    assert KEY.encode() not in pdf, "nor does the file's metadata"


def test_two_keys_are_two_pages() -> None:
    made = [
        recovery_pdf(key, desk_name="一号", made_at="2026-11-23 09:00")
        for key in (KEY, KEY[::-1])
    ]
    assert made[0] != made[1]
