"""Numbers say whether a fault blocks: from 140 up it is a warning."""

import pytest

from schemas.forms.faults import FieldFault
from schemas.problems import Code

FORM = [code for code in Code if Code.ANSWER_MISSING <= code <= Code.MATERIAL_EXPIRED]


@pytest.mark.parametrize("code", FORM)
def test_a_case_is_held_up_by_faults_and_never_by_warnings(code: Code) -> None:
    """The window may not turn people away for what is only unusual."""
    warns = code.name.startswith(("UNUSUAL", "OUTSIDE")) or code in {
        Code.RULE_TO_MIND, Code.FIELD_FROM_OTHER_EDITION, Code.MATERIAL_OWED,
        Code.MATERIAL_EXPIRED,
    }  # fmt: skip
    assert FieldFault("x", code).blocks is not warns


def test_two_faults_share_no_parameters() -> None:
    one, other = FieldFault("x", Code.DATE_ORDER), FieldFault("y", Code.DATE_ORDER)
    one.params["max"] = 3
    assert other.params == {}
