"""A document's faults in Chinese: each kind that people meet, and where it is."""

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from desk_app.text.shape_words import shape_place, shape_words
from schemas.base import UtcTime


class Given(BaseModel):
    """A document of every shape that people get wrong."""

    model_config = ConfigDict(extra="forbid")
    name: str = "x"
    kind: Literal["a", "b"] = "a"
    digits: str = Field(default="1", pattern=r"^\d+$")
    day: date = date(2026, 11, 23)
    at: UtcTime | None = None
    count: int = 1
    inner: dict[str, list[int]] = {}

    @field_validator("name")
    @classmethod
    def _never(cls, name: str) -> str:
        if name == "never":
            message = "never"
            raise ValueError(message)
        return name


def fault(text: str) -> tuple[str, str]:
    with pytest.raises(ValidationError) as refused:
        Given.model_validate_json(text)
    (error,) = refused.value.errors()
    return shape_place(error), shape_words(error)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("{", "整个内容", "不是有效的 JSON"),
        ("[]", "整个内容", "类型不对"),
        ('{"nome": "x"}', "nome", "没有这个项目"),
        ('{"kind": "c"}', "kind", "不在允许的值中"),
        ('{"digits": "x"}', "digits", "写法不对"),
        ('{"day": "soon"}', "day", "时间写法不对，例如 2026-03-01T09:00:00+08:00"),
        ('{"count": "x"}', "count", "类型不对"),
        ('{"name": null}', "name", "类型不对"),
        ('{"inner": {"a": [1, "x"]}}', "inner/a/1", "类型不对"),
        ('{"name": "never"}', "name", "不符合格式（value_error）"),
    ],
)
def test_a_fault_is_told_by_place_and_in_chinese(
    text: str, place: str, words: str
) -> None:
    assert fault(text) == (place, words)


def test_what_is_missing_is_told_as_missing() -> None:
    class Wanted(BaseModel):
        name: str

    with pytest.raises(ValidationError) as refused:
        Wanted.model_validate({})
    (error,) = refused.value.errors()
    assert (shape_place(error), shape_words(error)) == ("name", "缺少这一项")


@pytest.mark.parametrize("kind", ["timezone_aware", "datetime_parsing", "int_parsing"])
def test_no_english_of_the_library_is_shown(kind: str) -> None:
    error: Any = {"type": kind, "loc": (), "msg": "Input should", "input": None}
    assert "Input" not in shape_words(error)
    assert kind not in shape_words(error)
